// edit_file: replaces one exact, unique piece of a text file.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { unifiedDiff } from './unified-diff.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

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
    const before = decode(await hands.files.read(path));
    if (before === undefined) return { text: `${path} is not UTF-8 text; nothing was changed.`, failed: true };
    const matches = countMatches(before, args.oldText);
    if (matches !== 1) {
      const advice = matches === 0 ? 'Read the file again and copy the text exactly.' : 'Add surrounding lines to make it unique.';
      return { text: `oldText occurs ${matches} times in ${path}; nothing was changed. ${advice}`, failed: true };
    }
    const at = before.indexOf(args.oldText);
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

/** Overlapping occurrences count too: which of them is meant would be a guess. */
function countMatches(text: string, piece: string): number {
  let count = 0;
  for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + 1)) count++;
  return count;
}
