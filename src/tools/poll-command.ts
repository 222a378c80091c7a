// poll_command: output and state of a background command.
import { z } from 'zod';
import { describeCommand } from './command-text.ts';
import { defineTool } from './define-tool.ts';

export const pollCommand = defineTool({
  name: 'poll_command',
  description: 'Output and state of a background command.',
  input: z.strictObject({ id: z.string().min(1).describe('As run_command gave it') }),
  sideEffect: 'none',
  effects: () => [],
  run: async (args, hands) => describeCommand(await hands.shell.poll(args.id)),
});
