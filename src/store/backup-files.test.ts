// Backups on disk: names that sort by time, and a number of them that does not grow.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { listBackups, pruneBackups, timeStamp, toKeep } from './backup-files.ts';

const day = 24 * 60 * 60_000;
const start = Date.UTC(2026, 0, 5, 8);

let folder: TempFolder;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => folder.remove());

test('seven days and four weeks leave one of each', () => {
  const times = Array.from({ length: 60 }, (_, index) => start - index * day);
  const kept = [...toKeep(times, { days: 7, weeks: 4 })].map((at) => timeStamp(at).slice(0, 10)).sort();
  // Monday the 5th begins a week; the newest of each week before it is a Sunday.
  expect(kept).toEqual(
    ['2025-12-21', '2025-12-28', '2025-12-30', '2025-12-31', '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05']
      .concat('2025-12-28')
      .filter((text, index, all) => all.indexOf(text) === index),
  );
});

test('whatever the times are: the newest stays, and there are never more than asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: start }), { minLength: 1 }), fc.nat(9), fc.nat(9), (times, days, weeks) => {
      const kept = toKeep(times, { days, weeks });
      expect(kept.has(Math.max(...times))).toBe(true);
      expect(kept.size).toBeLessThanOrEqual(Math.max(1, days + weeks));
      for (const at of kept) expect(times).toContain(at);
    }),
  );
});

test('only files of its own names count and leave', () => {
  const names = [0, 1, 2, 3].map((days) => `copaw-${timeStamp(start - days * day)}.db`);
  const upgrades = [2, 3, 4].map((version) => `before-v${version}-${timeStamp(start - (9 - version) * day)}.db`);
  const others = ['config-last-good.json', 'copaw-mine.db', 'copaw-2026-13-45T08-00-00Z.db', 'copy.tar.gz'];
  for (const name of [...names, ...upgrades, ...others]) writeFileSync(join(folder.path, name), 'x');
  mkdirSync(join(folder.path, 'copaw-2020-01-01T00-00-00Z.db'));
  expect(listBackups(folder.path).map(({ kind, at }) => [kind, at])).toEqual([
    ...[0, 1, 2, 3].map((days) => ['daily', start - days * day]),
    ...[5, 6, 7].map((days) => ['upgrade', start - days * day]),
  ]);
  for (const end of ['', '-journal']) writeFileSync(join(folder.path, `${names[0]}.new${end}`), 'half');
  pruneBackups(folder.path, { days: 2, weeks: 0 });
  expect(readdirSync(folder.path).sort()).toEqual([...names.slice(0, 2), ...upgrades.slice(1), ...others, 'copaw-2020-01-01T00-00-00Z.db'].sort());
  expect(listBackups(join(folder.path, 'none'))).toEqual([]);
});
