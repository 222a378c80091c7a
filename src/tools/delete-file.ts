// delete_file: moves a file or folder to the trash.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

export const deleteFile = defineTool({
  name: 'delete_file',
  description: 'Move a file or folder to the trash.',
  input: z.strictObject({ path: pathInput.describe('File or folder') }),
  sideEffect: 'workspace',
  effects: (args) => [{ kind: 'delete', path: workspacePath(args.path) }],
  async run(args, hands) {
    const path = workspacePath(args.path);
    const id = await hands.files.trash(path);
    return { text: `Moved ${path} to the trash as ${id}.` };
  },
});
