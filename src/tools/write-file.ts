// write_file: makes or replaces a workspace file.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

export const writeFile = defineTool({
  name: 'write_file',
  description: 'Create or replace a whole file. For a small change use edit_file.',
  input: z.strictObject({
    path: pathInput.describe('File; missing folders are made'),
    content: z.string().describe('The whole new content'),
  }),
  sideEffect: 'workspace',
  effects: (args) => [{ kind: 'write', path: workspacePath(args.path) }],
  async run(args, hands) {
    const path = workspacePath(args.path);
    await hands.files.write(path, args.content);
    return { text: `Wrote ${Buffer.byteLength(args.content)} bytes to ${path}.` };
  },
});
