// The commands about conversations.
import type { Command } from 'commander';
import { sessionFilters } from '../core/session.ts';
import { exportFormats } from '../core/sessions.ts';
import type { Act, Make } from './command-parts.ts';

export function addSessionCommands(program: Command, command: Make, act: Act): void {
  const load = () => import('./sessions.ts');
  const sessions = program.command('sessions').description('Conversations: find, name, put away, copy, take out, bring in, delete');
  command(sessions, 'list', 'List them, the latest first')
    .option('--show <which>', sessionFilters.join(', '), 'active')
    .option('-n, --lines <number>', 'how many', '20')
    .option('--before <time>', 'go on where a list ended')
    .action((options) => act(async (context) => (await load()).list(context, options)));
  command(sessions, 'show <id>', 'Print what was said in one')
    .option('-n, --lines <number>', 'how many messages, the newest', '50')
    .option('--around <event>', 'the messages around this one')
    .action((id, options) => act(async (context) => (await load()).show(context, id, options)));
  command(sessions, 'search <text...>', 'Find messages with every word, newest first; where there are none, the best with any word')
    .option('-n, --lines <number>', 'how many', '20')
    .option('--before <event>', 'go on where a list ended')
    .action((words, options) => act(async (context) => (await load()).search(context, words, options)));
  command(sessions, 'export [id]', 'Write one, or all, as Markdown or as JSON lines')
    .option('--all', 'all of them, as JSON lines')
    .option('--format <format>', exportFormats.join(', '))
    .option('--out <file>', 'into this new file, not to the terminal')
    .action((id, options) => act(async (context) => (await load()).exportTo(context, id, options)));
  command(sessions, 'import <file>', 'Add the sessions of JSON lines, all or none; they count as the words of strangers').action((file, options) =>
    act(async (context) => (await load()).importFrom(context, file, options)),
  );
  command(sessions, 'delete <id>', 'Forget one for good: its words, turns and answers')
    .option('--yes', 'ask nothing')
    .option('--reminders', 'also where reminders wait in it; they are gone too')
    .action((id, options) => act(async (context) => (await load()).remove(context, id, options)));
  command(sessions, 'rename <id> <title...>', 'Give one another title').action((id, words, options) =>
    act(async (context) => (await load()).change(context, id, options, { title: words.join(' ') })),
  );
  const flags = [
    ['pin', 'Show one first', { pinned: true }],
    ['unpin', 'Show one where its time is', { pinned: false }],
    ['archive', 'Put one away until something is said in it', { archived: true }],
    ['unarchive', 'Take one out again', { archived: false }],
  ] as const;
  for (const [name, says, change] of flags)
    command(sessions, `${name} <id>`, says).action((id, options) => act(async (context) => (await load()).change(context, id, options, change)));
  command(sessions, 'model <id> <ref>', 'Choose the model of one, as "provider/model"; "default" is the one of its agent').action((id, ref, options) =>
    act(async (context) => (await load()).change(context, id, options, { model: ref === 'default' ? null : ref })),
  );
  command(sessions, 'fork <id> [turn]', 'Begin a new one with copies of all turns up to this one; without a turn, of all').action((id, turn, options) =>
    act(async (context) => (await load()).fork(context, id, turn, options)),
  );
  command(sessions, 'compact <id>', 'Sum up its earlier messages for the model, as /compact does; nothing is deleted')
    .option('--focus <text>', 'what the summary shall keep in mind')
    .action((id, options) => act(async (context) => (await import('./compact.ts')).compact(context, id, options)));
  command(sessions, 'say <id> <text...>', 'Say something in the chat of a channel, as CoPaw and by no model').action((id, words, options) =>
    act(async (context) => (await load()).say(context, id, words, options)),
  );
  command(sessions, 'regenerate <id>', 'Take the last turn back and ask its message again')
    .option('--files', 'also take back what it did to files')
    .action((id, options) => act(async (context) => (await load()).regenerate(context, id, options)));
}
