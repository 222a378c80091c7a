// Long-term memory: Markdown files of the workspace, found through an index that follows them.
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import { isMemoryPath, type MemoryStore, type NewNote } from '../core/memory.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { dayOf } from './calendar.ts';
import { chunk } from './chunk.ts';
import { type Digest, digestOf } from './digest.ts';
import { addNote, takeOut } from './edit.ts';
import { createFollower, type Follower, mostNoteBytes, type WatchFolder } from './follow.ts';
import type { Meaning } from './meaning.ts';
import { readLines } from './read-lines.ts';

/** Names of notes that are made; existing ones may have any. */
const newPath = /^(?:MEMORY\.md|PROFILE\.md|memory\/(?:[\p{L}\p{N}._ -]{1,100}\/){0,4}[\p{L}\p{N}._ -]{1,100}\.md)$/u;
/** Of a MEMORY.md that is too large for a note the prompt knows only so much. */
const endBytes = 64 * 1024;
/** Times a note is put together again because somebody else changed the file meanwhile. */
const attempts = 3;

export interface MemoryParts {
  readonly files: (agentId: string) => Files;
  readonly index: Store['memoryIndex'];
  readonly clock: Clock;
  /** IANA zone: a note carries the day it was written there. */
  readonly timezone: () => string;
  /** The newest message of a turn. */
  readonly messageOf: (turnId: string) => Promise<string | undefined>;
  /** What kind of secret a text holds; undefined for none. */
  readonly secretIn: (text: string) => string | undefined;
  /** Takes the values of secrets out. */
  readonly redact: (text: string) => string;
  readonly watch?: WatchFolder;
  /** Absent: by words alone. */
  readonly meaning?: Meaning;
  readonly onFault: (error: unknown) => void;
}

export interface Memory extends MemoryStore {
  readonly follower: Follower;
  /** MEMORY.md as the prompt has it, and what found no room. */
  digestOf(agentId: string): Promise<Digest>;
  /** Runs `work` while no note of this agent is written. */
  alone<T>(agentId: string, work: () => Promise<T>): Promise<T>;
}

