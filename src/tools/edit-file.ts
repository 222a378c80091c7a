// edit_file: replaces one exact, unique piece of a text file.
import { z } from 'zod';
import { unifiedDiff } from '../lib/unified-diff.ts';
import { defineTool } from './define-tool.ts';
import { placesOf } from './places-of.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

/** Larger files are for a program: finding, replacing and comparing here would hold everything else up. */
const maxBytes = 4 * 1024 * 1024;
const largeNext = 'Change it with run_command, for example with sed.';

export const editFile = defineTool({
  name: 'edit_file',
  description: 'Replace one exact piece of text in a file.',
  input: z.strictObject({
    path: pathInput.describe('File to change'),
    oldText: z.string().min(1).describe('Text as it stands now; must occur exactly once'),
    newText: z.string().describe('What to put in its place'),
  }),
  sideEffect: 'workspace',
  effects: (args) => [
    { kind: 'read', path: workspacePath(args.path) },
    { kind: 'write', path: workspacePath(args.path) },
  ],
  async run(args, hands) {
    const path = workspacePath(args.path);
    const size = (await hands.files.stat(path))?.size ?? 0;
    if (size > maxBytes) return { text: `${path} has ${size} bytes; edit_file takes ${maxBytes}. Nothing was changed. ${largeNext}`, failed: true };
    const before = decode(await hands.files.read(path));
    if (before === undefined) return { text: `${path} is not UTF-8 text; nothing was changed.`, failed: true };
    const [at, second] = placesOf(args.oldText, before);
    if (at === undefined || second !== undefined) {
      const [count, advice] =
        at === undefined ? ['0 times', 'Read the file again and copy the text exactly.'] : ['more than once', 'Add surrounding lines to make it unique.'];
      return { text: `oldText occurs ${count} in ${path}; nothing was changed. ${advice}`, failed: true };
    }
    const after = before.slice(0, at) + args.newText + before.slice(at + args.oldText.length);
    if (after === before) return { text: `oldText and newText are the same; ${path} was not changed.`, failed: true };
    await hands.files.write(path, after);
    return { text: `Changed ${path}.`, diff: unifiedDiff(path, before, after) };
  },
});

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
