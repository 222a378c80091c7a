// How long "stop" takes in each state a turn can be in, and whether anything is left of it.
import { setTimeout as sleep } from 'node:timers/promises';
import { median, type Subject, stop, watch } from './driver.ts';
import type { Bench, Row } from './measures.ts';
import { commandLines, countBelow, type Running } from './processes.ts';
import { copawSubject, makeHome, startCopaw } from './subjects.ts';

const goal = { most: 1_000, unit: 'ms' } as const;

interface State {
  readonly name: string;
  /** What the model of the benchmarks is told to do. */
  readonly word: string;
  /** The event that says that the state is reached. */
  readonly event: string;
  /** The model is asked and has not ended. */
  readonly asks?: true;
  /** A command with children runs. */
  readonly runs?: true;
}

const states: readonly State[] = [
  { name: 'the model streams', word: 'stream', event: '"type":"text-delta"', asks: true },
  { name: 'the model is silent', word: 'silent', event: '"type":"turn-start"', asks: true },
  { name: 'waiting to ask again', word: 'busy', event: '"code":"retry"' },
  { name: 'an approval waits', word: 'ask', event: '"type":"approval-request"' },
  { name: 'a command with children', word: 'command', event: '"type":"tool-start"', runs: true },
  { name: 'a background command', word: 'background', event: '"type":"tool-end"', asks: true, runs: true },
];

/** From saying stop to the end of the turn. A second after it nothing may be left: no process of the command, no request at the model. */
export async function measureStop({ directory, model, quick }: Bench): Promise<Row[]> {
  await model.delay(0);
  const home = makeHome(directory, model.port);
  const running = await startCopaw(home);
  const rows: Row[] = [];
  try {
    const subject = copawSubject(home, running);
    const byWord: number[] = [];
    for (const state of states) {
      rows.push(
        await rowOf(`stop: ${state.name}`, async () => {
          const times: number[] = [];
          for (let index = 0; index < (quick ? 5 : 9); index++) times.push(await once(running, subject, state, 'button'));
          byWord.push(await once(running, subject, state, 'word'));
          return times;
        }),
      );
    }
    const name = 'stop: by the word, once in each state';
    rows.push(
      await rowOf(name, async () => {
        if (byWord.length < states.length) throw new Error('not in every state');
        return byWord;
      }),
    );
  } finally {
    await running.stop();
  }
  return rows;

  async function once({ pid }: Running, subject: Subject, { word, event, asks, runs }: State, by: 'button' | 'word'): Promise<number> {
    const session = `stop-${crypto.randomUUID().slice(0, 8)}`;
    const before = countBelow(pid);
    const watched = watch(subject, session, `go [${word}]`);
    await watched.seen(event);
    await until(async () => (!asks || (await model.lastRequest()).open > 0) && (!runs || family().filter((line) => line.startsWith('sleep')).length === 2));
    const began = performance.now();
    const stopped = stop(subject, session, by);
    const ms = (await watched.seen('"type":"turn-end"')) - began;
    await watched.seen('"outcome":"cancelled"');
    await stopped;
    const left = async (): Promise<number> => Math.max(countBelow(pid) - before, family().length) + (await model.lastRequest()).open;
    while ((await left()) > 0 && performance.now() - began < goal.most) await sleep(20);
    const still = await left();
    if (still > 0) throw new Error(`${still} processes or requests were left a second later`);
    return ms;
  }

  /** What there is of the command that the model of the benchmarks asks for. */
  function family(): string[] {
    return commandLines().filter((line) => line.includes(`sleep ${1_000_000 + model.pid}`));
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; !(await condition()); await sleep(10))
    if (performance.now() > end) throw new Error('the state was not reached in 10 s');
}

async function rowOf(name: string, measure: () => Promise<readonly number[]>): Promise<Row> {
  const base = { name, unit: 'ms', floor: undefined, goal };
  try {
    const value = median(await measure());
    return { ...base, copaw: value, figure: value };
  } catch (error) {
    return { ...base, copaw: undefined, figure: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}
