// The sweep on a real store, a real workspace behind its door and a real trash: what is old leaves, nothing outside is touched, and it ends when told.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Files } from '../core/files.ts';
import type { RetentionKeep } from '../core/retention.ts';
import type { Store } from '../core/store.ts';
import { createFiles } from '../security/workspace-files.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts';
import { inboxRow, session, step, turn, usageRow } from '../testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { openStore } from './open-store.ts';
import { type SweepParts, sweep } from './sweep.ts';
import { createTrashFolder } from './trash-folder.ts';

const day = 24 * 60 * 60_000;
let folder: TempFolder;
let store: Store;
let clock: FakeClock;
let files: Files;
let keep: RetentionKeep;
let faults: unknown[];
let parts: SweepParts;
const at = (...path: string[]): string => join(folder.path, ...path);
const names = (path: string): string[] => (existsSync(at(path)) ? readdirSync(at(path)).sort() : []);

beforeEach(async () => {
  folder = tempFolder();
  mkdirSync(at('workspace'));
  store = await openStore(at('copaw.db'));
  clock = createFakeClock(Date.now());
  files = createFiles({ root: at('workspace'), trash: at('trash'), clock, ids: createCountingIds() });
  keep = { outputDays: 30, trashDays: 30, journalDays: 90, usageDays: 400 };
  faults = [];
  parts = {
    store,
    keep: () => keep,
    trash: createTrashFolder(at('trash')),
    agents: async () => ['main'],
    files: () => files,
    onFault: (error) => faults.push(error),
  };
});
afterEach(async () => {
  await store.close();
  folder.remove();
});
const run = (signal = new AbortController().signal) => sweep(parts, clock.now(), signal);

test('what was deleted leaves the trash after its days, whole; links in it are not followed, and what is not of the trash stays', async () => {
  writeFileSync(at('precious.txt'), 'mine');
  mkdirSync(at('workspace/folder/deep'), { recursive: true });
  symlinkSync(at('precious.txt'), at('workspace/folder/link'));
  symlinkSync(folder.path, at('workspace/folder/deep/all'));
  await files.write('a.txt', 'a');
  await files.trash('folder');
  await files.trash('a.txt');
  await clock.advance(29 * day);
  await files.write('b.txt', 'b');
  await files.trash('b.txt');
  writeFileSync(at('trash/notes'), 'of somebody');
  expect((await run()).trash).toBe(0);
  await clock.advance(2 * day);
  expect((await run()).trash).toBe(2);
  expect(names('trash')).toEqual(['notes', 'trash_3-b.txt', 'trash_3.json']);
  expect(readFileSync(at('precious.txt'), 'utf8')).toBe('mine');
  expect(faults).toEqual([]);
});

test('a thing without its record is kept as long as the system knows it under that name; a record without a thing goes', async () => {
  mkdirSync(at('trash'));
  writeFileSync(at('trash/trash_1-lost.txt'), 'x');
  writeFileSync(at('trash/trash_2-torn.txt'), 'x');
  writeFileSync(at('trash/trash_2.json'), '{"path":');
  writeFileSync(at('trash/trash_3.json'), JSON.stringify({ path: 'gone.txt', at: clock.now() }));
  await clock.advance(29 * day);
  expect((await run()).trash).toBe(0);
  await clock.advance(2 * day);
  expect((await run()).trash).toBe(3);
  expect(names('trash')).toEqual([]);
});

test('long results leave the workspace with their mark; other files, folders and links there stay', async () => {
  for (const name of ['one', 'two']) await files.write(`.copaw/output/${name}.txt`, name);
  await files.write('.copaw/output/of-a-command/x.txt', 'x');
  await files.write('report.txt', 'mine');
  symlinkSync(at('workspace/report.txt'), at('workspace/.copaw/output/link.txt'));
  const mark = { agentId: 'main', sha256: '', sessionId: 's1', at: 1 };
  for (const path of ['.copaw/output/one.txt', 'report.txt']) await store.taint.put({ ...mark, path });
  expect((await run()).output).toBe(0);
  await clock.advance(31 * day);
  expect((await run()).output).toBe(2);
  expect(names('workspace/.copaw/output')).toEqual(['link.txt', 'of-a-command']);
  expect(names('workspace')).toEqual(['.copaw', 'report.txt']);
  expect(names('trash')).toEqual([]);
  expect((await store.taint.list()).map(({ path }) => path)).toEqual(['report.txt']);
});

test('attack: a command that puts a link in place of the folder has nothing removed elsewhere', async () => {
  mkdirSync(at('elsewhere/output'), { recursive: true });
  writeFileSync(at('elsewhere/output/precious.txt'), 'mine');
  symlinkSync(at('elsewhere'), at('workspace/.copaw'));
  await clock.advance(400 * day);
  expect((await run()).output).toBe(0);
  rmSync(at('workspace/.copaw'));
  mkdirSync(at('workspace/.copaw'));
  symlinkSync(at('elsewhere/output'), at('workspace/.copaw/output'));
  expect((await run()).output).toBe(0);
  expect(readFileSync(at('elsewhere/output/precious.txt'), 'utf8')).toBe('mine');
});

async function fill(count: number): Promise<void> {
  const old = clock.now();
  await store.commit({ session: session('s1') });
  await store.commit({ inbox: Array.from({ length: count }, (_, key) => inboxRow(`k${key}`, { state: 'answered', receivedAt: old })) });
  await store.commit({ usage: Array.from({ length: count }, () => usageRow('p/m', old)) });
  for (let id = 0; id < 60; id++) await store.commit({ turn: turn(`t${id}`, { startedAt: old }), steps: [step(`t${id}`, 'a', 'finished')] });
  for (let id = 0; id < 60; id++) await store.commit({ turnEnd: { turnId: `t${id}`, outcome: 'answered', at: old } });
}

test('all rows that are old leave, however many; 0 days keep them for ever', async () => {
  await fill(450);
  await clock.advance(100 * day);
  expect(await run()).toMatchObject({ messages: 450, steps: 60, usage: 0 });
  await clock.advance(400 * day);
  keep = { ...keep, usageDays: 0 };
  expect(await run()).toMatchObject({ messages: 0, steps: 0, usage: 0 });
  keep = { ...keep, usageDays: 400 };
  expect(await run()).toMatchObject({ usage: 450 });
});

test('between two steps others get their turn, and it ends once it is told to', async () => {
  await fill(1_000);
  await clock.advance(100 * day);
  const end = new AbortController();
  let looks = 0;
  const look = (): void => {
    if (++looks === 3) end.abort();
    else setImmediate(look);
  };
  setImmediate(look);
  const { messages } = await run(end.signal);
  expect(messages).toBeGreaterThan(0);
  expect(messages).toBeLessThan(1_000);
});

test('one thing that cannot be removed is told, and the others leave', async () => {
  await files.write('a.txt', 'a');
  await files.write('b.txt', 'b');
  await files.trash('a.txt');
  await files.trash('b.txt');
  const { trash } = parts;
  parts = { ...parts, trash: { ...trash, remove: (thing) => (thing.id === 'trash_1' ? Promise.reject(new Error('busy')) : trash.remove(thing)) } };
  await clock.advance(31 * day);
  expect((await run()).trash).toBe(1);
  expect(faults).toHaveLength(1);
  expect(names('trash')).toEqual(['trash_1-a.txt', 'trash_1.json']);
});
