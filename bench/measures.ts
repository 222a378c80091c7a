// What is measured, one function each. CoPaw beside a floor; a side that cannot be measured says why and the rest goes on.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { direct, median, type Subject, turn, turns } from './driver.ts';
import { installFootprint } from './install.ts';
import { type Lengthening, lengthenCopaw, lengthenFloor } from './long-history.ts';
import { footprint, type Running, runNode, startNode } from './processes.ts';
import { bare, copawSubject, copawVersion, type Model, makeHome, startCopaw, startFloor } from './subjects.ts';

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly copaw: number | undefined;
  readonly floor: number | undefined;
  /** What the goal is about: the ratio of the two unless said otherwise. */
  readonly figure: number | undefined;
  readonly goal?: { readonly most?: number; readonly least?: number; readonly unit: string };
  readonly error?: string;
}

export interface Bench {
  readonly directory: string;
  readonly model: Model;
  readonly quick: boolean;
}

interface Pair {
  readonly copaw: Subject | undefined;
  readonly floor: Subject;
}

type Goal = NonNullable<Row['goal']>;
const times = (most: number): Goal => ({ most, unit: '×' });

/** Both sides of one row. Only CoPaw's side may fail. */
async function beside(name: string, unit: string, goal: Goal | undefined, copaw: () => Promise<number>, floor: () => Promise<number>): Promise<Row> {
  const floorValue = await floor();
  const base = { name, unit, floor: floorValue, ...(goal ? { goal } : {}) };
  try {
    const value = await copaw();
    return { ...base, copaw: value, figure: value / floorValue };
  } catch (error) {
    return { ...base, copaw: undefined, figure: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}

async function repeat(count: number, once: () => number | Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let index = 0; index < count; index++) values.push(await once());
  return median(values);
}

export async function measureVersion({ quick }: Bench): Promise<Row[]> {
  const runs = quick ? 7 : 21;
  const timed = (args: readonly string[]) => async (): Promise<number> => {
    runNode(args); // fills the compile cache
    return repeat(runs, () => runNode(args).ms);
  };
  return [await beside('copaw --version, beside bare node', 'ms', times(1.5), timed(copawVersion), timed(bare.nothing))];
}

export async function measureColdStart({ directory, model, quick }: Bench): Promise<Row[]> {
  const runs = quick ? 5 : 11;
  const ready = async (start: () => Promise<Running>): Promise<number> => {
    const running = await start();
    await running.stop();
    return running.readyMs;
  };
  const copaw = async (): Promise<number> => {
    const home = makeHome(directory, model.port);
    await ready(() => startCopaw(home));
    return repeat(runs, () => ready(() => startCopaw(home)));
  };
  return [
    await beside('start to ready, beside a bare HTTP server', 'ms', times(4), copaw, () => repeat(runs, () => ready(() => startNode(bare.http, /ready/u)))),
  ];
}

/** Five of each at once, so that a minute is waited for only once. */
export async function measureIdle({ directory, model, quick }: Bench): Promise<Row[]> {
  const seconds = quick ? 10 : 60;
  // What a start leaves behind is given back some seconds later; that is the end of the start and no rest.
  const settleMs = 15_000;
  const watch = async (start: () => Promise<Running>): Promise<{ rss: number; cpu: number }> => {
    const all: Running[] = [];
    try {
      for (let index = 0; index < 5; index++) all.push(await start());
      await sleep(settleMs);
      const before = all.map(({ pid }) => footprint(pid).cpuMs);
      await sleep(seconds * 1000);
      const after = all.map(({ pid }) => footprint(pid));
      return { rss: median(after.map(({ rssMb }) => rssMb)), cpu: median(after.map(({ cpuMs }, index) => cpuMs - (before[index] ?? 0))) / seconds };
    } finally {
      await Promise.all(all.map((one) => one.stop()));
    }
  };
  const floor = watch(() => startNode(bare.httpAndSqlite(join(directory, `bare-${crypto.randomUUID()}.db`)), /ready/u));
  const copaw = watch(() => startCopaw(makeHome(directory, model.port)));
  copaw.catch(() => undefined); // awaited below, after the floor
  const memory = await beside(
    'idle memory, beside bare HTTP and SQLite',
    'MB',
    times(2),
    async () => (await copaw).rss,
    async () => (await floor).rss,
  );
  const cpu = await beside(
    'idle CPU per second',
    'ms',
    { most: 1, unit: 'ms' },
    async () => (await copaw).cpu,
    async () => (await floor).cpu,
  );
  return [memory, { ...cpu, figure: cpu.copaw }];
}

/** What each adds to a model that answers at once. */
export async function measureTurns(bench: Bench, pair: Pair): Promise<Row[]> {
  const rounds = bench.quick ? 20 : 100;
  await bench.model.delay(0);
  const rows: Row[] = [];
  for (const width of [1, 8]) {
    await Promise.all(Array.from({ length: 50 }, () => direct(bench.model.port)));
    const own = (await Promise.all(Array.from({ length: width }, () => repeatTimes(rounds, () => direct(bench.model.port))))).flat();
    const measured = async (subject: Subject | undefined): Promise<{ total: number; first: number }> => {
      if (!subject) throw new Error('CoPaw does not run');
      await turns(subject, width, 10, 'hello', `warm-${width}`);
      const all = await turns(subject, width, Math.ceil(rounds / width) + 5, 'hello', `turn-${width}`);
      return {
        total: median(all.map(({ totalMs }) => totalMs)) - median(own.map(({ totalMs }) => totalMs)),
        first: median(all.map(({ firstMs }) => firstMs)) - median(own.map(({ firstMs }) => firstMs)),
      };
    };
    const floor = await measured(pair.floor);
    const copaw = measured(pair.copaw);
    copaw.catch(() => undefined); // awaited below
    const at = width === 1 ? 'one conversation' : `${width} conversations`;
    rows.push(
      await beside(
        `turn overhead, ${at}`,
        'ms',
        times(4),
        async () => (await copaw).total,
        async () => floor.total,
      ),
    );
    rows.push(
      await beside(
        `added time to the first token, ${at}`,
        'ms',
        times(4),
        async () => (await copaw).first,
        async () => floor.first,
      ),
    );
  }
  return rows;
}

async function repeatTimes<T>(count: number, once: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let index = 0; index < count; index++) all.push(await once());
  return all;
}

