// Push notices on their way: held back while somebody looks at the console on that device, sent once, and taken back where the question is settled.
import { CoPawError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { PushDevice, PushProblem } from '../core/push.ts';
import type { Redact } from '../core/secret.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { excerpt } from '../lib/excerpt.ts';
import { escapeForDisplay } from '../lib/visible-text.ts';
import type { PushNotice } from './push-events.ts';
import { messageBytes, type PushMessage, type PushOutcome, sendPush } from './push-send.ts';
import { pushWords } from './push-words.ts';

/** A page that is seen says so every ten seconds: after so many without a word nobody looks. */
const lookMs = 15_000;
/** Notices on their way, and questions that were told of, over all devices. */
const mostWaiting = 200;
const mostRemembered = 1_000;
const mostText = 300;

export interface PushNoticeParts {
  readonly store: Pick<Store, 'push'>;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** Calls `fn` with our private key. */
  withKey<T>(fn: (privateKey: string) => T): Promise<T>;
  /** The names the console is reached by beside the machine's own. */
  readonly hosts: () => readonly string[];
  readonly timezone: () => string;
  /** How an agent is called. */
  readonly agentName: (agentId: string) => string;
  readonly redact: Redact;
  /** When a console of this device was last seen, in `steady` milliseconds. */
  readonly lastSeen: ReadonlyMap<string, number>;
  readonly log: Log;
  readonly onFault: (error: unknown) => void;
  /** An endpoint that leads where nothing may be sent. */
  readonly onRefused: (deviceId: string) => void;
}

interface Item {
  readonly device: PushDevice;
  readonly notice: PushNotice;
  readonly stop: AbortController;
  state: 'held' | 'sending' | 'sent';
  /** A push service may have it. */
  offered: boolean;
  /** Is known until it is settled. */
  readonly stays: boolean;
}

/**
 * Apple's push service answers 403 to a sender whose name leads nowhere ("localhost", ".invalid", ".local"). A phone has the console from a name of its own,
 * which is a good one; without any, one that is there and belongs to nobody.
 */
export function subjectOf(hosts: readonly string[]): string {
  const named = hosts.find(
    (host) => /^[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z][a-z\d-]+$/iu.test(host) && !/\.(?:local|localhost|internal|invalid|test|example|lan|home|arpa)$/iu.test(host),
  );
  return named === undefined ? 'mailto:operator@example.com' : `https://${named.toLowerCase()}`;
}

export function createPushNotices(parts: PushNoticeParts) {
  const { store, clock } = parts;
  const items = new Map<string, Item>();
  const told = new Set<string>();
  const problems = new Map<string, PushProblem>();
  const running = new Set<Promise<unknown>>();
  const keyOf = (device: PushDevice, tag: string): string => `${device.deviceId} ${tag}`;

  const isTwice = (id: string): boolean => {
    if (told.has(id)) return true;
    told.add(id);
    for (const oldest of told) {
      if (told.size <= mostRemembered) break;
      told.delete(oldest);
    }
    return false;
  };

  const send = async (device: PushDevice, message: PushMessage, how: Omit<Parameters<typeof sendPush>[3], 'isTold'>): Promise<PushOutcome> => {
    // Revoked, switched off or moved meanwhile: nothing goes there any more.
    const isTold = async (): Promise<boolean> =>
      (await store.push.list()).some(({ deviceId, endpoint }) => deviceId === device.deviceId && endpoint === device.endpoint);
    const onRefused = () => parts.onRefused(device.deviceId);
    const sender = { clock, fetch: parts.fetch, subject: subjectOf(parts.hosts()), onRefused };
    const outcome = await parts.withKey((privateKey) => sendPush({ ...sender, privateKey }, device, message, { ...how, isTold }));
    if (outcome.is === 'gone') await store.push.remove(device.deviceId, device.endpoint);
    if (outcome.is === 'failed') problems.set(device.deviceId, outcome.why);
    else problems.delete(device.deviceId);
    parts.log(outcome.is === 'sent' ? 'info' : 'warn', `push-${outcome.is}`, {
      deviceId: device.deviceId,
      ...(outcome.is === 'failed' ? { why: outcome.why.code, ...(outcome.why.status === undefined ? {} : { status: outcome.why.status }) } : {}),
    });
    return outcome;
  };

  const work = (item: Item, message: (notice: PushNotice, device: PushDevice) => Promise<PushMessage>): void => {
    const { device, notice, stop } = item;
    const key = keyOf(device, notice.tag);
    const run = async (): Promise<void> => {
      const seen = parts.lastSeen.get(device.deviceId);
      const wait = seen === undefined ? 0 : seen + lookMs - clock.steady();
      if (wait > 0) await clock.sleep(wait, stop.signal);
      item.state = 'sending';
      const offered = (): void => {
        item.offered = true;
      };
      await send(device, await message(notice, device), { signal: stop.signal, offered });
      item.state = 'sent';
    };
    const done = run()
      .catch((error: unknown) => {
        if (!stop.signal.aborted) parts.onFault(error);
      })
      .finally(() => {
        running.delete(done);
        if (items.get(key) === item && !(item.state === 'sent' && item.stays)) items.delete(key);
      });
    running.add(done);
  };

  const begin = (device: PushDevice, notice: PushNotice, message: Parameters<typeof work>[1], stays: boolean): void => {
    const key = keyOf(device, notice.tag);
    items.get(key)?.stop.abort();
    items.delete(key);
    if (items.size >= mostWaiting) {
      parts.log('warn', 'push-dropped', { deviceId: device.deviceId });
      return;
    }
    const item: Item = { device, notice, stop: new AbortController(), state: 'held', offered: false, stays };
    items.set(key, item);
    work(item, message);
  };

  const time = (at: number, { language }: PushDevice): string =>
    new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
      timeStyle: 'short',
      timeZone: parts.timezone(),
    }).format(at);

  const agent = ({ agentId }: PushNotice): string => shown(parts.agentName(agentId), 60);
  const words = async (notice: PushNotice, device: PushDevice): Promise<PushMessage> => {
    const say = pushWords(device.language);
    const own = device.text ? shown(parts.redact(await notice.text()), mostText) : '';
    const rest = notice.kind === 'approvals' ? say.until(time(notice.expiresAt, device)) : say.open;
    return {
      ...{ tag: notice.tag, expiresAt: notice.expiresAt, urgency: notice.kind === 'approvals' || notice.kind === 'reminders' ? 'high' : 'normal' },
      text: payload(notice, say.title(notice.kind, agent(notice)), own === '' || notice.kind === 'approvals' ? [own, rest].join('\n').trim() : own),
    };
  };
  const settledWords = async (notice: PushNotice, device: PushDevice): Promise<PushMessage> => {
    const say = pushWords(device.language);
    const text = payload({ ...notice, id: `${notice.id}-settled` }, say.settled, agent(notice), true);
    return { tag: notice.tag, expiresAt: clock.now() + 60 * 60_000, urgency: 'normal', text };
  };

  return {
    /** Every device that chose this kind is told, once. */
    async tell(notice: PushNotice): Promise<void> {
      if (isTwice(notice.id)) return;
      for (const device of await store.push.list()) if (device.kinds.includes(notice.kind)) begin(device, notice, words, notice.kind === 'approvals');
    },

    /** A question needs no answer any more: what was not told is not told, and what was is replaced. */
    settle(tag: string): void {
      for (const item of [...items.values()]) {
        if (item.notice.tag !== tag || !item.stays) continue;
        item.stop.abort();
        items.delete(keyOf(item.device, tag));
        if (item.offered) begin(item.device, item.notice, settledWords, false);
      }
    },

    /** Somebody looks there: they see what was held back. */
    seen(deviceId: string): void {
      for (const { device, state, stop } of items.values()) if (device.deviceId === deviceId && state === 'held') stop.abort();
    },

    problem: (deviceId: string): PushProblem | undefined => problems.get(deviceId),

    async test(device: PushDevice): Promise<void> {
      const say = pushWords(device.language);
      const text = payload({ id: `test-${clock.now()}`, tag: 'test', hash: '#/inbox' }, say.test, say.testText, false, true);
      const message: PushMessage = { tag: 'test', expiresAt: clock.now() + 60_000, urgency: 'high', text };
      const outcome = await send(device, message, { signal: new AbortController().signal, retries: false });
      if (outcome.is === 'sent') return;
      if (outcome.is === 'failed')
        throw new CoPawError('egress-failed', problemText(outcome.why), { next: 'Check that this machine reaches the internet, then try again.' });
      throw new CoPawError('conflict', 'The push service does not know this browser any more.', { next: 'Switch it off and on again.', retryable: false });
    },

    async stop(): Promise<void> {
      for (const { stop } of items.values()) stop.abort();
      await Promise.allSettled(running);
    },
  };
}

function problemText({ code, status }: PushProblem): string {
  if (code === 'late') return 'It was too late to tell.';
  return code === 'answered' ? `The push service answered ${status}.` : 'The push service could not be reached.';
}

/** What the service worker reads; all of it together fits into a message. */
function payload({ id, tag, hash }: Pick<PushNotice, 'id' | 'tag' | 'hash'>, title: string, body: string, silent = false, always = false): string {
  for (let most = body.length; ; most = Math.floor(most / 2)) {
    const text = JSON.stringify({ id, tag, hash, title, body: shown(body, most), silent, always });
    if (Buffer.byteLength(text) <= messageBytes || most === 0) return text;
  }
}

const shown = (text: string, most: number): string => (text.length <= most ? escapeForDisplay(text) : excerpt(escapeForDisplay(text), [], most));
