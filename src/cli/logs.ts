// `copaw logs`: what CoPaw wrote down of its own work, newest last, with or without a server. Ids and causes, no words of anybody.
import { CoPawError } from '../core/error.ts';
import { type LogLine, logFilter, logLevels, logText } from '../core/log-page.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { readyHome } from './ready-home.ts';
import { showLine } from './text.ts';

export interface LogsOptions extends CommonOptions {
  readonly follow?: boolean;
  readonly level: string;
  readonly text?: string;
  readonly turn?: string;
  readonly since?: string;
  readonly lines: string;
}

const followMs = 1_000;
const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export async function logs(context: Context, options: LogsOptions, clock: Pick<Clock, 'sleep' | 'now'> = systemClock): Promise<number> {
  const { parts, terminal } = context;
  if (!/^\d{1,5}$/u.test(options.lines) || Number(options.lines) < 1) throw new CoPawError('usage', '-n takes a number from 1 to 99999.');
  const wanted = filterOf(options, clock.now());
  const files = await parts.logs(readyHome(parts, options.home));
  const show = (lines: readonly LogLine[]): void => {
    for (const line of lines) terminal.out(options.json === true ? `${JSON.stringify(line)}\n` : `${forPeople(line)}\n`);
  };
  show(files.all().filter(wanted).slice(-Number(options.lines)));
  if (options.follow !== true) return exitCodes.answered;
  const stopped = new AbortController();
  const end = terminal.onStop(() => stopped.abort());
  try {
    while (!stopped.signal.aborted) {
      await clock.sleep(followMs, stopped.signal).catch(() => undefined); // rejects only when stopped
      if (!stopped.signal.aborted) show(files.added().filter(wanted));
    }
  } finally {
    end();
  }
  return exitCodes.answered;
}

/** A turn's lines are those with its id, and those about its answer. */
function filterOf({ level: named, text, turn, since }: LogsOptions, now: number): (line: LogLine) => boolean {
  const level = logLevels.find((one) => one === named);
  if (level === undefined) throw new CoPawError('usage', `--level takes ${logLevels.join(', ')}.`);
  const wanted = logFilter({ level, ...(text === undefined ? {} : { text }) });
  const from = since === undefined ? Number.NEGATIVE_INFINITY : startOf(since, now);
  const answers = new Set<unknown>();
  return (line) => {
    const { turnId, answerId } = line;
    if (turn !== undefined && turnId === turn && answerId !== undefined) answers.add(answerId);
    if (turn !== undefined && turnId !== turn && (answerId === undefined || !answers.has(answerId))) return false;
    return wanted(line) && Date.parse(line.time) >= from;
  };
}

function startOf(since: string, now: number): number {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/u.exec(since) ?? [];
  const at = number === undefined ? (/^\d{4}-\d\d-\d\d/u.test(since) ? Date.parse(since) : Number.NaN) : now - Number(number) * (units[unit] ?? 0);
  if (Number.isNaN(at)) throw new CoPawError('usage', '--since takes a time, or how long ago it was: 30s, 15m, 1h, 2d.');
  return at;
}

/** One line for people. */
export const forPeople = (line: LogLine): string => showLine(logText(line));
