// Rows that leave once they are old, a few at a time, so that no write waits long for them; and the room they took, given back to the disk.
import type { AgedRows } from '../core/retention.ts';
import type { Store } from '../core/store.ts';
import type { Database } from './database.ts';
import { number } from './row.ts';

/** Rows that one transaction drops. */
const mostRows = 200;
/** Turns whose journal it drops. */
const mostTurns = 50;
/** Pages that one transaction gives back, and free ones that stay: the next writes use them. */
const pages = { most: 256, kept: 256 } as const;
/** `PRAGMA auto_vacuum` of a database that can give pages back. */
const incremental = 2;

const oldest = (table: string, condition: string, time: string): string =>
  `rowid IN (SELECT rowid FROM ${table} WHERE ${condition} AND ${time} < ? ORDER BY ${time} LIMIT ${mostRows})`;

/** Each finds its rows through an index or the order of the table, however much is there. */
const drops: Readonly<Record<AgedRows, string>> = {
  messages: `UPDATE inbox SET worded = 0, envelope = json_replace(envelope, '$.inbound.text', '', '$.inbound.attachments', json('[]'))
    WHERE ${oldest('inbox', "worded = 1 AND state NOT IN ('accepted', 'assigned')", 'received_at')}`,
  parts: `UPDATE outbox SET outgoing = '{"text":""}'
    WHERE ${oldest('outbox', `outgoing <> '{"text":""}' AND state NOT IN ('pending', 'sending')`, 'next_at')}`,
  // Ids of turns sort by time: the first ones are the oldest.
  steps: `DELETE FROM steps WHERE turn_id IN (SELECT turn_id FROM (SELECT DISTINCT turn_id FROM steps ORDER BY turn_id LIMIT ${mostTurns})
    JOIN turns ON turns.id = turn_id WHERE outcome IS NOT NULL AND ended_at < ?)`,
  approvals: `DELETE FROM approvals WHERE ${oldest('approvals', "state <> 'pending'", 'asked_at')}`,
  jobs: `DELETE FROM jobs WHERE ${oldest('jobs', "state <> 'scheduled'", 'due_at')}`,
  usage: `DELETE FROM usage WHERE ${oldest('usage', 'true', 'at')}`,
};

export function createRetention(database: Database): Store['retention'] {
  const pragma = (name: string): number => number(database.get(`PRAGMA ${name}`) ?? {}, name);
  return {
    drop: async (rows, before) => database.run(drops[rows], before).changes,
    giveBack: () =>
      database.alone(async () => {
        const free = pragma('freelist_count');
        if (pragma('auto_vacuum') !== incremental || free <= pages.kept) return false;
        database.all(`PRAGMA incremental_vacuum(${Math.min(pages.most, free - pages.kept)})`);
        const left = pragma('freelist_count');
        if (left > pages.kept && left < free) return true;
        database.all('PRAGMA wal_checkpoint(PASSIVE)'); // only then the file is shorter
        return false;
      }),
    async lastSweep() {
      const row = database.get('SELECT max(at) AS at FROM sweeps');
      return typeof row?.at === 'number' ? row.at : undefined;
    },
    async noteSweep(at) {
      database.transaction(() => {
        database.run('DELETE FROM sweeps');
        database.run('INSERT INTO sweeps (at) VALUES (?)', at);
      });
    },
  };
}
