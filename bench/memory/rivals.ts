// Plain full-text search over the same chunks, in four ways, and CoPaw's own, all asked alike.
import { DatabaseSync } from 'node:sqlite';
import type { IndexedChunk, MemoryIndex } from '../../src/core/memory.ts';
import { searchMemory } from '../../src/memory/search.ts';
import { segment } from '../../src/memory/segment.ts';

export interface Found {
  readonly path: string;
  readonly lines: readonly [number, number];
}

export interface Searcher {
  readonly name: string;
  search(question: string, limit: number): Promise<readonly Found[]>;
}

export interface Piece extends IndexedChunk {
  readonly path: string;
}

const tokenizers = { bm25: 'unicode61', porter: 'porter unicode61', trigram: 'trigram', segmented: 'unicode61' } as const;
export type Rival = keyof typeof tokenizers;
export const rivals = Object.keys(tokenizers) as Rival[];

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** What this way of cutting looks for; trigrams cut Chinese into threes, since it has no longer words. */
export function termsOf(rival: Rival, question: string): string[] {
  if (rival === 'segmented') return segment(question);
  if (rival !== 'trigram') return wordsOf(question);
  return wordsOf(question).flatMap((word) =>
    /\p{Script=Han}/u.test(word) && word.length > 3
      ? Array.from({ length: word.length - 2 }, (_, at) => word.slice(at, at + 3))
      : word.length >= 3
        ? [word]
        : [],
  );
}

export function matchOf(terms: readonly string[]): string {
  return [...new Set(terms)].map((term) => `"${term}"`).join(' OR ');
}

/** All rows in one transaction. */
export function buildRaw(rival: Rival, pieces: readonly Piece[], path = ':memory:'): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(`CREATE VIRTUAL TABLE pieces USING fts5(text, tokenize = '${tokenizers[rival]}')`);
  const insert = database.prepare('INSERT INTO pieces (rowid, text) VALUES (?, ?)');
  database.exec('BEGIN');
  for (const [row, piece] of pieces.entries()) insert.run(row, rival === 'segmented' ? piece.segmented : [...piece.headings, piece.text].join('\n'));
  database.exec('COMMIT');
  return database;
}

export function rawSearcher(rival: Rival, pieces: readonly Piece[]): Searcher {
  const find = buildRaw(rival, pieces).prepare('SELECT rowid AS row FROM pieces WHERE pieces MATCH ? ORDER BY rank LIMIT ?');
  return {
    name: rival,
    async search(question, limit) {
      const query = matchOf(termsOf(rival, question));
      return query === '' ? [] : find.all(query, limit).flatMap(({ row }) => pieces[Number(row)] ?? []);
    },
  };
}

export function ownSearcher(index: MemoryIndex, today: string): Searcher {
  return { name: 'CoPaw', search: async (question, limit) => (await searchMemory({ index, today }, 'main', question, limit)).hits };
}
