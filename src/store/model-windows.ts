// Model windows: what providers said of how much their models take. One row a model.
import type { Store } from '../core/store.ts';
import type { Database } from './database.ts';
import { number, text } from './row.ts';

export function createModelWindows(database: Database): Store['modelWindows'] {
  return {
    list: async () =>
      database.all('SELECT ref, tokens, source, declared, at FROM model_windows ORDER BY at DESC LIMIT 1000').map((row) => ({
        ref: text(row, 'ref'),
        tokens: number(row, 'tokens'),
        source: text(row, 'source') === 'list' ? 'list' : 'refusal',
        declared: number(row, 'declared'),
        at: number(row, 'at'),
      })),
    async put({ ref, tokens, source, declared, at }) {
      database.run(
        `INSERT INTO model_windows (ref, tokens, source, declared, at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (ref) DO UPDATE SET tokens = excluded.tokens, source = excluded.source, declared = excluded.declared, at = excluded.at`,
        ref,
        tokens,
        source,
        declared,
        at,
      );
    },
  };
}
