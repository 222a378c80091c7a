// The index of memory files: chunks, their full text, and the words each agent's notes are made of. The files are the truth.
import type { IndexedChunk, IndexedFile, MemoryIndex } from '../core/memory.ts';
import type { Database } from './database.ts';
import { createMemoryFind } from './memory-find.ts';
import { createMemoryVectors } from './memory-vectors.ts';
import { number, text } from './row.ts';

export function createMemoryIndex(database: Database): MemoryIndex {
  const replaceAll = (agentId: string, files: readonly IndexedFile[]): void => {
    // No waiting for the disk: what a loss of power takes back, stamps too, is read again from the files. The next other commit waits as ever.
    database.raw.exec('PRAGMA synchronous = NORMAL');
    try {
      database.transaction(() => {
        const change = new Change(database, agentId);
        change.replace(new Map(files.map((file) => [file.path, file])));
        change.end();
      });
    } finally {
      database.raw.exec('PRAGMA synchronous = FULL');
    }
  };
  return {
    replace: async (agentId, path, stamp, chunks) => replaceAll(agentId, [{ path, stamp, chunks }]),
    replaceAll: async (agentId, files) => replaceAll(agentId, files),
    stamps: async (agentId) =>
      new Map(database.all('SELECT path, stamp FROM memory_files WHERE agent_id = ?', agentId).map((row) => [text(row, 'path'), text(row, 'stamp')])),
    async clear(agentId) {
      database.transaction(() => {
        database.run('DELETE FROM memory_text WHERE rowid IN (SELECT id FROM memory_chunks WHERE agent_id = ?)', agentId);
        for (const table of ['memory_chunks', 'memory_files', 'memory_words', 'memory_totals'])
          database.run(`DELETE FROM ${table} WHERE agent_id = ?`, agentId);
      });
    },
    async noteSource(agentId, path, hash, { sessionId, messageId, by, at }) {
      database.run(
        'INSERT OR REPLACE INTO memory_sources (agent_id, path, hash, session_id, message_id, by, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...([agentId, path, hash, sessionId ?? null, messageId ?? null, by, at] as const),
      );
    },
    ...createMemoryFind(database),
    ...createMemoryVectors(database),
  };
}

/** One commit to the index: counts of words are summed up and written once at its end. */
class Change {
  readonly #database: Database;
  readonly #agentId: string;
  /** By word: how many chunks more hold it, and the chunk it was last seen in. */
  readonly #counts = new Map<string, { chunks: number; seen: number }>();
  #seen = 0;
  #chunks = 0;
  #words = 0;

  constructor(database: Database, agentId: string) {
    this.#database = database;
    this.#agentId = agentId;
  }

  replace(files: ReadonlyMap<string, IndexedFile>): void {
    const known = this.#database.all(
      'SELECT path FROM memory_files WHERE agent_id = ? AND path IN (SELECT value FROM json_each(?))',
      ...([this.#agentId, JSON.stringify([...files.keys()])] as const),
    );
    for (const row of known) this.#takeOut(text(row, 'path'));
    const stamps: (readonly [path: string, stamp: string])[] = [];
    for (const { path, stamp, chunks } of files.values()) {
      if (chunks.length === 0 && stamp === '') this.#database.run('DELETE FROM memory_files WHERE agent_id = ? AND path = ?', this.#agentId, path);
      else stamps.push([path, stamp]);
    }
    this.#database.run(
      `INSERT INTO memory_files (agent_id, path, stamp) SELECT ?, value ->> 0, value ->> 1 FROM json_each(?) WHERE true
       ON CONFLICT (agent_id, path) DO UPDATE SET stamp = excluded.stamp`,
      ...([this.#agentId, JSON.stringify(stamps)] as const),
    );
    const last = number(this.#database.get('SELECT coalesce(max(id), 0) AS id FROM memory_chunks') ?? {}, 'id');
    for (const { path, chunks } of files.values()) for (const chunk of chunks) this.#add(path, chunk);
    this.#database.run('INSERT INTO memory_text (rowid, segmented) SELECT id, segmented FROM memory_chunks WHERE id > ? ORDER BY id', last);
  }

  #takeOut(path: string): void {
    const of = [this.#agentId, path] as const;
    const old = this.#database.all('SELECT id, segmented FROM memory_chunks WHERE agent_id = ? AND path = ?', ...of);
    for (const row of old) {
      this.#count(text(row, 'segmented'), -1);
      this.#database.run('DELETE FROM memory_text WHERE rowid = ?', number(row, 'id'));
    }
    if (old.length > 0) this.#database.run('DELETE FROM memory_chunks WHERE agent_id = ? AND path = ?', ...of);
  }

  #add(path: string, chunk: IndexedChunk): void {
    this.#database.run(
      'INSERT INTO memory_chunks (agent_id, path, first, last, text, segmented, headings, day, superseded, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...([this.#agentId, path, chunk.lines[0], chunk.lines[1], chunk.text, chunk.segmented, chunk.headings.join('\n')] as const),
      ...([chunk.day ?? null, chunk.superseded ?? null, chunk.hash] as const),
    );
    this.#count(chunk.segmented, 1);
  }

  #count(segmented: string, by: 1 | -1): void {
    const words = segmented === '' ? [] : segmented.split(' ');
    this.#seen++;
    for (const word of words) {
      const count = this.#counts.get(word);
      if (count === undefined) this.#counts.set(word, { chunks: by, seen: this.#seen });
      else if (count.seen !== this.#seen) {
        count.seen = this.#seen;
        count.chunks += by;
      }
    }
    this.#chunks += by;
    this.#words += by * words.length;
  }

  end(): void {
    const words = new Map<number, string[]>();
    for (const [word, { chunks }] of this.#counts) {
      if (chunks === 0 || word.length > longestWord) continue;
      const same = words.get(chunks);
      if (same) same.push(word);
      else words.set(chunks, [word]);
    }
    const less: string[] = [];
    for (const [chunks, same] of words) {
      this.#database.run(
        `INSERT INTO memory_words (agent_id, word, chunks) SELECT ?, value, ? FROM json_each(?) WHERE true
         ON CONFLICT (agent_id, word) DO UPDATE SET chunks = chunks + excluded.chunks`,
        ...([this.#agentId, chunks, JSON.stringify(same)] as const),
      );
      if (chunks < 0) less.push(...same);
    }
    if (less.length > 0)
      this.#database.run(
        'DELETE FROM memory_words WHERE agent_id = ? AND word IN (SELECT value FROM json_each(?)) AND chunks <= 0',
        ...([this.#agentId, JSON.stringify(less)] as const),
      );
    this.#database.run(
      'INSERT INTO memory_totals (agent_id, chunks, words) VALUES (?, ?, ?) ON CONFLICT (agent_id) DO UPDATE SET chunks = chunks + excluded.chunks, words = words + excluded.words',
      ...([this.#agentId, this.#chunks, this.#words] as const),
    );
  }
}

/** Longer ones are no words that anybody asks for. */
const longestWord = 40;
