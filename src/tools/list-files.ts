// list_files: what is in a folder of the workspace.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

const limit = 1000;

export const listFiles = defineTool({
  name: 'list_files',
  description: 'List a folder of the workspace.',
  input: z.strictObject({
    path: pathInput.optional().describe('Folder; default: the workspace'),
    recursive: z.boolean().optional().describe('The whole tree'),
  }),
  sideEffect: 'none',
  effects: (args) => [{ kind: 'read', path: workspacePath(args.path ?? '.') }],
  async run(args, hands) {
    const path = workspacePath(args.path ?? '.');
    const found = await hands.files.list(path, { recursive: args.recursive ?? false, limit: limit + 1 });
    if (found.length === 0) return { text: `${path} is empty.` };
    const lines = found.slice(0, limit).map((info) => (info.kind === 'directory' ? `${info.path}/` : `${info.path}  ${info.size} bytes`));
    if (found.length > limit) lines.push(`[Only the first ${limit} are shown; list a folder below.]`);
    return { text: lines.join('\n') };
  },
});
