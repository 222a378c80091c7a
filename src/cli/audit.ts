// `copaw audit …`: what was done and refused, whether the chain holds, and a copy of it.

import type { AuditRecord } from '../core/audit.ts';
import { CoPawError } from '../core/error.ts';
import type { SecurityAdmin } from '../core/security.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print, timeText } from './print.ts';
import { securityOf } from './security-of.ts';
import { showEscaped, showLine } from './text.ts';

export interface TailOptions extends CommonOptions {
  readonly lines: string;
  readonly follow?: boolean;
  readonly kind?: string;
}

const followMs = 1_000;
const page = 500;

export async function tail(context: Context, options: TailOptions, clock: Pick<Clock, 'sleep'> = systemClock): Promise<number> {
  const limit = Number(options.lines);
  if (!/^\d{1,4}$/u.test(options.lines) || limit < 1 || limit > 1_000) throw new CoPawError('usage', '-n takes a number from 1 to 1000.');
  const admin = await securityOf(context, options);
  const show = (records: readonly AuditRecord[]): void => {
    for (const record of records) context.terminal.out(options.json === true ? `${JSON.stringify(record)}\n` : `${line(record)}\n`);
  };
  const kind = options.kind === undefined ? {} : { kind: options.kind };
  const newest = (await admin.audit({ limit: 1 })).at(-1)?.seq ?? 0;
  show((await admin.audit({ limit, ...kind })).filter(({ seq }) => seq <= newest));
  if (options.follow !== true) return exitCodes.answered;
  const stopped = new AbortController();
  const end = context.terminal.onStop(() => stopped.abort());
  try {
    for (let after = newest; !stopped.signal.aborted; ) {
      await clock.sleep(followMs, stopped.signal).catch(() => undefined); // rejects only when stopped
      if (stopped.signal.aborted) break;
      const records = await admin.audit({ limit: page, after });
      show(records.filter((record) => options.kind === undefined || record.kind === options.kind));
      after = records.at(-1)?.seq ?? after;
    }
  } finally {
    end();
  }
  return exitCodes.answered;
}

export async function verify(context: Context, options: CommonOptions): Promise<number> {
  const verdict = await (await securityOf(context, options)).verifyAudit();
  print(context, options, verdict, () => {
    if (verdict.ok) context.terminal.out(`The chain holds: ${verdict.records} records.\n`);
    else
      context.terminal.out(
        verdict.brokenAt === 0
          ? 'The chain is BROKEN: the newest records are missing.\n'
          : `The chain is BROKEN at record ${verdict.brokenAt}: it does not follow from the one before.\n`,
      );
  });
  return verdict.ok ? exitCodes.answered : exitCodes.failed;
}

export async function exportTo(context: Context, file: string, options: CommonOptions): Promise<number> {
  const admin = await securityOf(context, options);
  const records = await context.parts.writeLines(file, everything(admin));
  return print(context, options, { file, records }, () => context.terminal.out(`${records} records are in ${showEscaped(file)}.\n`));
}

async function* everything(admin: SecurityAdmin): AsyncGenerator<string> {
  let after = 0;
  for (;;) {
    const records = await admin.audit({ limit: page, after });
    if (records.length === 0) return;
    for (const record of records) yield JSON.stringify(record);
    after = records.at(-1)?.seq ?? after;
  }
}

function line({ seq, at, kind, detail }: AuditRecord): string {
  const members = Object.entries(detail).map(([name, value]) => `${name}=${value === '' ? '""' : value}`);
  return showLine([seq, timeText(at), kind, ...members].join('  '));
}
