// The SQLite store keeps the contract of stores, and never writes to a file it cannot read.
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import { entry, session } from '../testing/store-rows.ts';
import { testStore } from '../testing/store-suite.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { openStore } from './open-store.ts';

testStore('SQLite store', async () => {
  const folder = tempFolder();
  const path = join(folder.path, 'copaw.db');
  const store = await openStore(path);
  let current = store;
  return {
    store,
    reopen: async () => {
      await current.close();
      current = await openStore(path);
      return current;
    },
    remove: async () => {
      await current.close();
      folder.remove();
    },
  };
});

describe('the database file', () => {
  let folder: TempFolder;
  let path: string;
  beforeEach(() => {
    folder = tempFolder();
    path = join(folder.path, 'copaw.db');
  });
  afterEach(() => folder.remove());

  async function fill(): Promise<void> {
    const store = await openStore(path);
    await store.commit({ session: session('s1'), entries: Array.from({ length: 200 }, (_, index) => entry('s1', 't1', `${index} `.repeat(50))) });
    await store.close();
  }

  test('attack: words of a session that is dropped while they are cut do not stay in the index', async () => {
    const message = { role: 'user', id: 'm', text: 'secret plan', attachments: [], sender: { id: 'operator' }, origin: 'operator' } as const;
    const store = await openStore(path);
    await store.commit({ session: session('s1'), entries: [{ ...entry('s1', 't1', ''), event: { type: 'message', message } }] });
    const next = await store.said.next(9, 99);
    await store.commit({ drop: 's1' });
    await store.said.add(
      next?.upTo ?? 0,
      (next?.messages ?? []).map(({ seq, text }) => ({ seq, words: text })),
    );
    expect(next?.messages).toHaveLength(1);
    await store.close();
    const database = new DatabaseSync(path);
    expect(database.prepare("SELECT count(*) AS count FROM said WHERE said MATCH 'plan'").get()).toEqual({ count: 0 });
    database.close();
  });

  async function refusal(): Promise<CoPawError> {
    const error: unknown = await openStore(path).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof CoPawError)) throw new Error(`Not refused: ${String(error)}`);
    expect(error.code).toBe('store-corrupt');
    expect(error.next).toBeDefined();
    return error;
  }

  test('is private from the start, with everything beside it', async () => {
    const store = await openStore(path);
    await store.commit({ session: session('s1') });
    expect(readdirSync(folder.path).sort()).toEqual(['copaw.db', 'copaw.db-shm', 'copaw.db-wal']);
    for (const name of readdirSync(folder.path)) expect(statSync(join(folder.path, name)).mode & 0o777, name).toBe(0o600);
    await store.close();
  });

  test.each([
    ['that is no database', () => writeFileSync(path, 'not a database, but somebody’s data\n'.repeat(200))],
    ['that is empty', () => writeFileSync(path, '')],
    [
      'of another program',
      () => {
        const raw = new DatabaseSync(path);
        raw.exec('CREATE TABLE theirs (a TEXT)');
        raw.close();
      },
    ],
    [
      'with a damaged page',
      async () => {
        await fill();
        const bytes = readFileSync(path);
        bytes.fill(0xaa, 8192, 12_288);
        writeFileSync(path, bytes);
      },
    ],
    [
      'that was cut off',
      async () => {
        await fill();
        truncateSync(path, 3 * 4096);
      },
    ],
  ])('a file %s is refused and stays as it is', async (_what, damage) => {
    await damage();
    const before = readFileSync(path);
    await refusal();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a damaged page is refused where it is of what is nowhere else; the index of memory can be made again', async () => {
    const damage = (what: string): void => {
      const bytes = readFileSync(path);
      const page = Math.floor(bytes.indexOf(what) / 4096) * 4096;
      expect(page, what).toBeGreaterThan(0);
      writeFileSync(path, bytes.fill(0xaa, page, page + 4096));
    };
    const store = await openStore(path);
    const chunk = { lines: [1, 1] as const, text: 'quagga', segmented: 'quagga', headings: [], hash: 'one' };
    await store.memoryIndex.replace('main', 'a.md', '1', [chunk]);
    await store.memoryIndex.noteSource('main', 'okapi.md', 'two', { by: 'person', at: 0 });
    await store.close();
    damage('quagga');
    await (await openStore(path)).close();
    damage('okapi.md');
    await refusal();
  });

  test('a file from a newer CoPaw is refused and stays as it is', async () => {
    await fill();
    const raw = new DatabaseSync(path);
    raw.exec('PRAGMA user_version = 99');
    raw.close();
    const before = readFileSync(path);
    expect((await refusal()).message).toContain('99');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a missing file whose -wal is still there is refused: that holds data', async () => {
    const store = await openStore(path);
    await store.commit({ session: session('s1') });
    const elsewhere = join(folder.path, 'elsewhere.db');
    copyFileSync(`${path}-wal`, `${elsewhere}-wal`);
    await store.close();
    path = elsewhere;
    await refusal();
    expect(existsSync(path)).toBe(false);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
  });

  test('a backup made in use is private, whole and can be opened', async () => {
    const store = await openStore(path);
    await store.commit({ session: session('s1') });
    const copy = join(folder.path, 'copy.db');
    await store.backup(copy);
    await store.backup(copy);
    await store.commit({ session: session('s2') });
    await store.close();
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    const opened = await openStore(copy);
    expect((await opened.sessions.list({ limit: 9 })).map(({ id }) => id)).toEqual(['s1']);
    await opened.close();
  });

  test('a backup that is made while room is given back ends, and both are whole', async () => {
    const store = await openStore(path);
    const text = 'x'.repeat(12_000);
    for (let turn = 0; turn < 20; turn++) await store.commit({ session: session('s1'), entries: Array.from({ length: 30 }, () => entry('s1', 't1', text)) });
    await store.commit({ drop: 's1', session: session('s2') });
    const copy = join(folder.path, 'copy.db');
    const full = statSync(path).size;
    const made = store.backup(copy);
    while (await store.retention.giveBack());
    await made;
    await store.close();
    expect(statSync(path).size).toBeLessThan(full / 3);
    for (const file of [copy, path]) {
      const opened = await openStore(file);
      expect((await opened.sessions.list({ limit: 9 })).map(({ id }) => id)).toEqual(['s2']);
      await opened.close();
    }
  });

  test('what a crash left of a first start is no obstacle', async () => {
    writeFileSync(`${path}.new`, 'half');
    const store = await openStore(path);
    expect(await store.entries.lastSeq()).toBe(0);
    await store.close();
    expect(readdirSync(folder.path)).toEqual(['copaw.db']);
  });
});
