// Composition of push notices: what a commit is looked at for, the key in the vault, and the rest loaded when the first browser is to be told.
import { agentLabel } from './core/agents.ts';
import type { AuditDoor } from './core/audit.ts';
import { auditedSecrets } from './core/audited-secrets.ts';
import type { Config } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import type { Log } from './core/log.ts';
import type { PushAdmin, PushDevice } from './core/push.ts';
import type { Redact, Secrets } from './core/secret.ts';
import type { OutboxRow } from './core/session.ts';
import type { Store } from './core/store.ts';
import type { Entry } from './core/turn-event.ts';
import type { Clock } from './lib/clock.ts';
import { once } from './lib/once.ts';

type PushNotices = ReturnType<typeof import('./gateway/push-notices.ts').createPushNotices>;

/** The name of our private key in the vault. */
const vault = 'push-sender';

export interface PushParts {
  readonly store: Store;
  readonly secrets: Secrets & { readonly redact: Redact };
  readonly audit: AuditDoor;
  readonly clock: Clock;
  readonly config: () => Config;
  /** The outward door, public addresses only. */
  readonly fetch: typeof globalThis.fetch;
  readonly log: Log;
  readonly onFault: (error: unknown) => void;
}

export interface Push {
  readonly admin: PushAdmin;
  /** What was committed. Returns at once. */
  committed(entries: readonly Entry[]): void;
  /** A part of an answer was given up, or may have been sent. Returns at once. */
  givenUp(row: OutboxRow): void;
  stop(): Promise<void>;
}

export function openPush(parts: PushParts): Push {
  const { store, secrets, audit, clock, log, onFault } = parts;
  const lastSeen = new Map<string, number>();
  let stopped = false;
  let notices: PushNotices | undefined;

  const makeKey = async (): Promise<void> => {
    const { newSenderKey } = await import('./lib/web-push.ts');
    await auditedSecrets(secrets, audit, 'copaw').set(vault, newSenderKey());
  };
  let making: Promise<void> | undefined;
  const publicKey = async (): Promise<string | undefined> => {
    if (!(await secrets.has({ vault }))) return undefined;
    const { senderPublicKey } = await import('./lib/web-push.ts');
    return secrets.use({ vault }, senderPublicKey);
  };

  const load = once(async (): Promise<PushNotices> => {
    const { createPushNotices } = await import('./gateway/push-notices.ts');
    notices = createPushNotices({
      ...{ store, clock, fetch: parts.fetch, lastSeen, redact: secrets.redact, log, onFault },
      withKey: async (fn) => secrets.use({ vault }, fn),
      hosts: () => parts.config().server.hosts,
      timezone: () => parts.config().timezone,
      agentName: (agentId) => nameOf(parts.config(), agentId),
      onRefused: (deviceId) => void audit.append('egress-refused', { rule: 'R18', deviceId }).catch(onFault),
    });
    return notices;
  });

  /** One after the other: an answer to a question never comes before the question. */
  let last: Promise<void> = Promise.resolve();
  const later = (look: () => Promise<void>): void => {
    last = last.then(async () => {
      if (!stopped && (await store.push.list()).length > 0) await look();
    });
    last = last.catch(onFault);
  };

  const known = async (deviceId: string): Promise<PushDevice | undefined> => (await store.push.list()).find((one) => one.deviceId === deviceId);

  return {
    admin: {
      async state(deviceId) {
        const [key, device] = await Promise.all([publicKey(), known(deviceId)]);
        const problem = notices?.problem(deviceId);
        const chosen = device && { kinds: device.kinds, text: device.text, language: device.language, ...(problem === undefined ? {} : { problem }) };
        return { ...(key === undefined ? {} : { key }), ...(chosen && device?.serverKey === key ? { device: chosen } : {}) };
      },
      async key() {
        if (!(await secrets.has({ vault }))) making ??= makeKey();
        await making?.finally(() => {
          making = undefined;
        });
        return (await publicKey()) ?? '';
      },
      async put(deviceId, target, choice, by) {
        const serverKey = await publicKey();
        if (serverKey === undefined)
          throw new CoPawError('conflict', 'There is no key yet that a browser could be bound to.', { next: 'Ask for the key first.' });
        if (!(await store.devices.list()).some(({ id }) => id === deviceId))
          throw new CoPawError('conflict', 'Only a browser that logged in can be told.', { next: 'Switch it on in the console.', retryable: false });
        const { sealPush } = await import('./lib/web-push.ts');
        try {
          sealPush('', target, 1);
        } catch (error) {
          throw new CoPawError('invalid', 'These are no keys of a browser.', { cause: error });
        }
        const before = await known(deviceId);
        if (before?.endpoint !== target.endpoint) await audit.append('push-on', { id: deviceId, host: new URL(target.endpoint).host, by });
        await store.push.put({ deviceId, serverKey, ...target, ...choice });
      },
      remove: async (deviceId, by) => removePush(store, audit, deviceId, by),
      async test(deviceId) {
        const device = await known(deviceId);
        if (!device) throw new CoPawError('not-found', 'Notifications are off in this browser.', { next: 'Switch them on first.' });
        await (await load()).test(device);
      },
      seen(deviceId) {
        lastSeen.set(deviceId, clock.steady());
        notices?.seen(deviceId);
      },
    },

    committed(entries) {
      if (!entries.some(isWorth)) return;
      later(async () => {
        const [{ noticeOf, approvalTag }, all] = await Promise.all([import('./gateway/push-events.ts'), load()]);
        for (const entry of entries) {
          if (entry.event.type === 'approval-answer') all.settle(approvalTag(entry.event.approvalId));
          const notice = await noticeOf(store, entry, entries);
          if (notice) await all.tell(notice);
        }
      });
    },

    givenUp(row) {
      later(async () => {
        const [{ noticeOfPart }, all] = await Promise.all([import('./gateway/push-events.ts'), load()]);
        const agentId = (await store.sessions.get(row.sessionId))?.agentId ?? 'CoPaw';
        await all.tell(noticeOfPart(row, agentId, clock.now()));
      });
    },

    async stop() {
      stopped = true;
      await last;
      await notices?.stop();
    },
  };
}

/** One that is gone has only its id. */
function nameOf({ agents }: Config, agentId: string): string {
  const agent = agents[agentId];
  return agent ? agentLabel({ id: agentId, name: agent.name }) : agentId;
}

/** Decided for every commit, so without anything loaded. */
const isWorth = ({ event: { type } }: Entry): boolean => type === 'approval-request' || type === 'approval-answer' || type === 'turn-end';

/** A device is told nothing from here on; also where no server runs. */
export async function removePush(store: Pick<Store, 'push'>, audit: AuditDoor, deviceId: string, by: string): Promise<boolean> {
  if (!(await store.push.list()).some((one) => one.deviceId === deviceId)) return false;
  await audit.append('push-off', { id: deviceId, by });
  return store.push.remove(deviceId);
}
