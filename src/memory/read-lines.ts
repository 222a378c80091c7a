// Some lines of a note, bounded.
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { ReadNote } from '../core/memory.ts';

/** Characters one read gives, and lines where none are asked for. */
const most = { characters: 14_000, lines: 300 } as const;
/** A larger file is no note. */
const mostBytes = 16 * 1024 * 1024;

/** At least one line comes, cut where it is longer than a read may be. */
export async function readLines(files: Files, path: string, from = 1, count: number = most.lines): Promise<ReadNote> {
  const info = await files.stat(path);
  if (info === undefined) throw new CoPawError('path-missing', `There is no ${path} in memory.`, { next: 'Search, or list the folder memory.' });
  if (info.size > mostBytes) throw new CoPawError('too-large', `${path} has ${info.size} bytes.`, { next: 'Look into it with search_files.' });
  const lines = (await files.readText(path)).split('\n');
  if (lines.at(-1) === '' && lines.length > 1) lines.pop();
  if (from > lines.length) throw new CoPawError('invalid', `${path} has ${lines.length} lines; there is no line ${from}.`);
  const shown: string[] = [];
  let size = 0;
  for (const line of lines.slice(from - 1, from - 1 + Math.min(count, most.lines))) {
    if (size + line.length > most.characters) break;
    shown.push(line);
    size += line.length + 1;
  }
  if (shown.length === 0) shown.push(`${(lines[from - 1] ?? '').slice(0, most.characters)}…`);
  return { path, text: shown.join('\n'), lines: [from, from + shown.length - 1], of: lines.length };
}
