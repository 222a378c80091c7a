// kill_command: ends a background command.
import { z } from 'zod';
import { describeCommand } from './command-text.ts';
import { defineTool } from './define-tool.ts';

export const killCommand = defineTool({
  name: 'kill_command',
  description: 'End a background command.',
  input: z.strictObject({ id: z.string().min(1).describe('As run_command gave it') }),
  sideEffect: 'outside',
  effects: () => [],
  async run(args, hands) {
    const { text } = describeCommand(await hands.shell.kill(args.id));
    return { text };
  },
});
