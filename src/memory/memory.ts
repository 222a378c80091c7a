// Long-term memory: Markdown files of the workspace, found through an index that follows them.
import { CoPawError } from '../core/error.ts';
import type { FileInfo, Files } from '../core/files.ts';
import type { MemoryStore } from '../core/memory.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { dayOf } from './calendar.ts';
import { chunk } from './chunk.ts';
import type { Meaning } from './meaning.ts';
import { searchMemory } from './search.ts';

const digestBytes = 2048;
const writable = /^(?:MEMORY\.md|PROFILE\.md|memory\/(?!\.)[\p{L}\p{N}._ -]{1,100}\.md)$/u;

/** Days are those of `timezone`, by default UTC. */
export function createMemory(parts: {
  readonly files: (agentId: string) => Files;
  readonly index: Store['memoryIndex'];
  readonly clock: Pick<Clock, 'now'>;
  readonly timezone?: () => string;
  /** Absent: by words alone. */
  readonly meaning?: Meaning;
}): MemoryStore {
  const today = (): string => dayOf(parts.clock.now(), parts.timezone?.() ?? 'UTC');
  const sync = async (agentId: string): Promise<void> => {
    const files = parts.files(agentId);
    const known = await parts.index.stamps(agentId);
    const present = await memoryFiles(files);
    for (const info of present) {
      const stamp = `${info.modifiedAt}:${info.size}`;
      if (known.get(info.path) === stamp) continue;
      await parts.index.replace(agentId, info.path, stamp, chunk(await files.readText(info.path), info));
    }
    const paths = new Set(present.map((info) => info.path));
    for (const path of known.keys()) if (!paths.has(path)) await parts.index.replace(agentId, path, '', []);
  };
  /** The last write of each agent that is still going on: the next one waits for it, or one of two notes would be lost. */
  const writing = new Map<string, Promise<void>>();
  const inTurn = (agentId: string, work: () => Promise<void>): Promise<void> => {
    const mine = (writing.get(agentId) ?? Promise.resolve()).then(work, work);
    writing.set(agentId, mine);
    const done = (): void => {
      if (writing.get(agentId) === mine) writing.delete(agentId);
    };
    mine.then(done, done);
    return mine;
  };
  const append = async (agentId: string, path: string, text: string): Promise<void> => {
    const files = parts.files(agentId);
    const old = (await files.stat(path)) === undefined ? '' : await files.readText(path);
    const bullet = `- ${today()} ${text.trim().replaceAll('\n', '\n  ')}\n`;
    const whole = `${old === '' || old.endsWith('\n') ? old : `${old}\n`}${bullet}`;
    await files.write(path, whole);
    if ((await files.readText(path)) !== whole) throw new CoPawError('conflict', `${path} was changed by someone else at the same time.`);
  };
  return {
    async digest(agentId) {
      const files = parts.files(agentId);
      return (await files.stat('MEMORY.md'))?.kind === 'file' ? head(await files.readText('MEMORY.md')) : '';
    },
    async search(agentId, query, limit) {
      await sync(agentId);
      parts.meaning?.fill(agentId);
      return searchMemory({ ...parts, today: today() }, agentId, query, limit);
    },
    async write(agentId, path, text) {
      if (!writable.test(path)) throw new CoPawError('path-refused', `Memory is kept in MEMORY.md, PROFILE.md and memory/<name>.md, not in ${path}.`);
      await inTurn(agentId, () => append(agentId, path, text));
    },
  };
}

async function memoryFiles(files: Files): Promise<FileInfo[]> {
  const top = await Promise.all(['MEMORY.md', 'PROFILE.md'].map((path) => files.stat(path)));
  const folder = await files.stat('memory');
  const notes = folder?.kind === 'directory' ? await files.list('memory', { recursive: true }) : [];
  return [...top, ...notes].filter((info) => info?.kind === 'file' && info.path.endsWith('.md')).flatMap((info) => info ?? []);
}

/** Whole lines from the start, as many as fit; of a first line that is too long, its beginning. */
function head(text: string): string {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  let size = Buffer.byteLength(first);
  if (size > digestBytes)
    return `${Buffer.from(first)
      .subarray(0, digestBytes)
      .toString()
      .replace(/\uFFFD+$/u, '')}…`;
  const kept = [first];
  for (const line of rest) {
    size += Buffer.byteLength(line) + 1;
    if (size > digestBytes) break;
    kept.push(line);
  }
  return kept.join('\n');
}
