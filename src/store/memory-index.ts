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
        for (const file of files) change.replace(file);
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

  replace({ path, stamp, chunks }: IndexedFile): void {
    const of = [this.#agentId, path] as const;
    const gone = chunks.length === 0 && stamp === '';
    const fresh =
      !gone && this.#database.run('INSERT INTO memory_files (agent_id, path, stamp) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', ...of, stamp).changes > 0;
    if (!fresh) this.#takeOut(path);
    if (gone) this.#database.run('DELETE FROM memory_files WHERE agent_id = ? AND path = ?', ...of);
    else if (!fresh) this.#database.run('UPDATE memory_files SET stamp = ? WHERE agent_id = ? AND path = ?', stamp, ...of);
    for (const chunk of chunks) this.#add(path, chunk);
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
    const { lastId } = this.#database.run(
      'INSERT INTO memory_chunks (agent_id, path, first, last, text, segmented, headings, day, superseded, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...([this.#agentId, path, chunk.lines[0], chunk.lines[1], chunk.text, chunk.segmented, chunk.headings.join('\n')] as const),
      ...([chunk.day ?? null, chunk.superseded ?? null, chunk.hash] as const),
    );
    this.#database.run('INSERT INTO memory_text (rowid, segmented) VALUES (?, ?)', lastId, chunk.segmented);
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
    const changed = new Map<string, number>();
    for (const [word, { chunks }] of this.#counts) if (chunks !== 0 && word.length <= longestWord) changed.set(word, chunks);
    // In one statement, and in the order of the table: a note has many words, and neighbours are on the same page.
    const counts = [...changed.keys()].sort().map((word) => `${JSON.stringify(word)}:${changed.get(word)}`);
    this.#database.run(
      `INSERT INTO memory_words (agent_id, word, chunks) SELECT ?, key, value FROM json_each(?) WHERE true
       ON CONFLICT (agent_id, word) DO UPDATE SET chunks = chunks + excluded.chunks`,
      ...([this.#agentId, `{${counts.join(',')}}`] as const),
    );
    const less = [...changed].flatMap(([word, by]) => (by < 0 ? [word] : []));
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
