// A database with a row in every table, and any database as SQL text: what golden files of data versions are made of and read back from.
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '../core/store.ts';
import { approval, entry, inboxRow, job, outboxRow, session, step, turn, usageRow } from './store-rows.ts';

/** Writes through the store what it has words for; other tables of the file get a made-up row. The store is closed afterwards. */
export async function fillEveryTable(store: Store, path: string): Promise<void> {
  await store.commit({
    inbox: [inboxRow('m1'), inboxRow('m2', { state: 'assigned', sessionId: 's1', turnId: 't1' })],
    session: session('s1'),
    turn: turn('t1'),
    entries: [entry('s1', 't1', 'It’s one; "two" — 三')],
    steps: [step('t1', 'call-1', 'started')],
    outbox: [outboxRow('ans-t1', 0)],
    usage: [usageRow('p/m', 1, { cost: 0.25, seconds: 2.5 })],
    jobs: [job('j1', 5)],
  });
  await store.approvals.add(approval('a1'));
  await store.audit.append({ at: 1, kind: 'login', detail: { device: 'd1' }, mac: 'ab' });
  await store.close();
  const raw = new DatabaseSync(path);
  try {
    for (const name of tablesOf(raw)) {
      if (raw.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).get()) continue;
      const columns = raw.prepare(`SELECT name, type FROM pragma_table_info('${name}')`).all();
      const values = columns.map(({ type }) => (type === 'INTEGER' || type === 'REAL' ? 1 : type === 'BLOB' ? Uint8Array.of(1) : '"{}"'));
      raw.prepare(`INSERT INTO "${name}" VALUES (${columns.map(() => '?').join(', ')})`).run(...values);
    }
  } finally {
    raw.close();
  }
}

/** Ordinary and virtual tables; not what virtual ones and SQLite itself keep. */
export function tablesOf(raw: DatabaseSync): readonly string[] {
  return raw
    .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
}

/** SQL that makes the same database. */
export function dump(path: string): string {
  const raw = new DatabaseSync(path, { readOnly: true });
  try {
    const names = tablesOf(raw);
    const lines = names.flatMap((name) => [...schemaOf(raw, name), ...rowsOf(raw, name)]);
    return [...lines, `PRAGMA user_version = ${String(raw.prepare('PRAGMA user_version').get()?.user_version)};`, ''].join('\n');
  } finally {
    raw.close();
  }
}

/** The statements that made a table and its indexes. */
export function schemaOf(raw: DatabaseSync, table: string): readonly string[] {
  const rows = raw.prepare('SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC, name').all(table);
  return rows.map(({ sql }) => `${String(sql)};`);
}

function rowsOf(raw: DatabaseSync, table: string): readonly string[] {
  const columns = raw.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
  const quoted = columns.map(({ name }) => `quote("${String(name)}")`).join(` || ', ' || `);
  const named = columns.map(({ name }) => `"${String(name)}"`).join(', ');
  return raw
    .prepare(`SELECT ${quoted} AS row FROM "${table}"`)
    .all()
    .map(({ row }) => `INSERT INTO "${table}" (${named}) VALUES (${String(row)});`);
}
