// A page of the log is what reading all of it forwards would give, wherever the steps fall, and stays right while the file moves on.
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { type LogQuery, logFilter } from '../core/log-page.ts';
import { tempFolder } from '../testing/temp-home.ts';
import { openLogFiles } from './log-files.ts';
import { readLogPage } from './log-pages.ts';

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function makeLog() {
  const folder = tempFolder();
  closing.push(() => folder.remove());
  let count = 0;
  const path = join(folder.path, 'copaw.log');
  const line = (level: string, more: object = {}): string =>
    `${JSON.stringify({ level, time: new Date(count++ * 1_000).toISOString(), event: `e${count}`, ...more })}\n`;
  return {
    path,
    add: (level = 'info', more: object = {}) => appendFileSync(path, line(level, more)),
    page: (query: Partial<LogQuery> = {}, step?: number) =>
      readLogPage(folder.path, { limit: 100, level: 'info', ...query }, new AbortController().signal, step),
    all: () => openLogFiles(folder.path).all(),
  };
}
type Log = ReturnType<typeof makeLog>;
const events = async (log: Log, query: Partial<LogQuery> = {}): Promise<string[]> => (await log.page(query)).entries.map(({ line }) => line.event);

test('newest first, in pages; later lines come after the newest, also when the file has moved on meanwhile', async () => {
  const log = makeLog();
  expect(await log.page()).toEqual({ entries: [], newest: '0.0' });
  for (let index = 0; index < 5; index++) log.add(index === 2 ? 'error' : 'info', { turnId: `T${index}` });
  const first = await log.page({ limit: 2 });
  expect(first.entries.map(({ line }) => line.event)).toEqual(['e5', 'e4']);
  const second = await log.page({ limit: 2, before: first.older ?? '' });
  expect(second.entries.map(({ line }) => line.event)).toEqual(['e3', 'e2']);
  const last = await log.page({ limit: 2, before: second.older ?? '' });
  expect([last.entries.map(({ line }) => line.event), last.older]).toEqual([['e1'], undefined]);
  expect(await events(log, { level: 'warn' })).toEqual(['e3']);
  expect(await events(log, { text: 'TURNid=t3' })).toEqual(['e4']);
  expect(await log.page({ after: first.newest })).toEqual({ entries: [], newest: first.newest });
  log.add();
  renameSync(log.path, `${log.path}.1`);
  log.add();
  appendFileSync(log.path, '{"level":"info","half');
  const added = await log.page({ after: first.newest });
  expect(added.entries.map(({ line }) => line.event)).toEqual(['e7', 'e6']);
  expect(await events(log, { after: added.newest })).toEqual([]);
  expect(await events(log, { before: first.older ?? '' })).toEqual(['e3', 'e2', 'e1']);
  // More was written than one look takes: it says where to go on.
  expect(await log.page({ after: first.newest, limit: 1 })).toMatchObject({ entries: [{ line: { event: 'e7' } }], older: added.entries[0]?.place });
});

test('what is no line, is empty, or has left is passed over', async () => {
  const log = makeLog();
  log.add();
  appendFileSync(log.path, '\n\nnot json\n{"level":"loud","time":"x","event":"y"}\n[1]\n');
  log.add();
  expect(await events(log)).toEqual(['e2', 'e1']);
  expect(await log.page({ before: '999999.5' })).toEqual({ entries: [], newest: '999999.5' });
  expect(await events(log, { after: '999999.5' })).toEqual(['e2', 'e1']);
  const gone = new AbortController();
  gone.abort(new Error('gone'));
  await expect(readLogPage(join(log.path, '..'), { limit: 1, level: 'info' }, gone.signal)).rejects.toThrow('gone');
});

test('pages put together are all lines that fit, whatever is in them and wherever the steps fall', async () => {
  const log = makeLog();
  const lines = fc.array(fc.tuple(fc.constantFrom('info', 'warn', 'error', 'loud'), fc.string({ unit: 'grapheme', maxLength: 30 })), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      lines,
      lines,
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('info', 'warn'),
      async (older, newer, step, limit, level) => {
        writeFileSync(`${log.path}.1`, '');
        writeFileSync(log.path, '');
        for (const [is, words] of older) log.add(is, { words });
        renameSync(log.path, `${log.path}.1`);
        writeFileSync(log.path, '');
        for (const [is, words] of newer) log.add(is, { words });
        const found: unknown[] = [];
        for (let before: string | undefined, turn = 0; turn < 30; turn++) {
          const page = await log.page({ limit, level: level as 'info', ...(before === undefined ? {} : { before }) }, step);
          found.push(...page.entries.map(({ line }) => line));
          before = page.older;
          if (before === undefined) break;
        }
        expect(found).toEqual(
          log
            .all()
            .filter(logFilter({ level: level as 'info' }))
            .toReversed(),
        );
      },
    ),
    { numRuns: 25 },
  );
});
