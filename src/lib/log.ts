// The log file: one JSON line an event, redacted, in files of bounded size and number. pino is loaded for the first line.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

type Fields = Readonly<Record<string, unknown>>;

interface LogOptions {
  /** Made when missing; holds copaw.log and older parts copaw.log.1 to .4. */
  readonly directory: string;
  readonly redact: (text: string) => string;
  /** Bytes of one file; default 5 MB. */
  readonly mostBytes?: number;
}

const olderFiles = 4;

/** A line that cannot be written is lost: a full disk must not stop an answer. `close` resolves when all are on their way to disk; what comes later is lost. */
export function openLog({ directory, redact, mostBytes = 5_000_000 }: LogOptions): {
  readonly log: (level: 'info' | 'warn' | 'error', event: string, fields?: Fields) => void;
  close(): Promise<void>;
} {
  const path = join(directory, 'copaw.log');
  const write = (line: string): void => {
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= mostBytes) moveOn(path);
      appendFileSync(path, redact(line), { mode: 0o600 });
    } catch {
      // see above
    }
  };
  const open = async () => {
    const { pino, stdTimeFunctions } = await import('pino');
    return pino({ base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, { write });
  };
  let logger: ReturnType<typeof open> | undefined;
  let last: Promise<void> = Promise.resolve();
  let closed = false;
  return {
    log(level, event, fields = {}) {
      if (closed) return;
      logger ??= open();
      last = logger.then((made) => made[level]({ ...fields, event })).catch(() => undefined);
    },
    async close() {
      closed = true;
      await last;
    },
  };
}

function moveOn(path: string): void {
  for (let part = olderFiles - 1; part >= 1; part--)
    if (statSync(`${path}.${part}`, { throwIfNoEntry: false })) renameSync(`${path}.${part}`, `${path}.${part + 1}`);
  renameSync(path, `${path}.1`);
}
