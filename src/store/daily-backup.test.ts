// The daily backup on a real store and a clock that moves when told: one a day, only after a change, checked, and never more than is kept.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { session } from '../testing/store-rows.ts';
import { tempFolder } from '../testing/temp-home.ts';
import type { BackupKeep } from './backup-files.ts';
import { createDailyBackup } from './daily-backup.ts';
import { openStore } from './open-store.ts';

const hour = 60 * 60_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open() {
  const folder = tempFolder();
  closing.push(() => folder.remove());
  const store = await openStore(join(folder.path, 'copaw.db'));
  closing.push(() => store.close());
  const clock = createFakeClock();
  const faults: unknown[] = [];
  const world = { keep: { days: 3, weeks: 0 } as BackupKeep, broken: false, copies: 0, done: Promise.resolve() };
  const backups = join(folder.path, 'backups');
  const make = () =>
    createDailyBackup({
      folder: backups,
      clock,
      keep: () => world.keep,
      copy: (target) => {
        world.copies++;
        world.done = world.broken ? Promise.reject(new Error('no room')) : store.backup(target);
        return world.done;
      },
      onFault: (error) => faults.push(error),
    });
  const pass = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    await world.done.catch(() => undefined);
    await clock.advance(0);
  };
  const names = (): string[] => readdirSync(backups).sort();
  return { store, clock, faults, world, backups, make, pass, names };
}

test('nothing is armed before something changes, and one timer at most afterwards', async () => {
  const { clock, make, world, pass, names } = await open();
  const daily = make();
  await pass(100 * hour);
  expect([clock.waiting, world.copies]).toEqual([0, 0]);
  daily.changed();
  daily.changed();
  expect(clock.waiting).toBe(1);
  await pass(hour);
  expect([clock.waiting, world.copies]).toEqual([0, 1]);
  expect(names()).toEqual(['copaw-2026-01-09T12-10-00Z.db']);
  await pass(100 * hour);
  expect(world.copies).toBe(1);
});

test('at most one a day, also over a restart, and as many as are kept', async () => {
  const { make, world, pass, names, store, backups } = await open();
  let daily = make();
  for (let hours = 0; hours < 5 * 24; hours++) {
    await store.commit({ session: session(`s${hours}`) });
    daily.changed();
    await pass(hour);
    if (hours % 7 !== 0) continue;
    await daily.stop();
    daily = make();
  }
  expect(world.copies).toBe(5);
  expect(names()).toHaveLength(3);
  const newest = await openStore(join(backups, names().at(-1) ?? ''));
  closing.push(() => newest.close());
  expect((await newest.sessions.list({ limit: 999 })).length).toBeGreaterThan(90);
});

test('one that fails is told, and tried again an hour later by itself', async () => {
  const { make, world, pass, faults, clock } = await open();
  world.broken = true;
  const daily = make();
  daily.changed();
  await pass(hour);
  expect([world.copies, faults.length, clock.waiting]).toEqual([1, 1, 1]);
  expect(daily.schedule()).toEqual({ days: 3, weeks: 0, nextAt: clock.now() + 10 * 60_000, problem: 'no room' });
  world.broken = false;
  await pass(hour);
  expect([world.copies, faults.length, clock.waiting]).toEqual([2, 1, 0]);
  expect(daily.schedule()).toEqual({ days: 3, weeks: 0 });
});

test('switched off, none is made', async () => {
  const { make, world, clock } = await open();
  world.keep = { days: 0, weeks: 0 };
  make().changed();
  expect(clock.waiting).toBe(0);
});
