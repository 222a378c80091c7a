// The audit door (R24): append-only records, metadata and digests only, each chained to the one before by HMAC.
import { createHmac } from 'node:crypto';
import type { AuditDoor } from '../core/audit.ts';
import { CoPawError } from '../core/error.ts';
import type { Keys, Redact } from '../core/secret.ts';
import type { AuditRecord, Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { once } from '../lib/once.ts';

type Detail = AuditRecord['detail'];

const longestText = 500;
const pageSize = 500;

export function createAudit(parts: { store: Store['audit']; keys: Keys; clock: Clock; redact: Redact }): AuditDoor {
  const { store, clock, redact } = parts;
  const key = once(() => parts.keys.readOrMake('audit.key'));
  let head: string | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const write = async (kind: string, detail: Detail): Promise<void> => {
    try {
      head ??= (await store.last())?.mac ?? '';
      const record = { at: clock.now(), kind, detail: clean(detail, redact) };
      const mac = macOf(key(), head, record);
      await store.append({ ...record, mac });
      head = mac;
    } catch (cause) {
      head = undefined; // it may have been written all the same: ask the store again
      throw new CoPawError('audit-unwritable', 'The audit log cannot be written, so nothing with side effects may run.', {
        next: 'Check free space and the rights on the home and on its secret directory, then try again.',
        rule: 'R24',
        cause,
      });
    }
  };

  return {
    append(kind, detail) {
      const done = queue.then(() => write(kind, detail));
      queue = done.catch(() => undefined);
      return done;
    },
    async verify() {
      await queue;
      let previous = '';
      let records = 0;
      for (let after = 0; ; ) {
        const page = await store.after(after, pageSize);
        for (const { seq, mac, ...record } of page) {
          if (mac !== macOf(key(), previous, record)) return { ok: false, records, brokenAt: seq };
          previous = mac;
          after = seq;
          records++;
        }
        if (page.length < pageSize) break;
      }
      return head !== undefined && head !== previous ? { ok: false, records, brokenAt: 0 } : { ok: true, records };
    },
  };
}

function macOf(key: Uint8Array, previous: string, record: Omit<AuditRecord, 'seq' | 'mac'>): string {
  const members = Object.entries(record.detail).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac('sha256', key)
    .update(JSON.stringify([previous, record.at, record.kind, members]))
    .digest('hex');
}

function clean(detail: Detail, redact: Redact): Detail {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, typeof value === 'string' ? redact(value).toWellFormed().slice(0, longestText) : value]),
  );
}
