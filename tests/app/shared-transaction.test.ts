// Batches that share a transaction end as they would one after the other, and a disk that fails fails all of them.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoPawError, toCoPawError } from '../../src/core/error.ts';
import type { Batch, Store } from '../../src/core/store.ts';
import { Database } from '../../src/store/database.ts';
import { openStore } from '../../src/store/open-store.ts';
import { SharedTransaction } from '../../src/store/shared-transaction.ts';
import { dump } from '../../src/testing/full-database.ts';
import { entry, inboxRow, outboxRow, session, step, turn } from '../../src/testing/store-rows.ts';
import { tempFolder } from '../../src/testing/temp-home.ts';

/** Few names for much, so that some of it is there already. */
const name = fc.constantFrom('a', 'b', 'c');
const batch: fc.Arbitrary<Batch> = fc.record(
  {
    session: name.map((id) => session(id)),
    turn: fc.tuple(name, name).map(([id, sessionId]) => turn(id, { sessionId })),
    entries: fc.array(
      fc.tuple(name, name).map(([sessionId, text]) => entry(sessionId, 't', text)),
      { maxLength: 3 },
    ),
    inbox: fc.array(
      name.map((key) => inboxRow(key)),
      { maxLength: 2 },
    ),
    inboxStates: fc.array(
      name.map((key) => ({ key, state: 'assigned' as const, sessionId: 'a', turnId: 't' })),
      { maxLength: 2 },
    ),
    outbox: fc.array(
      name.map((id) => outboxRow(id, 0)),
      { maxLength: 2 },
    ),
    steps: fc.array(
      name.map((ref) => step('t', ref, 'started')),
      { maxLength: 2 },
    ),
    turnEnd: name.map((turnId) => ({ turnId, outcome: 'answered' as const, at: 2 })),
    drop: name,
  },
  { requiredKeys: [] },
);

const outcome = (done: Promise<unknown>): Promise<unknown> =>
  done.then(
    (entries) => ({ entries }),
    (error: unknown) => ({ refused: toCoPawError(error).code }),
  );

test('together or one by one, each batch has the same outcome and the database holds the same', { timeout: 60_000 }, async () => {
  const run = async (commitAll: (store: Store) => Promise<unknown>): Promise<unknown> => {
    const folder = tempFolder();
    try {
      const path = join(folder.path, 'copaw.db');
      const store = await openStore(path);
      const outcomes = await commitAll(store);
      await store.close();
      return { outcomes, database: dump(path) };
    } finally {
      folder.remove();
    }
  };
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(batch, { minLength: 2, maxLength: 8 }), { minLength: 1, maxLength: 4 }), async (rounds) => {
      const together = await run(async (store) => {
        const outcomes: unknown[] = [];
        const settled: number[] = [];
        for (const round of rounds) {
          const from = outcomes.length;
          const note = (index: number) => (said: unknown) => {
            settled.push(from + index);
            return said;
          };
          outcomes.push(...(await Promise.all(round.map((one, index) => outcome(store.commit(one)).then(note(index))))));
        }
        expect(settled).toEqual(outcomes.map((_, index) => index));
        return outcomes;
      });
      const apart = await run(async (store) => {
        const outcomes: unknown[] = [];
        for (const one of rounds.flat()) outcomes.push(await outcome(store.commit(one)));
        return outcomes;
      });
      if (JSON.stringify(apart).includes('"refused"')) refused++;
      expect(together).toEqual(apart);
    }),
    { numRuns: 25 },
  );
  expect(refused).toBeGreaterThan(0);
});

function openSmall(): { database: Database; shared: SharedTransaction; ends: () => number; rows: () => unknown[] } {
  const raw = new DatabaseSync(':memory:');
  raw.exec(`PRAGMA foreign_keys = ON; CREATE TABLE t (x TEXT PRIMARY KEY) STRICT;
    CREATE TABLE late (x TEXT REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED) STRICT`);
  let ends = 0;
  const exec = raw.exec.bind(raw);
  raw.exec = (sql) => {
    if (sql === 'COMMIT') ends++;
    exec(sql);
  };
  const database = new Database(raw);
  return { database, shared: new SharedTransaction(database), ends: () => ends, rows: () => database.all('SELECT x FROM t ORDER BY x').map(({ x }) => x) };
}