/** How much of the ideal is left when eight conversations wait for a model of 150 ms. */
export async function measureThroughput({ model, quick }: Bench, pair: Pair): Promise<Row[]> {
  const rounds = quick ? 5 : 10;
  await model.delay(150);
  try {
    const ideal = rounds * (await repeat(5, async () => (await direct(model.port)).totalMs));
    const share = (subject: Subject | undefined) => async (): Promise<number> => {
      if (!subject) throw new Error('CoPaw does not run');
      return repeat(5, async () => {
        const began = performance.now();
        await turns(subject, 8, rounds, 'hello', `slow-${crypto.randomUUID().slice(0, 8)}`);
        return ideal / (performance.now() - began);
      });
    };
    const row = await beside('8 conversations, 150 ms model, share of the ideal', '', { least: 0.95, unit: '' }, share(pair.copaw), share(pair.floor));
    return [{ ...row, figure: row.copaw }];
  } finally {
    await model.delay(0);
  }
}

export async function measureTool({ quick }: Bench, pair: Pair): Promise<Row[]> {
  const timed = (subject: Subject | undefined) => async (): Promise<number> => {
    if (!subject) throw new Error('CoPaw does not run');
    await turns(subject, 1, 5, 'read it [tool]', 'tool-warm');
    return median((await turns(subject, 1, quick ? 15 : 50, 'read it [tool]', 'tool')).map(({ totalMs }) => totalMs));
  };
  return [await beside('turn with one tool round', 'ms', times(3), timed(pair.copaw), timed(pair.floor))];
}

const historyRounds = 11;
const turnsARound = 3;
/** Conversations from this length on are compacted again and again; over its rounds one grows by as much as lies between two compactions. */
const longFrom = 1_000;
const turnsBetween = 16;
/** Turns that are written at once while a conversation is made long. */
const segment = 200;

/** Milliseconds of a turn: the median by the clock, and processor time. */
interface TurnCost {
  readonly clock: number;
  readonly cpu: number;
}

