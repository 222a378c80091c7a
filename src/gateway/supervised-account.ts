// One account of a channel, kept connected. A connection is a generation: only the current one is listened to and sent through, and none is
// ever waited for. It counts as alive only while its receive path shows life; each account has one timer, set for the first thing that is due.
// What is waited for goes by steady time, what is shown by the clock: setting the clock neither storms nor silences an account.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Channel, ChannelLimits, ChannelOutside, Inbox } from '../core/channel.ts';
import type { ChannelState } from '../core/channel-state.ts';
import { CoPawError } from '../core/error.ts';
import type { Redact } from '../core/secret.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { failedConnection, stepOf } from './connection-failure.ts';

/** Silence after which a connection is replaced, where the channel says nothing else; and the longest that connecting may take. */
const usualLiveMs = 90_000;
/** So long a connection must show life before the next failure counts as a first one, and before people are told that it is back. */
const steadyMs = 60_000;
/** So long it may be down before people are told elsewhere. */
const tellAfterMs = 60_000;
/** Stops that never end are looked after up to so many; older ones are left to themselves. */
const mostStopping = 8;

export interface AccountParts {
  readonly channel: string;
  readonly account: string;
  make(): Channel;
  readonly clock: Clock;
  /** At least 0 and below 1. */
  readonly random: () => number;
  readonly redact: Redact;
  readonly onUp: () => void;
  /** It has been down for a minute, or is refused. Answers with the id of what was said; undefined: ask again later. */
  tellDown(state: ChannelState): Promise<string | undefined>;
  /** The id of what an earlier run of CoPaw said and did not take back. */
  toldBefore(state: ChannelState): Promise<string | undefined>;
  /** It was said, with this id, that it is down, and now it has been up for a while. */
  tellBack(state: ChannelState, downId: string): Promise<void>;
  readonly onFault: (error: unknown) => void;
}

interface Generation {
  readonly channel: Channel;
  readonly outside: ChannelOutside;
  readonly abort: AbortController;
  /** Sends on their way through it. */
  readonly sending: Set<(error: Error) => void>;
  /** In steady time, as `lastAt`. */
  upAt: number | undefined;
  /** Its beginning, then the last sign of life. */
  lastAt: number;
}

export class SupervisedAccount {
  readonly #parts: AccountParts;
  readonly #inSend = new AsyncLocalStorage<true>();
  /** Stops that have not ended. */
  readonly #stopping = new Set<Promise<void>>();
  #inbox: Inbox | undefined;
  #generation: Generation | undefined;
  #state: ChannelState['state'] = 'off';
  #since: number;
  /** `steady` is for waiting, `at` to be shown. */
  #downSince: { readonly at: number; readonly steady: number } | undefined;
  #attempts = 0;
  #lastError: ChannelState['lastError'];
  #lastReceivedAt: number | undefined;
  /** In steady time, as all that is due. */
  #retryAt: number | undefined;
  #limits: ChannelLimits | undefined;
  /** Made before its time, because its limits were asked for; the next connection is made with it. */
  #early: Channel | undefined;
  #timer: { readonly timer: Timer; readonly due: number } | undefined;
  /** When people are to be told that it is down. */
  #tellAt: number | undefined;
  /** The id of what was said. */
  #told: string | undefined;
  #telling = false;
  #askedBefore = false;

  constructor(parts: AccountParts) {
    this.#parts = parts;
    this.#since = parts.clock.now();
  }

