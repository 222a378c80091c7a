// What a channel lives on in tests: the machine's own clock, and a network that ends at loopback.
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Inbox, IncomingFile } from '../core/channel.ts';
import { type AnyChannelKind, type ChannelHands, channelSettings, reachesOrigin } from '../core/channel-kind.ts';
import { CoPawError } from '../core/error.ts';
import type { Inbound } from '../core/inbound.ts';
import { systemClock } from '../lib/clock.ts';

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

export interface TestHands extends ChannelHands {
  /** Sockets that `connect` made and that are not closed. */
  readonly sockets: ReadonlySet<Socket>;
  /** Timers that were set and neither fired nor were cancelled. */
  readonly timers: ReadonlySet<object>;
}

/** Refuses what the kind does not declare, as CoPaw does, and what is not loopback. */
export function testHands(kind: AnyChannelKind, settings: Readonly<Record<string, unknown>>, secrets: Readonly<Record<string, string>>): TestHands {
  const parsed = channelSettings(kind, 'main', settings);
  const origins = kind.origins(parsed);
  const sockets = new Set<Socket>();
  const timers = new Set<object>();
  const check = (origin: string): URL => {
    const url = new URL(origin);
    if (!reachesOrigin(origins, origin) || !loopback.has(url.hostname)) throw new CoPawError('egress-refused', `${origin} is not reached.`, { rule: 'R18' });
    return url;
  };
  return {
    ...{ account: 'main', sockets, timers, random: () => 0.5, log: () => undefined, language: () => 'en' as const },
    clock: {
      now: systemClock.now,
      steady: systemClock.steady,
      sleep: systemClock.sleep,
      after(ms, fn) {
        const one = {};
        timers.add(one);
        const timer = systemClock.after(ms, () => {
          timers.delete(one);
          fn();
        });
        return {
          cancel() {
            timers.delete(one);
            timer.cancel();
          },
        };
      },
    },
    async fetch(input, init) {
      check(new URL(input instanceof Request ? input.url : input).origin);
      return globalThis.fetch(input, { ...init, redirect: 'error' });
    },
    async connect(origin, signal) {
      const { hostname, port, protocol } = check(origin);
      if (signal.aborted) throw new CoPawError('cancelled', 'The work was cancelled.');
      const socket =
        protocol === 'tls:' ? connectTls({ host: hostname, port: Number(port), servername: hostname }) : connectTcp({ host: hostname, port: Number(port) });
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      const abort = (): void => void socket.destroy();
      signal.addEventListener('abort', abort, { once: true });
      try {
        await new Promise<void>((resolve, reject) => {
          socket.once(protocol === 'tls:' ? 'secureConnect' : 'connect', resolve);
          socket.once('error', (error) => reject(new CoPawError('egress-failed', `${hostname} could not be reached.`, { cause: error })));
          socket.once('close', () => reject(new CoPawError(signal.aborted ? 'cancelled' : 'egress-failed', 'The connection was closed.')));
        });
      } finally {
        signal.removeEventListener('abort', abort);
      }
      socket.on('error', () => undefined);
      return socket;
    },
    async secret(ref) {
      const value = 'vault' in ref ? secrets[ref.vault] : undefined;
      if (value === undefined) throw new CoPawError('secret-missing', 'There is no such secret.');
      return value;
    },
  };
}

/** An inbox that writes down what comes, and says no when it is told to. */
export interface RecordingInbox extends Inbox {
  readonly events: readonly (Inbound & { readonly files: readonly IncomingFile[] })[];
  readonly lives: number;
  /** The next so many events are not taken. */
  refuse(count: number): void;
  /** Refused ones. */
  readonly refused: readonly Inbound[];
  /** The first event that is like this, already there or to come; rejects after ten seconds. */
  until(like: (event: Inbound) => boolean): Promise<Inbound & { readonly files: readonly IncomingFile[] }>;
  /** Resolves once it is alive. */
  alivePromise: Promise<void>;
}

export function recordingInbox(): RecordingInbox {
  const events: (Inbound & { readonly files: readonly IncomingFile[] })[] = [];
  const refused: Inbound[] = [];
  const looks = new Set<() => void>();
  const first = Promise.withResolvers<void>();
  let lives = 0;
  let refusals = 0;
  return {
    events,
    refused,
    get lives() {
      return lives;
    },
    refuse(count) {
      refusals = count;
    },
    alivePromise: first.promise,
    alive() {
      lives++;
      first.resolve();
    },
    async receive(event, files = []) {
      if (refusals > 0) {
        refusals--;
        refused.push(event);
        for (const look of looks) look();
        throw new CoPawError('disk-full', 'There is no space left to write to.');
      }
      events.push({ ...event, files });
      for (const look of looks) look();
    },
    until: (like) =>
      new Promise((resolve, reject) => {
        const patience = setTimeout(() => {
          looks.delete(look);
          reject(new Error(`It did not come. There came: ${JSON.stringify(events.map(({ files, ...event }) => ({ ...event, files: files.length })))}`));
        }, 10_000);
        const look = (): void => {
          const found = events.find(like);
          if (!found) return;
          clearTimeout(patience);
          looks.delete(look);
          resolve(found);
        };
        looks.add(look);
        look();
      }),
  };
}
