// run_command: a program or shell line in the workspace.
import { z } from 'zod';
import { processOrigin } from '../core/secret.ts';
import { describeCommand } from './command-text.ts';
import { defineTool } from './define-tool.ts';
import { secretName } from './secret-name.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

const defaultSeconds = 120;
/** Every rule that judges a command reads all of it. */
const maxItems = 256;
const maxText = 128 * 1024;
const tooLong = `The command is over ${maxText / 1024} kB. Write the text to a file and name the file instead.`;

export const runCommand = defineTool({
  name: 'run_command',
  description: 'Run a program in the workspace. Give argv (no shell) or command (a shell line), not both.',
  input: z
    .strictObject({
      argv: z
        .array(z.string())
        .min(1)
        .max(maxItems, `More than ${maxItems} arguments. Use several calls, or write them to a file and name the file.`)
        .refine((argv) => argv.reduce((sum, item) => sum + Buffer.byteLength(item), 0) <= maxText, tooLong)
        .optional()
        .describe('Program and arguments'),
      command: z
        .string()
        .min(1)
        .refine((line) => Buffer.byteLength(line) <= maxText, tooLong)
        .optional()
        .describe('Shell line'),
      cwd: pathInput.optional().describe('Folder to run in'),
      timeoutSeconds: z.int().min(1).max(3600).optional().describe(`Default ${defaultSeconds}`),
      background: z.boolean().optional().describe('Return at once; see poll_command'),
      network: z.boolean().optional().describe('It needs the network'),
      secrets: z.array(secretName).min(1).max(8).optional().describe('Secrets for its environment, by name'),
    })
    .refine((args) => (args.argv === undefined) !== (args.command === undefined), 'Give exactly one of argv and command.'),
  sideEffect: 'outside',
  effects: (args, place) => [
    {
      kind: 'run',
      ...(args.argv === undefined ? {} : { argv: args.argv }),
      ...(args.command === undefined ? {} : { command: args.command }),
      cwd: workspacePath(args.cwd ?? '.'),
      network: args.network ?? false,
      sandboxed: place.sandbox,
    },
    ...(args.secrets ?? []).map((ref) => ({ kind: 'secret' as const, ref, origin: processOrigin })),
  ],
  async run(args, hands) {
    const state = await hands.shell.run(
      {
        ...(args.argv === undefined ? {} : { argv: args.argv }),
        ...(args.command === undefined ? {} : { command: args.command }),
        cwd: workspacePath(args.cwd ?? '.'),
        timeoutMs: (args.timeoutSeconds ?? defaultSeconds) * 1000,
        background: args.background ?? false,
        ...(args.secrets === undefined ? {} : { secrets: args.secrets }),
      },
      (text) => hands.progress(text),
    );
    return describeCommand(state);
  },
});