const insert = (database: Database, text: string) => () => database.run('INSERT INTO t (x) VALUES (?)', text);

test('what is asked for in one turn of the event loop is one transaction; a fault in one piece is of that piece alone', async () => {
  const { database, shared, ends, rows } = openSmall();
  const asked = [
    insert(database, 'a'),
    insert(database, 'a'),
    () => {
      insert(database, 'half')();
      throw new TypeError('a fault');
    },
    insert(database, 'b'),
  ].map((work) => shared.ask(work));
  expect(await Promise.allSettled(asked)).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'conflict' } },
    { status: 'rejected', reason: { message: 'a fault' } },
    { status: 'fulfilled' },
  ]);
  expect(ends()).toBe(1);
  expect(rows()).toEqual(['a', 'b']);
  await shared.ask(insert(database, 'c'));
  expect(ends()).toBe(2);
});

test('where the end of the transaction fails, all of it has failed and nothing is there', async () => {
  const { database, shared, rows } = openSmall();
  const broken = (): unknown => database.run("INSERT INTO late (x) VALUES ('nobody')");
  const asked = await Promise.allSettled([insert(database, 'a'), broken, insert(database, 'b')].map((work) => shared.ask(work)));
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(rows()).toEqual([]);
  await shared.ask(insert(database, 'a'));
  expect(rows()).toEqual(['a']);
});

test('a disk that is full for one piece is full for all, and says so until there is room', async () => {
  const { database, shared, rows } = openSmall();
  await shared.ask(insert(database, 'a'));
  database.raw.exec(`PRAGMA max_page_count = ${Number(database.get('PRAGMA page_count')?.page_count)}`);
  const asked = await Promise.allSettled(['b', 'long '.repeat(10_000), 'c'].map((text) => shared.ask(insert(database, text))));
  expect(asked.map((one) => one.status === 'rejected' && toCoPawError(one.reason).code)).toEqual(['disk-full', 'disk-full', 'disk-full']);
  expect(database.storage).toBe('full');
  expect(rows()).toEqual(['a']);
  database.raw.exec('PRAGMA max_page_count = 1000');
  // fault: a write that wrote nothing said that there is room
  await shared.ask(() => undefined);
  database.run("UPDATE t SET x = x WHERE x = 'nobody'");
  database.transaction(() => undefined);
  expect(database.storage).toBe('full');
  await shared.ask(insert(database, 'b'));
  expect(database.storage).toBe('ok');
  expect(rows()).toEqual(['a', 'b']);
});

test('fault: what one piece refuses is of that piece alone, whatever its code', async () => {
  const { database, shared, rows } = openSmall();
  const codes = ['not-found', 'internal', 'forbidden'] as const;
  const refuse = (code: (typeof codes)[number]) => () => {
    insert(database, code)();
    throw new CoPawError(code, 'no');
  };
  const asked = await Promise.allSettled([insert(database, 'a'), ...codes.map(refuse), insert(database, 'b')].map((work) => shared.ask<unknown>(work)));
  expect(asked.map((one) => (one.status === 'rejected' ? toCoPawError(one.reason).code : 'done'))).toEqual(['done', ...codes, 'done']);
  expect(rows()).toEqual(['a', 'b']);
});

test.each(['disk-full', 'disk-read-only', 'files-exhausted', 'store-corrupt'] as const)('%s in one piece fails all', async (code) => {
  const { database, shared, rows } = openSmall();
  const fail = (): never => {
    throw new CoPawError(code, 'no');
  };
  const asked = await Promise.allSettled([insert(database, 'a'), fail, insert(database, 'b')].map((work) => shared.ask<unknown>(work)));
  expect(asked.map((one) => one.status === 'rejected' && toCoPawError(one.reason).code)).toEqual([code, code, code]);
  expect(rows()).toEqual([]);
});
