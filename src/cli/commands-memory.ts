// The commands about memory.
import type { Command } from 'commander';
import type { Act, Make } from './command-parts.ts';

export function addMemoryCommands(program: Command, command: Make, act: Act): void {
  const memory = program.command('memory').description('See, search and correct what is remembered');
  const ofAgent = (made: Command): Command => made.option('--agent <id>', 'of this agent; else the one that answers');
  ofAgent(command(memory, 'list', 'List the files of memory')).action((options) =>
    act(async (context) => (await import('./memory.ts')).list(context, options)),
  );
  ofAgent(command(memory, 'search <words...>', 'Find passages, best first'))
    .option('-n, --lines <number>', 'how many', '10')
    .action((words, options) => act(async (context) => (await import('./memory.ts')).search(context, words, options)));
  ofAgent(command(memory, 'show <path>', 'Print one file')).action((path, options) =>
    act(async (context) => (await import('./memory.ts')).show(context, path, options)),
  );
  ofAgent(command(memory, 'forget <path> [note]', 'Move a note to the trash: a part of its text, or its lines as 3 or 3-4'))
    .option('--all', 'the whole file')
    .action((path, note, options) => act(async (context) => (await import('./memory.ts')).forget(context, path, note, options)));
  ofAgent(command(memory, 'reindex', 'Read all files again')).action((options) =>
    act(async (context) => (await import('./memory.ts')).reindex(context, options)),
  );
  ofAgent(command(memory, 'stats', 'Say how large it is, what no search looks into, and what a prompt holds')).action((options) =>
    act(async (context) => (await import('./memory.ts')).stats(context, options)),
  );
  command(memory, 'sees [session]', 'Say what a conversation can see of it, and why; without one, those used last').action((session, options) =>
    act(async (context) => (await import('./memory.ts')).sees(context, session, options)),
  );
}
