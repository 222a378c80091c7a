// `copaw logs` with lines that are made up: which are shown, how, and that following ends.
import { expect, test } from 'vitest';
import type { LogLine } from '../core/log-page.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type LogsOptions, logs } from './logs.ts';
import type { CliParts } from './parts.ts';
import type { Terminal } from './terminal.ts';

const line = (minute: number, level: LogLine['level'], event: string, fields: object = {}): LogLine => ({
  ...{ level, event, time: new Date(Date.UTC(2026, 0, 5, 7, minute)).toISOString() },
  ...fields,
});
const kept = [
  line(0, 'info', 'message-accepted', { turnId: 't1', key: 'k' }),
  line(1, 'info', 'turn-start', { turnId: 't1', answerId: 'a1' }),
  line(2, 'error', 'fault', { err: { type: 'Error', message: 'it\u001b[2J broke', stack: 'at somewhere' } }),
  line(3, 'info', 'turn-start', { turnId: 't2', answerId: 'a2' }),
  line(30, 'warn', 'part-unknown', { answerId: 'a1', usage: { input: 1 } }),
  line(50, 'info', 'part-sent', { answerId: 'a2' }),
];

async function run(options: Partial<LogsOptions> = {}, later: readonly (readonly LogLine[])[] = []) {
  const clock = createFakeClock();
  let out = '';
  let stop: (() => void) | undefined;
  let looks = 0;
  const parts = {
    ...{ homePath: () => '/home/x', homeState: () => 'ours', accepted: () => true },
    logs: async () => ({ all: () => kept, added: () => later[looks++] ?? [] }),
  } as unknown as CliParts;
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    onStop: (listener: () => void) => {
      stop = listener;
      return () => undefined;
    },
  } as unknown as Terminal;
  const done = logs({ parts, terminal }, { level: 'info', lines: '200', ...options }, clock);
  if (options.follow === true) {
    for (let round = 0; round <= later.length; round++) await clock.advance(1_000);
    stop?.();
  }
  return { code: await done, out, waiting: clock.waiting };
}
const events = (out: string): string[] =>
  out
    .split('\n')
    .slice(0, -1)
    .map((text) => text.split(/\s+/u)[2] ?? '');

test('newest last, on one line each, nothing in them moves the cursor', async () => {
  const { out, code } = await run();
  expect(code).toBe(0);
  expect(out.split('\n').slice(1, 4)).toEqual([
    '2026-01-05T07:01:00.000Z  info   turn-start  turnId=t1  answerId=a1',
    '2026-01-05T07:02:00.000Z  error  fault  error=it\\u{1b}[2J broke',
    '2026-01-05T07:03:00.000Z  info   turn-start  turnId=t2  answerId=a2',
  ]);
  expect(events((await run({ lines: '2' })).out)).toEqual(['part-unknown', 'part-sent']);
  expect(JSON.parse((await run({ json: true, lines: '1' })).out)).toEqual(kept[5]);
});

test('by level, by time, by turn with what went out of it', async () => {
  expect(events((await run({ level: 'warn' })).out)).toEqual(['fault', 'part-unknown']);
  expect(events((await run({ since: '40m' })).out)).toEqual(['part-unknown', 'part-sent']);
  expect(events((await run({ since: '2026-01-05T07:31:00Z' })).out)).toEqual(['part-sent']);
  expect(events((await run({ turn: 't1' })).out)).toEqual(['message-accepted', 'turn-start', 'part-unknown']);
  for (const wrong of [{ level: 'loud' }, { since: 'yesterday' }, { since: '5' }, { lines: '0' }, { lines: 'x' }])
    await expect(run(wrong)).rejects.toMatchObject({ code: 'usage' });
});

test('following shows what comes, of the same filter, and ends with Ctrl-C', async () => {
  const { out, code, waiting } = await run({ follow: true, turn: 't1', lines: '1' }, [
    [line(51, 'info', 'part-sent', { answerId: 'a1' }), line(52, 'info', 'other')],
    [],
    [line(53, 'info', 'turn-end', { turnId: 't1' })],
  ]);
  expect(events(out)).toEqual(['part-unknown', 'part-sent', 'turn-end']);
  expect([code, waiting]).toEqual([0, 0]);
});
