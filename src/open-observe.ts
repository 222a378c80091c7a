// Composition of how a running CoPaw is looked at: the life of messages, numbers, and whether it can receive and answer.
import type { AuditDoor } from './core/audit.ts';
import type { MessagesAdmin } from './core/messages.ts';
import type { Redact } from './core/secret.ts';
import type { Store } from './core/store.ts';
import type { Counters } from './gateway/counters.ts';
import type { Delivery } from './gateway/deliver.ts';
import type { Gateway } from './gateway/gateway.ts';

/** With less room on the disk a message may be refused: say so before. */
const leastFree = 16 * 1024 * 1024;

export function openObserve(parts: {
  readonly store: Store;
  readonly gateway: Gateway;
  readonly delivery: Delivery;
  readonly audit: AuditDoor;
  readonly redact: Redact;
  readonly counters: Counters;
  readonly version: string;
  readonly startedAt: number;
  /** Throws where no model can be had. */
  readonly model: () => unknown;
  readonly stopping: () => boolean;
}) {
  const { store, gateway, delivery, audit, redact } = parts;
  return {
    async messages(by: string): Promise<MessagesAdmin> {
      const { createMessagesAdmin } = await import('./gateway/messages.ts');
      return createMessagesAdmin({
        ...{ store, redact, by },
        retries: {
          message: (envelope) => gateway.again(envelope),
          part: (row, evenIfSent) => delivery.retry(row, evenIfSent),
          audit: (kind, detail) => audit.append(kind, detail),
        },
      });
    },
    async metrics(): Promise<string> {
      const { writeMetrics } = await import('./gateway/metrics.ts');
      return writeMetrics({ ...parts, lanes: gateway.lanes });
    },
    /** The store takes a transaction and has room, a model is there, and CoPaw is not stopping. */
    async ready(): Promise<boolean> {
      if (parts.stopping()) return false;
      try {
        parts.model();
        await store.commit({});
        return (await store.space()).free >= leastFree;
      } catch {
        return false;
      }
    },
  };
}