  get state(): ChannelState {
    const { channel, account, clock } = this.#parts;
    return {
      ...{ channel, account, state: this.#state, since: this.#since, attempts: this.#attempts },
      ...(this.#downSince === undefined ? {} : { downSince: this.#downSince.at }),
      ...(this.#lastReceivedAt === undefined ? {} : { lastReceivedAt: this.#lastReceivedAt }),
      ...(this.#retryAt === undefined ? {} : { nextTryAt: Math.round(clock.now() + this.#retryAt - clock.steady()) }),
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  /** To send through; undefined unless it is up. */
  get outside(): ChannelOutside | undefined {
    return this.#state === 'up' ? this.#generation?.outside : undefined;
  }

  /** Where requests of a platform that calls us go; undefined while nothing runs, and where the account takes none. */
  get webhook(): Channel['webhook'] {
    const channel = this.#generation?.channel;
    return channel?.webhook?.bind(channel);
  }

  /** Of the latest connection there was, or else of the first that there will be; undefined where it is off or cannot be made. */
  get limits(): ChannelLimits | undefined {
    if (this.#limits || this.#state === 'off') return this.#limits;
    try {
      this.#early = this.#parts.make();
      this.#limits = this.#early.limits;
    } catch {
      // The connection fails in the same way, and says so.
    }
    return this.#limits;
  }

  /** Stops that have not ended, of connections of any age. */
  get stopping(): readonly Promise<void>[] {
    return [...this.#stopping];
  }

  /** It counts as switched on; nothing is connected before `connect`. */
  switchOn(): void {
    if (this.#state === 'off') this.#enter('connecting');
  }

  /** Begins where nothing is under way. */
  connect(inbox: Inbox): void {
    this.#inbox = inbox;
    if (this.#state !== 'off' && !this.#generation && this.#retryAt === undefined) this.#begin();
  }

  /** A fresh connection at once, in place of the one there is. */
  reconnect(): void {
    this.#early = undefined;
    if (this.#state === 'off' || !this.#inbox) return;
    const stuck = this.#stopping.size > 0;
    this.#letGo();
    if (this.#state === 'up') this.#enter('connecting');
    this.#begin(stuck);
  }

  /** `leaveSends`: the process ends, and what became of sends under way is asked at the next start. */
  switchOff({ leaveSends = false } = {}): void {
    this.#letGo(leaveSends);
    this.#early = undefined;
    this.#retryAt = undefined;
    this.#downSince = undefined;
    this.#tellAt = undefined;
    this.#told = undefined;
    this.#attempts = 0;
    this.#lastError = undefined;
    this.#enter('off');
    this.#arm();
  }

  /** There may be a way to tell people now. */
  tellAgain(): void {
    if (this.#told !== undefined || this.#telling || this.#tellAt !== undefined || this.#downSince === undefined) return;
    this.#tellWhenLong(this.#downSince.steady);
    this.#arm();
  }

  #enter(state: ChannelState['state']): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#since = this.#parts.clock.now();
  }

  /** `stuck`: an earlier connection was let go a while ago, and is not gone. */
  #begin(stuck = this.#stopping.size > 0): void {
    if (stuck) this.#parts.onFault(new CoPawError('channel-down', `${this.#name}: an earlier connection has not stopped yet. A new one is made beside it.`));
    this.#retryAt = undefined;
    try {
      const channel = this.#early ?? this.#parts.make();
      this.#early = undefined;
      const generation: Generation = {
        channel,
        outside: this.#outsideOf(channel, () => generation.sending),
        abort: new AbortController(),
        sending: new Set(),
        upAt: undefined,
        lastAt: this.#parts.clock.steady(),
      };
      this.#generation = generation;
      this.#limits = channel.limits;
      const running = this.#inSend.exit(async () => channel.start(this.#inboxOf(generation), generation.abort.signal));
      running.then(
        () => this.#ended(generation, new CoPawError('channel-down', 'The connection has ended.')),
        (error: unknown) => this.#ended(generation, error),
      );
      this.#arm();
    } catch (error) {
      this.#fail(error);
    }
  }

  #inboxOf(generation: Generation): Inbox {
    return {
      receive: async (event, files) => {
        if (generation !== this.#generation || !this.#inbox)
          throw new CoPawError('channel-down', `${this.#name}: this connection was replaced; what it brings is not taken.`, {
            next: 'Acknowledge nothing: the platform delivers it again.',
          });
        this.#showsLife(generation);
        await this.#inbox.receive(event, files);
      },
      alive: () => {
        if (generation === this.#generation && this.#inSend.getStore() === undefined) this.#showsLife(generation);
      },
    };
  }

  /** What is on its way when the connection is replaced may have arrived, and holds up nothing that comes after it. */
  #outsideOf(channel: Channel, sending: () => Generation['sending']): ChannelOutside {
    const guard =
      <Given extends unknown[], Result>(ask: (...given: Given) => Promise<Result>) =>
      async (...given: Given): Promise<Result> => {
        const cut = Promise.withResolvers<never>();
        sending().add(cut.reject);
        try {
          return await Promise.race([this.#inSend.run(true, () => ask(...given)), cut.promise]);
        } finally {
          sending().delete(cut.reject);
        }
      };
    return {
      limits: channel.limits,
      send: guard((...given) => channel.send(...given)),
      ...(channel.edit ? { edit: guard(channel.edit.bind(channel)) } : {}),
      ...(channel.typing ? { typing: guard(channel.typing.bind(channel)) } : {}),
      ...(channel.reconcile ? { reconcile: guard(channel.reconcile.bind(channel)) } : {}),
    };
  }

  #showsLife(generation: Generation): void {
    const now = this.#parts.clock.steady();
    generation.lastAt = now;
    this.#lastReceivedAt = this.#parts.clock.now();
    if (generation.upAt === undefined) {
      generation.upAt = now;
      this.#downSince = undefined;
      this.#tellAt = undefined;
      this.#enter('up');
      this.#arm();
      if (!this.#askedBefore) void this.#askBefore();
      this.#parts.onUp();
    } else if (this.#attempts > 0 && now - generation.upAt >= steadyMs) {
      this.#attempts = 0;
      this.#lastError = undefined;
    }
  }

  #ended(generation: Generation, error: unknown): void {
    if (generation === this.#generation) this.#fail(error);
  }

  #fail(thrown: unknown): void {
    this.#letGo();
    const now = this.#parts.clock.steady();
    this.#attempts++;
    const { refused, waitMs, error } = failedConnection(thrown, this.#attempts, this.#parts.random());
    const next = error.next ?? (refused ? `Mend it, then run \`copaw channels restart ${this.#name}\`.` : undefined);
    this.#lastError = {
      code: error.code,
      message: this.#parts.redact(error.message).slice(0, 500),
      ...(next === undefined ? {} : { next: this.#parts.redact(stepOf(next, this.#parts)).slice(0, 500) }),
    };
    this.#retryAt = now + waitMs;
    this.#downSince ??= { at: this.#parts.clock.now(), steady: now };
    this.#enter(refused ? 'refused' : 'down');
    if (this.#told === undefined) this.#tellWhenLong(this.#downSince.steady);
    this.#arm();
  }

  #tellWhenLong(downSince: number): void {
    const now = this.#parts.clock.steady();
    this.#tellAt = this.#state === 'refused' ? now : Math.max(now, downSince + tellAfterMs);
  }

  #letGo(leaveSends = false): void {
    const generation = this.#generation;
    if (!generation) return;
    this.#generation = undefined;
    generation.abort.abort();
    const stopped = (async () => generation.channel.stop())()
      .catch(this.#parts.onFault)
      .finally(() => this.#stopping.delete(stopped));
    this.#stopping.add(stopped);
    for (const oldest of this.#stopping) if (this.#stopping.size > mostStopping) this.#stopping.delete(oldest);
    if (leaveSends) return;
    const replaced = new CoPawError('channel-down', 'The connection was replaced while this was on its way; it may have arrived.', { retryable: false });
    for (const reject of generation.sending) reject(replaced);
  }

  #connectionDue({ channel, upAt, lastAt }: Generation): number {
    const liveMs = channel.limits.liveMs ?? usualLiveMs;
    return lastAt + (upAt === undefined ? Math.min(liveMs, usualLiveMs) : liveMs);
  }

  #backDue({ upAt }: Generation): number {
    return this.#told !== undefined && upAt !== undefined ? upAt + steadyMs : Number.POSITIVE_INFINITY;
  }

  /** One timer, never set later than it has to be. One that comes too early only looks again. */
  #arm(): void {
    const { clock } = this.#parts;
    const generation = this.#generation;
    const due = Math.min(
      generation ? this.#connectionDue(generation) : (this.#retryAt ?? Number.POSITIVE_INFINITY),
      generation ? this.#backDue(generation) : Number.POSITIVE_INFINITY,
      this.#tellAt ?? Number.POSITIVE_INFINITY,
    );
    if (this.#timer && this.#timer.due <= due && due !== Number.POSITIVE_INFINITY) return;
    this.#timer?.timer.cancel();
    this.#timer = due === Number.POSITIVE_INFINITY ? undefined : { due, timer: clock.after(due - clock.steady(), () => this.#wake()) };
  }

  #wake(): void {
    this.#timer = undefined;
    const now = this.#parts.clock.steady();
    if (this.#tellAt !== undefined && this.#tellAt <= now) void this.#tellDown();
    const generation = this.#generation;
    if (!generation) {
      if (this.#retryAt !== undefined && this.#retryAt <= now) this.#begin();
    } else if (this.#connectionDue(generation) <= now) {
      const seconds = Math.round((now - generation.lastAt) / 1_000);
      const what = generation.upAt === undefined ? `No connection came about within ${seconds} seconds.` : `Nothing has come in for ${seconds} seconds.`;
      this.#fail(new CoPawError('channel-down', what));
    } else if (this.#told !== undefined && this.#backDue(generation) <= now) {
      void this.#parts.tellBack(this.state, this.#told).catch(this.#parts.onFault);
      this.#told = undefined;
    }
    this.#arm();
  }

  async #askBefore(): Promise<void> {
    this.#askedBefore = true;
    try {
      const before = await this.#parts.toldBefore(this.state);
      if (this.#state !== 'off') this.#told ??= before;
      this.#arm();
    } catch (error) {
      this.#parts.onFault(error);
    }
  }

  async #tellDown(): Promise<void> {
    this.#tellAt = undefined;
    if (this.#telling) return;
    this.#telling = true;
    try {
      const told = await this.#parts.tellDown(this.state);
      this.#told = this.#state === 'off' ? undefined : told;
    } catch (error) {
      this.#parts.onFault(error);
    } finally {
      this.#telling = false;
      this.#arm();
    }
  }

  get #name(): string {
    return `${this.#parts.channel}/${this.#parts.account}`;
  }
}
