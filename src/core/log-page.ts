// Lines of the log as people look for them. The file is written by lib/log.ts, already without secrets.
import { z } from 'zod';

export const logLevels = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Level, time (ISO, UTC), event, and whatever fields it has. */
export const logLine = z.looseObject({ level: z.enum(logLevels), time: z.iso.datetime(), event: z.string() });
export type LogLine = z.output<typeof logLine>;

export interface LogQuery {
  readonly limit: number;
  /** This one and graver ones. */
  readonly level: LogLevel;
  /** Is in the line, in any case of letters. */
  readonly text?: string;
  /** Only lines written before, or after, this place. */
  readonly before?: string;
  readonly after?: string;
}

export interface LogPage {
  /** Newest first. `place` stays the line's own while the file moves on. */
  readonly entries: readonly { readonly place: string; readonly line: LogLine }[];
  /** Go on before it: there may be more. */
  readonly older?: string;
  /** Where reading began: what is written later comes after it. */
  readonly newest: string;
}

export interface LogsAdmin {
  page(query: LogQuery, signal: AbortSignal): Promise<LogPage>;
}

/** The line as words; of an error its message, not where it was thrown. */
export function logText({ time, level, event, ...fields }: LogLine): string {
  const members = Object.entries(fields).map(([name, value]) => `${name === 'err' ? 'error' : name}=${valueText(value)}`);
  return [time, level.padEnd(5), event, ...members].join('  ');
}

/** Whether a line is as grave as asked for, and holds the text. */
export function logFilter({ level, text = '' }: Pick<LogQuery, 'level' | 'text'>): (line: LogLine) => boolean {
  const least = logLevels.indexOf(level);
  const wanted = text.toLowerCase();
  return (line) => logLevels.indexOf(line.level) >= least && (wanted === '' || logText(line).toLowerCase().includes(wanted));
}

function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('message' in value && typeof value.message === 'string') return value.message;
  return JSON.stringify(value);
}
