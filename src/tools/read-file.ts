// read_file: text of a workspace file, a page at a time.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

const maxLines = 2000;
const maxCharacters = 256 * 1024;

export const readFile = defineTool({
  name: 'read_file',
  description: 'Read a text file of the workspace.',
  input: z.strictObject({
    path: pathInput.describe('File, relative to the workspace'),
    offset: z.int().min(1).max(1e9).optional().describe('First line, from 1'),
    limit: z.int().min(1).max(maxLines).optional().describe('Lines'),
  }),
  sideEffect: 'none',
  effects: (args) => [{ kind: 'read', path: workspacePath(args.path) }],
  async run(args, hands) {
    const path = workspacePath(args.path);
    const bytes = await hands.files.read(path);
    if (bytes.subarray(0, 8192).includes(0)) return { text: `${path} is not text (${bytes.length} bytes).`, failed: true };
    const text = new TextDecoder().decode(bytes);
    if (text === '') return { text: `${path} is empty.` };
    return page(path, text, args.offset ?? 1, args.limit ?? maxLines);
  },
});

function page(path: string, text: string, first: number, limit: number): { text: string; failed?: boolean } {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (first > lines.length) return { text: `${path} has ${lines.length} lines; there is no line ${first}.`, failed: true };
  const shown: string[] = [];
  let size = 0;
  for (const line of lines.slice(first - 1, first - 1 + limit)) {
    if (size + line.length > maxCharacters) break;
    shown.push(line);
    size += line.length + 1;
  }
  if (shown.length === 0) {
    const rest = first < lines.length ? ` Go on with offset ${first + 1}.` : '';
    return { text: `${(lines[first - 1] ?? '').slice(0, maxCharacters)}\n[Line ${first} of ${lines.length} is cut after ${maxCharacters} characters.${rest}]` };
  }
  const last = first + shown.length - 1;
  const more = last < lines.length ? `\n[Lines ${first}-${last} of ${lines.length}. Go on with offset ${last + 1}.]` : '';
  return { text: shown.join('\n') + more };
}
