// The commands about what an agent learns by itself.
import type { Command } from 'commander';
import type { Act, Make } from './command-parts.ts';

export function addLearningCommands(program: Command, command: Make, act: Act): void {
  const learning = program.command('learning').description('What an agent learns by itself: facts from conversations, and at night a tidier MEMORY.md');
  const forAgent = (made: Command): Command => made.option('--agent <id>', 'of this agent');
  command(learning, 'status', 'Say for each agent what is on, what it would cost a day, and what it did cost').action((options) =>
    act(async (context) => (await import('./learning.ts')).status(context, options)),
  );
  for (const word of ['on', 'off'] as const)
    forAgent(command(learning, `${word} <what>`, `Switch "facts", "dreams" or "all" ${word}`))
      .option('-y, --yes', 'without asking')
      .action((what, options) => act(async (context) => (await import('./learning.ts')).switchTo(context, word === 'on', what, options)));
  forAgent(command(learning, 'dream', 'Ask the model now for a tidier MEMORY.md')).action((options) =>
    act(async (context) => (await import('./learning.ts')).dreamNow(context, options)),
  );
  forAgent(command(learning, 'dreams', 'List what was proposed, the newest first')).action((options) =>
    act(async (context) => (await import('./learning.ts')).dreams(context, options)),
  );
  command(learning, 'show <id>', 'Show one as a diff of MEMORY.md, and what leaves and why').action((id, options) =>
    act(async (context) => (await import('./learning.ts')).show(context, id, options)),
  );
  const verbs = { apply: 'MEMORY.md becomes what is proposed', discard: 'It is not wanted', revert: 'MEMORY.md becomes what it was before it was applied' };
  for (const verb of ['apply', 'discard', 'revert'] as const)
    command(learning, `${verb} <id>`, verbs[verb]).action((id, options) =>
      act(async (context) => (await import('./learning.ts')).settle(context, verb, id, options)),
    );
}