/** Whether a turn in a long conversation costs more than in a short one. */
export async function measureHistory({ directory, model, quick }: Bench): Promise<Row[]> {
  const sizes = quick ? [10, 100, 1_000] : [10, 100, 1_000, 10_000];
  await model.delay(0);
  const walk = async (subject: Subject, { pid }: Running, { lengthen, close }: Lengthening): Promise<TurnCost[]> => {
    const grow = async (session: string, size: number): Promise<void> => {
      await turn(subject, session, 'hello');
      for (let left = size / 2 - 1; left > 0; left -= segment) {
        await lengthen(session, Math.min(segment, left) - 1);
        await turn(subject, session, 'hello');
      }
    };
    const took = sizes.map(() => ({ clock: [] as number[], cpu: 0 }));
    try {
      for (const size of sizes) if (size >= longFrom) await grow(`history-${size}`, size);
      for (let round = 0; round < historyRounds; round++)
        for (const [index, size] of sizes.entries()) {
          const session = size < longFrom ? `history-${size}-${round}` : `history-${size}`;
          if (size < longFrom) await grow(session, size);
          else {
            await lengthen(session, turnsBetween);
            await turn(subject, session, 'hello'); // reads what was written, and compacts where it has to
          }
          const before = footprint(pid).cpuMs;
          const times = await repeatTimes(turnsARound, () => turn(subject, session, 'hello'));
          const own = took[index];
          own?.clock.push(...times.map(({ totalMs }) => totalMs));
          if (own) own.cpu += footprint(pid).cpuMs - before;
        }
    } finally {
      await close();
    }
    return took.map(({ clock, cpu }) => ({ clock: median(clock), cpu: cpu / clock.length }));
  };
  const floor = await startFloor(directory, model.port);
  const floorCosts = await walk(floor.subject, floor, lengthenFloor(floor.home)).finally(() => floor.stop());
  const copaw = async (): Promise<TurnCost[]> => {
    const home = makeHome(directory, model.port);
    const running = await startCopaw(home);
    return walk(copawSubject(home, running), running, await lengthenCopaw(home)).finally(() => running.stop());
  };
  const copawCosts = copaw();
  copawCosts.catch(() => undefined); // awaited below
  const rows: Row[] = [];
  const row = async (name: string, of: (costs: readonly TurnCost[]) => number, goal?: Goal): Promise<void> => {
    const made = await beside(
      name,
      goal ? '×' : 'ms',
      goal,
      async () => of(await copawCosts),
      async () => of(floorCosts),
    );
    rows.push(goal ? { ...made, figure: made.copaw } : made);
  };
  for (const what of ['clock', 'cpu'] as const) {
    const named = what === 'clock' ? 'turn' : 'processor time of a turn';
    const at = (costs: readonly TurnCost[], size: number): number => costs[sizes.indexOf(size)]?.[what] ?? Number.NaN;
    for (const size of sizes) await row(`${named} after ${size.toLocaleString('en')} messages`, (costs) => at(costs, size));
    const longest = sizes.at(-1) ?? 0;
    for (const shorter of [10, 100])
      await row(`${named}, after ${longest.toLocaleString('en')} messages over ${shorter}`, (costs) => at(costs, longest) / at(costs, shorter), times(2));
  }
  return rows;
}

export async function measureGrowth({ directory, model, quick }: Bench): Promise<Row[]> {
  const rounds = quick ? 100 : 500;
  const settled = async (pid: number): Promise<number> => {
    await sleep(2_000);
    return repeat(5, async () => {
      await sleep(200);
      return footprint(pid).rssMb;
    });
  };
  const grow = async (running: Running, subject: Subject): Promise<number> => {
    try {
      await turns(subject, 5, 20, 'hello', 'grow');
      const before = await settled(running.pid);
      await turns(subject, 5, rounds / 5, 'hello', 'grow');
      return (await settled(running.pid)) - before;
    } finally {
      await running.stop();
    }
  };
  const copaw = async (): Promise<number> => {
    const home = makeHome(directory, model.port);
    const running = await startCopaw(home);
    return grow(running, copawSubject(home, running));
  };
  const floor = async (): Promise<number> => {
    const running = await startFloor(directory, model.port);
    return grow(running, running.subject);
  };
  const row = await beside(`memory growth over ${rounds} turns`, 'MB', { most: 20, unit: 'MB' }, copaw, floor);
  return [{ ...row, figure: row.copaw }];
}

/** What one word costs at the provider. */
export async function measureHello({ model }: Bench, pair: Pair): Promise<Row[]> {
  const size = (subject: Subject | undefined) => async (): Promise<number> => {
    if (!subject) throw new Error('CoPaw does not run');
    await turn(subject, `hello-${crypto.randomUUID().slice(0, 8)}`, 'hello');
    return (await model.lastRequest()).bytes / 1000;
  };
  return [await beside('size of the request for "hello" (floor: fixed)', 'kB', undefined, size(pair.copaw), size(pair.floor))];
}

export async function measureInstall({ directory }: Bench): Promise<Row[]> {
  const none = { floor: undefined, unit: '' };
  try {
    const { packages, megabytes } = installFootprint(directory);
    return [
      { ...none, name: 'packages installed', copaw: packages, figure: packages, goal: { most: 75, unit: '' } },
      { ...none, name: 'size installed', unit: 'MB', copaw: megabytes, figure: megabytes, goal: { most: 75, unit: 'MB' } },
    ];
  } catch (error) {
    return [{ ...none, name: 'install', copaw: undefined, figure: undefined, error: error instanceof Error ? error.message : String(error) }];
  }
}
