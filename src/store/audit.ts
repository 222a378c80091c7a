// Audit records: appended by the audit door, never changed; the oldest leave by whole segments.
import type { AuditRecord } from '../core/audit.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { json, number, text } from './row.ts';

export function createAuditTable(database: Database): Store['audit'] {
  return {
    append: async ({ at, kind, detail, mac }) =>
      database.run('INSERT INTO audit (at, kind, detail, mac) VALUES (?, ?, ?, ?)', at, kind, JSON.stringify(detail), mac).lastId,
    async last() {
      const row = database.get('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
      return row ? toRecord(row) : undefined;
    },
    after: async (seq, limit) => database.all('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit).map(toRecord),
    before: async (seq, limit) => database.all('SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?', seq, limit).map(toRecord),
    newest: async (limit, kind) =>
      (kind === undefined
        ? database.all('SELECT * FROM audit ORDER BY seq DESC LIMIT ?', limit)
        : database.all('SELECT * FROM audit WHERE kind = ? ORDER BY seq DESC LIMIT ?', kind, limit)
      )
        .map(toRecord)
        .reverse(),
    checkpoints: async () => database.all("SELECT * FROM audit WHERE kind = 'audit-checkpoint' ORDER BY seq").map(toRecord),
    // AUTOINCREMENT keeps it, whatever is deleted.
    lastSeq: async () => number(database.get("SELECT coalesce(max(seq), 0) AS seq FROM sqlite_sequence WHERE name = 'audit'") ?? {}, 'seq'),
    async removeBefore(seq) {
      database.run('DELETE FROM audit WHERE seq < ?', seq);
    },
  };
}

function toRecord(row: Row): AuditRecord {
  return { seq: number(row, 'seq'), at: number(row, 'at'), kind: text(row, 'kind'), detail: json(row, 'detail'), mac: text(row, 'mac') };
}
