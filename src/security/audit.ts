// The audit door (R24): append-only records, metadata and digests only, chained by HMAC; only whole oldest segments ever leave, and the chain says so.
import type { AuditDoor, AuditKeep, AuditRecord } from '../core/audit.ts';
import { CoPawError } from '../core/error.ts';
import type { Keys, Redact } from '../core/secret.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { once } from '../lib/once.ts';
import { type ChainHead, cappedDetail, checkpointKind, createChainCheck, headOf, macOf, pruneKind, sizeOf } from '../lib/record-chain.ts';

type Detail = AuditRecord['detail'];
const pageSize = 500;
/** Records between two checkpoints. */
const segment = 500;
const dayMs = 24 * 60 * 60_000;

/** Without `keep` nothing ever leaves. */
export function createAudit(parts: { store: Store['audit']; keys: Keys; clock: Clock; redact: Redact; keep?: () => AuditKeep }): AuditDoor {
  const { store, clock, redact, keep } = parts;
  const key = once(() => parts.keys.readOrMake('audit.key'));
  let head: ChainHead | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const findHead = async (): Promise<ChainHead> => {
    const last = (await store.checkpoints()).at(-1);
    return headOf(await store.last(), last, await store.after(last?.seq ?? 0, 2 * segment));
  };
  const link = async (to: ChainHead, kind: string, detail: Detail): Promise<void> => {
    const record = { at: clock.now(), kind, detail };
    const mac = macOf(key(), to.mac, record);
    await store.append({ ...record, mac });
    to.mac = mac;
    to.inSegment++;
    to.bytes += sizeOf(detail);
  };
  /** Whole segments that are too old, or more than is kept. What leaves is written down before it does. */
  const prune = async (to: ChainHead, { days, megabytes }: AuditKeep): Promise<void> => {
    const old = (one: AuditRecord): boolean => one.at < clock.now() - days * dayMs || to.bytes - Number(one.detail.bytes) > megabytes * 1_000_000;
    const through = (await store.checkpoints()).findLast(old);
    if (!through) return;
    await link(to, pruneKind, { checkpoint: through.mac, before: through.seq });
    await store.removeBefore(through.seq);
  };
  const write = async (kind: string, detail: Detail): Promise<void> => {
    try {
      head ??= await findHead();
      await link(head, kind, cappedDetail(detail, redact));
      if (head.inSegment < segment) return;
      await link(head, checkpointKind, { previous: head.mac, bytes: head.bytes });
      head.inSegment = 0;
      if (keep) await prune(head, keep());
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
      const check = createChainCheck(key());
      let last = 0;
      for (let page = await store.after(0, pageSize); page.length > 0; page = await store.after(last, pageSize)) {
        for (const record of page) check.add(record);
        last = page.at(-1)?.seq ?? last;
      }
      const { records, broken, head: found } = check.end();
      if (broken !== undefined) return { ok: false, records, brokenAt: broken };
      // The table remembers the highest number it gave.
      const cut = (head !== undefined && head.mac !== found) || (await store.lastSeq()) !== last;
      return cut ? { ok: false, records, brokenAt: 0 } : { ok: true, records };
    },
  };
}
