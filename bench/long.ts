// What only shows after a while: many turns in a row, and minutes in which nothing is asked. Not part of a run unless they are named, or with `--long`.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { direct, median, turn, turns } from './driver.ts';
import type { Bench, Row } from './measures.ts';
import { countBelow, footprint } from './processes.ts';
import { copawSubject, makeHome, startCopaw } from './subjects.ts';

const width = 8;
/** Looks at the memory in each block of turns. */
const looks = 10;

interface Block {
  /** Turns up to its end. */
  readonly turns: number;
  /** Milliseconds each turn took longer than the model alone. */
  readonly overheadMs: readonly number[];
  readonly cpuMs: number;
  readonly databaseBytes: number;
}

/** Ten thousand turns over eight conversations: memory stays flat, the database grows by as much a turn, and turns take as long as before. */
export async function measureSoak({ directory, model, quick }: Bench): Promise<Row[]> {
  const all = quick ? 2_000 : 10_000;
  const size = all / 10;
  const home = makeHome(directory, model.port);
  const running = await startCopaw(home);
  try {
    await model.delay(0);
    const subject = copawSubject(home, running);
    const alone: number[] = [];
    for (let round = 0; round < 25; round++)
      alone.push(...(await Promise.all(Array.from({ length: width }, () => direct(model.port)))).map(({ totalMs }) => totalMs));
    const own = median(alone);
    const memory: { readonly turns: number; readonly mb: number }[] = [];
    const blocks: Block[] = [];
    let overheadMs: number[] = [];
    let begun = 0;
    let done = 0;
    let before = { cpuMs: footprint(running.pid).cpuMs, databaseBytes: databaseBytes(home) };
    const count = (ms: number): void => {
      overheadMs.push(ms);
      done++;
      if (done % (size / looks) === 0) memory.push({ turns: done, mb: footprint(running.pid).rssMb });
      if (done % size !== 0) return;
      const now = { cpuMs: footprint(running.pid).cpuMs, databaseBytes: databaseBytes(home) };
      const block: Block = { turns: done, overheadMs, cpuMs: now.cpuMs - before.cpuMs, databaseBytes: now.databaseBytes - before.databaseBytes };
      blocks.push(block);
      console.log(`  ${progress(block, memory.at(-1)?.mb ?? Number.NaN)}`);
      before = now;
      overheadMs = [];
    };
    const lane = async (session: string): Promise<void> => {
      for (; begun < all; ) {
        begun++;
        count((await turn(subject, session, 'hello')).totalMs - own);
      }
    };
    await Promise.all(Array.from({ length: width }, (_, index) => lane(`soak-${index}`)));
    return soakRows(blocks, memory);
  } finally {
    await running.stop();
  }
}

/** The first two blocks are warm-up; the third is what the last is held against. */
function soakRows(blocks: readonly Block[], memory: readonly { readonly turns: number; readonly mb: number }[]): Row[] {
  const [, warm, early] = blocks;
  const last = blocks.at(-1);
  if (!warm || !early || !last) throw new Error('too few turns');
  const named = (block: Block): string => block.turns.toLocaleString('en');
  const against = `last ${early.overheadMs.length.toLocaleString('en')} turns over ${named(warm)} to ${named(early)}`;
  const slope = 1_000 * slopeOf(memory.filter(({ turns: at }) => at > warm.turns).map(({ turns: x, mb: y }) => [x, y]));
  const row = (name: string, unit: string, copaw: number, goal?: Row['goal']): Row => ({
    ...{ name, unit, copaw, floor: undefined, figure: copaw },
    ...(goal ? { goal } : {}),
  });
  const ratio = (of: (block: Block) => number): number => of(last) / of(early);
  return [
    row(`soak: memory per 1,000 turns, after ${named(warm)}`, 'MB', slope, { most: 1, unit: 'MB' }),
    row(`soak: memory after ${named(last)} turns`, 'MB', memory.at(-1)?.mb ?? Number.NaN),
    row('soak: database, a turn', 'kB', last.databaseBytes / last.overheadMs.length / 1_000),
    row(`soak: database, ${against}`, '×', ratio(perTurn('databaseBytes')), { least: 0.9, most: 1.1, unit: '×' }),
    row('soak: overhead, 95 of 100 turns below', 'ms', percentile(last.overheadMs, 0.95)),
    row(
      `soak: overhead, ${against}`,
      '×',
      ratio((block) => percentile(block.overheadMs, 0.95)),
      { most: 1.2, unit: '×' },
    ),
    row(`soak: CPU, ${against}`, '×', ratio(perTurn('cpuMs')), { most: 1.2, unit: '×' }),
  ];
}

const perTurn =
  (what: 'cpuMs' | 'databaseBytes') =>
  (block: Block): number =>
    block[what] / block.overheadMs.length;

function progress(block: Block, mb: number): string {
  const columns = [
    `${block.turns.toLocaleString('en').padStart(7)} turns`,
    `overhead ${median(block.overheadMs).toFixed(1)} ms, 95 %: ${percentile(block.overheadMs, 0.95).toFixed(1)} ms`,
    `CPU ${perTurn('cpuMs')(block).toFixed(1)} ms`,
    `memory ${mb.toFixed(0)} MB`,
    `database +${(perTurn('databaseBytes')(block) / 1_000).toFixed(1)} kB a turn`,
  ];
  return columns.join('   ');
}

/** As SQLite counts it: what is still in its log of writes too. */
function databaseBytes(home: string): number {
  const database = new DatabaseSync(join(home, 'copaw.db'), { readOnly: true });
  try {
    const [pages, bytes] = ['page_count', 'page_size'].map((name) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]));
    return (pages ?? 0) * (bytes ?? 0);
  } finally {
    database.close();
  }
}

/** The number that this share of the others is not above. */
function percentile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length * share) - 1] ?? Number.NaN;
}

/** Of the line that fits best, by least squares. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x0, y0] = [mean(0), mean(1)];
  return points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0) / points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
}

/** Minutes of rest after some work: next to no CPU, no model call, no process below. */
export async function measureIdle10({ directory, model, quick }: Bench): Promise<Row[]> {
  const minutes = quick ? 1 : 10;
  const home = makeHome(directory, model.port);
  const running = await startCopaw(home);
  try {
    await turns(copawSubject(home, running), width, 3, 'hello', 'idle');
    await sleep(10_000); // what a turn leaves to be done is done
    const [calls, { cpuMs }] = [(await model.lastRequest()).calls, footprint(running.pid)];
    const ends = performance.now() + minutes * 60_000;
    let most = 0;
    for (let left = ends - performance.now(); left > 0; left = ends - performance.now()) {
      await sleep(Math.min(left, 5_000));
      most = Math.max(most, countBelow(running.pid));
    }
    const after = footprint(running.pid);
    const row = (name: string, unit: string, copaw: number, limit?: number): Row => ({
      ...{ name: `${minutes} idle minutes: ${name}`, unit, copaw, floor: undefined, figure: copaw },
      ...(limit === undefined ? {} : { goal: { most: limit, unit } }),
    });
    return [
      row('CPU per second', 'ms', (after.cpuMs - cpuMs) / (minutes * 60), 0.5),
      row('memory at the end', 'MB', after.rssMb),
      row('model calls', '', (await model.lastRequest()).calls - calls, 0),
      row('processes below', '', most, 0),
    ];
  } finally {
    await running.stop();
  }
}
