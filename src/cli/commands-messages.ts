// The commands that show what CoPaw does and did: inbox, outbox, activity, usage, logs, status.
import type { Command } from 'commander';
import { activityOutcomes, activitySubjects } from '../core/activity.ts';
import { inboxFilters, outboxFilters } from '../core/messages.ts';
import type { Act, Make } from './command-parts.ts';

export function addMessageCommands(program: Command, command: Make, act: Act): void {
  const listed = (made: Command, filters: readonly string[]): Command =>
    made
      .option('--state <state>', filters.join(', '), 'all')
      .option('-n, --lines <number>', 'how many', '20')
      .option('--before <number>', 'go on where a list ended');
  const settled = (made: Command): Command => made.option('--undo', 'it waits again');
  const inbox = program.command('inbox').description('Messages that arrived, and what became of them');
  listed(command(inbox, 'list', 'List them, newest first'), inboxFilters).action((options) =>
    act(async (context) => (await import('./messages.ts')).listInbox(context, options)),
  );
  command(inbox, 'show <key>', 'Show the life of one, from its arrival to the receipt of the answer').action((key, options) =>
    act(async (context) => (await import('./messages.ts')).showMessage(context, key, options)),
  );
  command(inbox, 'retry <key>', 'Give one whose turn came to nothing a new turn').action((key, options) =>
    act(async (context) => (await import('./messages.ts')).retryMessage(context, key, options)),
  );
  settled(command(inbox, 'settle <key>', 'Let one be that came to nothing: it waits for you no more')).action((key, options) =>
    act(async (context) => (await import('./messages.ts')).settleMessage(context, key, options)),
  );
  const outbox = program.command('outbox').description('Parts of answers on their way, sent, or given up');
  listed(command(outbox, 'list', 'List them, newest first; "unknown" may have been sent, "dead" was given up'), outboxFilters).action((options) =>
    act(async (context) => (await import('./messages.ts')).listOutbox(context, options)),
  );
  command(outbox, 'show <answer>', 'Show the life of the message that an answer belongs to').action((answer, options) =>
    act(async (context) => (await import('./messages.ts')).showAnswer(context, answer, options)),
  );
  command(outbox, 'retry <answer>', 'Send a part again that was given up, or that may have been sent')
    .option('--part <number>', 'which part', '0')
    .option('--even-if-sent', 'also where it may have arrived already')
    .action((answer, options) => act(async (context) => (await import('./messages.ts')).retryPart(context, answer, options)));

  settled(command(outbox, 'settle <answer>', 'Let one be that did not go out whole: it waits for you no more')).action((answer, options) =>
    act(async (context) => (await import('./messages.ts')).settleAnswer(context, answer, options)),
  );

  command(program, 'activity', 'List what was done, approved and refused, newest first')
    .option('--about <subject>', activitySubjects.join(', '))
    .option('--outcome <outcome>', activityOutcomes.join(', '))
    .option('--agent <id>', 'of one agent')
    .option('-n, --lines <number>', 'how many', '50')
    .option('--before <number>', 'go on where a list ended')
    .action((options) => act(async (context) => (await import('./activity.ts')).activity(context, options)));
  command(program, 'usage', 'Sum up tokens and cost; a price that is not known is said')
    .option('--days <number>', 'today and the days before; 1: the last 24 hours; else all that is kept')
    .option('--by <what>', 'agent, model, channel, day', 'day')
    .action((options) => act(async (context) => (await import('./usage.ts')).usage(context, options)));
  command(program, 'status', 'Say in one screen how this CoPaw is').action((options) =>
    act(async (context) => (await import('./status.ts')).status(context, options)),
  );
  command(program, 'logs', 'Print what CoPaw wrote down of its own work, newest last')
    .option('-f, --follow', 'print what is added, until Ctrl-C')
    .option('--level <level>', 'info, warn, error', 'info')
    .option('--text <words>', 'only lines with these words')
    .option('--turn <id>', 'of one turn, with its parts on their way')
    .option('--since <time>', 'a time, or how long ago: 30s, 15m, 1h, 2d')
    .option('-n, --lines <number>', 'how many at most', '200')
    .action((options) => act(async (context) => (await import('./logs.ts')).logs(context, options)));
}