export function createMemory(parts: MemoryParts): Memory {
  const { files, index, clock } = parts;
  const today = (): string => dayOf(clock.now(), parts.timezone());
  const follower = createFollower({
    ...parts,
    stamps: (agentId) => index.stamps(agentId),
    index: (agentId, read) =>
      index.replaceAll(
        agentId,
        read.map(({ path, stamp, markdown }) => ({ path, stamp, chunks: stamp === '' ? [] : chunk(withoutSecrets(markdown, parts.redact), { path }) })),
      ),
  });
  const alone = perAgent();

  const digest = async (agentId: string): Promise<Digest> => {
    const info = await files(agentId).stat('MEMORY.md');
    if (info?.kind !== 'file') return { text: '', leftNotes: 0, leftBytes: 0 };
    if (info.size <= mostNoteBytes) return digestOf(await files(agentId).readText('MEMORY.md'));
    // The newest stand at its end.
    const end = await files(agentId).read('MEMORY.md', { offset: info.size - endBytes, length: endBytes });
    const made = digestOf(new TextDecoder().decode(end.subarray(end.indexOf(10) + 1)));
    return { ...made, leftBytes: made.leftBytes + info.size - endBytes };
  };

  /** Changes the file by `edit` and says what it holds afterwards. */
  const change = async <T extends { readonly markdown: string }>(door: Files, path: string, edit: (markdown: string) => T): Promise<T> => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = await door.stat(path);
      if (before !== undefined && before.kind !== 'file') throw new CoPawError('path-refused', `${path} is no file.`, { rule: 'R17' });
      if ((before?.size ?? 0) > mostNoteBytes) throw new CoPawError('too-large', `${path} has ${before?.size} bytes.`, { next: 'Write into another note.' });
      const old = before === undefined ? '' : decode(path, await door.read(path));
      const made = edit(old);
      if (made.markdown === old) return made;
      const now = await door.stat(path);
      if (now?.changedAt !== before?.changedAt || now?.size !== before?.size) continue;
      await door.write(path, made.markdown);
      if ((await door.readText(path)) === made.markdown) return made;
    }
    throw new CoPawError('conflict', `${path} was changed by someone else at the same time.`, { next: 'Try again.' });
  };

  return {
    follower,
    alone,
    digestOf: digest,
    digest: async (agentId) => {
      const { text, leftNotes } = await digest(agentId);
      return leftNotes === 0 ? text : `${text}\n\n[MEMORY.md has more: search or read it]`;
    },
    async search(agentId, query, limit) {
      await follower.current(agentId);
      parts.meaning?.fill(agentId);
      // Most starts are over before anybody searches.
      const { searchMemory } = await import('./search.ts');
      const found = await searchMemory({ ...parts, today: today() }, agentId, query, limit);
      const left = follower.left(agentId);
      return left.length === 0 ? found : { ...found, left };
    },
    read: async (agentId, path, from, lines) => readLines(files(agentId), checked(path), from, lines),
    write: (agentId, note, { turnId, ...source }) =>
      alone(agentId, async () => {
        const door = files(agentId);
        const path = checked(note.path);
        if (!newPath.test(path) && (await door.stat(path)) === undefined) throw noPlace(path);
        refuseSecret(parts.secretIn, note);
        const { markdown, result, lines, points } = await change(door, path, (old) => addNote(old, note.text, today(), note.replaces));
        const messageId = points.length === 0 || turnId === undefined ? undefined : await parts.messageOf(turnId);
        const whence = { ...source, at: clock.now(), ...(messageId === undefined ? {} : { messageId }) };
        for (const { hash } of points.flatMap((point) => chunk(point, { path }))) await index.noteSource(agentId, path, hash, whence);
        const text = markdown
          .split('\n')
          .slice(lines[0] - 1, lines[1])
          .join('\n');
        return { path, lines, result, text };
      }),
    forget: (agentId, path, what) =>
      alone(agentId, async () => {
        const door = files(agentId);
        if (what.trim() === '*') {
          const text = (await readLines(door, checked(path))).text;
          return { path, text, trash: await door.trash(path) };
        }
        const looked = await change(door, checked(path), (old) => ({ ...takeOut(old, what), markdown: old }));
        // First what is taken out lies in the trash, as a file of its own.
        const aside = `.copaw/forgotten/${path.replaceAll('/', '-')}`;
        await door.write(aside, `${looked.text}\n`);
        const trash = await door.trash(aside);
        const { text, lines } = await change(door, path, (old) => takeOut(old, what));
        return { path, text, lines, trash };
      }),
  };
}

function checked(path: string): string {
  if (!isMemoryPath(path)) throw noPlace(path);
  return path;
}

function noPlace(path: string): CoPawError {
  return new CoPawError('path-refused', `Memory is kept in MEMORY.md, PROFILE.md and memory/<name>.md, not in ${path}.`);
}

/** What people wrote into a file themselves does not go on into the index. Lines keep their numbers. */
function withoutSecrets(markdown: string, redact: MemoryParts['redact']): string {
  const whole = redact(markdown);
  return whole.split('\n').length === markdown.split('\n').length ? whole : markdown.split('\n').map(redact).join('\n');
}

function refuseSecret(secretIn: MemoryParts['secretIn'], { text, replaces = '' }: NewNote): void {
  const what = secretIn(text) ?? secretIn(replaces);
  if (what !== undefined)
    throw new CoPawError('invalid', `This holds ${what}; secrets are not noted.`, { next: 'Keep it with `copaw secrets set` and note its name.', rule: 'R23' });
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CoPawError('invalid', `${path} is not UTF-8 text; nothing was changed.`, { cause, next: 'Save it as UTF-8, or use another note.' });
  }
}

/** Work on one agent's notes, one after the other: of two at once one would be lost. */
function perAgent(): Memory['alone'] {
  const last = new Map<string, Promise<unknown>>();
  return (agentId, work) => {
    const mine = (last.get(agentId) ?? Promise.resolve()).then(work, work);
    last.set(agentId, mine);
    const done = (): void => {
      if (last.get(agentId) === mine) last.delete(agentId);
    };
    mine.then(done, done);
    return mine;
  };
}
