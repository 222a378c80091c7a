// Security reviews: when one was made and what it found, so that the next can say what changed. Only the newest few are kept.
import type { Store } from '../core/store.ts';
import type { Database } from './database.ts';
import { json, number } from './row.ts';

const mostKept = 20;

export function createReviews(database: Database): Store['reviews'] {
  return {
    async last() {
      const row = database.get('SELECT * FROM reviews ORDER BY at DESC LIMIT 1');
      return row ? { at: number(row, 'at'), findings: json(row, 'findings') } : undefined;
    },
    async add({ at, findings }) {
      database.run('INSERT OR REPLACE INTO reviews (at, findings) VALUES (?, ?)', at, JSON.stringify(findings));
      database.run('DELETE FROM reviews WHERE at NOT IN (SELECT at FROM reviews ORDER BY at DESC LIMIT ?)', mostKept);
    },
  };
}
