// Messages that show answers while they are made, until the first part has taken their place (`createOutbox` removes them then).
import type { Preview } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { json, optional, text } from './row.ts';

export function createPreviews(database: Database): Store['previews'] {
  return {
    async get(answerId) {
      const row = database.get('SELECT * FROM previews WHERE answer_id = ?', answerId);
      return row && toPreview(row);
    },
    list: async () => database.all('SELECT * FROM previews ORDER BY answer_id').map(toPreview),
    async put({ answerId, address, ref }) {
      database.run('INSERT OR REPLACE INTO previews (answer_id, address, ref) VALUES (?, ?, ?)', answerId, JSON.stringify(address), ref ?? null);
    },
    async remove(answerId) {
      database.run('DELETE FROM previews WHERE answer_id = ?', answerId);
    },
  };
}

function toPreview(row: Row): Preview {
  return { answerId: text(row, 'answer_id'), address: json(row, 'address'), ...optional(row, 'ref', 'ref') };
}
