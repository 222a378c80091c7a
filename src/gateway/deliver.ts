// Steps 11 and 12 of the path: pending outbox rows go to their channel. A surface that reads the log itself (console, CLI, API) needs no sending.
import type { Address } from '../core/address.ts';
import type { ChannelOutside, Outgoing, PartKey, SentRef } from '../core/channel.ts';
import { ownChannels } from '../core/channel-config.ts';
import { CoPawError } from '../core/error.ts';
import type { OutboxRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { withTimeLimit } from '../lib/time-limit.ts';

const mostAttempts = 8;
/** A send that says nothing for so long may have arrived; it must not hold up the others. */
const patience = 60_000;
/** How long a send under way may hold up the end of the process. */
const grace = 5_000;
const backOff = (attempt: number): number => Math.min(5 * 60_000, 1_000 * 2 ** attempt);

export class Delivery {
  readonly #store: Store['outbox'];
  readonly #clock: Clock;
  readonly #channel: (address: Address) => ChannelOutside | undefined;
  readonly #held: () => ReadonlySet<string>;
  readonly #mayReach: (address: Address) => boolean;
  readonly #onRefused: (row: OutboxRow) => void;
  readonly #onFault: (error: unknown) => void;
  #timer: Timer | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  /** Parts that were on their way when CoPaw ended, and could not be looked up yet. */
  #inDoubt: readonly OutboxRow[] = [];
  readonly #halted = Promise.withResolvers<undefined>();

  /**
   * `mayReach` is asked when a part leaves: whoever was taken off a list meanwhile gets nothing, and `onRefused` hears of it.
   * `held`: accounts, as "kind/account", that are not connected now. What goes there waits, and no attempt is spent on it.
   */
  constructor(parts: {
    store: Store['outbox'];
    clock: Clock;
    channel: (address: Address) => ChannelOutside | undefined;
    held?: () => ReadonlySet<string>;
    mayReach?: (address: Address) => boolean;
    onRefused?: (row: OutboxRow) => void;
    onFault?: (error: unknown) => void;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#channel = parts.channel;
    this.#held = parts.held ?? (() => new Set());
    this.#mayReach = parts.mayReach ?? (() => false);
    this.#onRefused = parts.onRefused ?? (() => undefined);
    this.#onFault = parts.onFault ?? (() => undefined);
  }

  /** State of a new row: where nothing has to be sent, being in the log is being delivered. */
  initial(address: Address): Pick<OutboxRow, 'state' | 'ref'> {
    return ownChannels.has(address.channel) ? { state: 'sent', ref: 'log' } : { state: 'pending' };
  }

  /** Says something that is no answer, once and without a trace: it may be lost, and is never said twice. */
  note(address: Address, message: Outgoing, answerId: string): void {
    const channel = this.#stopped ? undefined : this.#channel(address);
    if (channel) void this.#handOver(channel, address, message, { answerId, part: 0 }).catch(() => undefined);
  }

  /** Rows were added, or some may be due. Returns at once. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#working) {
      this.#again = true;
      return;
    }
    this.#working = this.#work()
      .catch(this.#onFault)
      .finally(() => {
        this.#working = undefined;
        if (this.#again) {
          this.#again = false;
          this.wake();
        }
      });
  }

  /** After a crash: a part that was on its way is looked up, once its channel is connected and where the platform allows it, else marked "may have been sent". */
  async recover(): Promise<void> {
    this.#inDoubt = await this.#store.inFlight();
    await this.#lookUp();
    this.wake();
  }

  async #lookUp(): Promise<void> {
    const held = this.#held();
    const now = this.#inDoubt.filter(({ address }) => !held.has(accountOf(address)));
    this.#inDoubt = this.#inDoubt.filter((row) => !now.includes(row));
    for (const row of now) {
      const found = await this.#find(row).catch(() => undefined);
      if (found === 'absent') await this.#store.update(row.answerId, row.part, { state: 'pending', nextAt: this.#clock.now() });
      else if (found === undefined || found === 'unknown') await this.#store.update(row.answerId, row.part, { state: 'unknown' });
      else await this.#store.update(row.answerId, row.part, { state: 'sent', ref: found.id });
    }
  }

  async #find(row: OutboxRow): Promise<SentRef | 'absent' | 'unknown' | undefined> {
    const asked = this.#channel(row.address)?.reconcile?.(row.address, row);
    return asked && withTimeLimit(this.#clock, patience, asked, new Error('The channel says nothing.'));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    const end = this.#clock.after(grace, () => this.#halted.resolve(undefined));
    await this.#working;
    end.cancel();
  }

  async #work(): Promise<void> {
    this.#timer?.cancel();
    await this.#lookUp();
    for (;;) {
      const rows = await this.#store.due(this.#clock.now(), 50, [...this.#held()]);
      for (const row of rows) if (!this.#stopped) await this.#send(row);
      if (rows.length === 0 || this.#stopped) break;
    }
    const next = await this.#store.nextDue([...this.#held()]);
    if (next !== undefined && !this.#stopped) this.#timer = this.#clock.after(next - this.#clock.now(), () => this.wake());
  }

  async #send(row: OutboxRow): Promise<void> {
    if (this.#held().has(accountOf(row.address))) return;
    const channel = this.#channel(row.address);
    if (!this.#mayReach(row.address)) {
      await this.#store.update(row.answerId, row.part, { state: 'dead' });
      return this.#onRefused(row);
    }
    if (!channel) return this.#store.update(row.answerId, row.part, { state: 'dead' });
    const attempts = row.attempts + 1;
    await this.#store.update(row.answerId, row.part, { state: 'sending', attempts });
    try {
      const sent = await Promise.race([this.#handOver(channel, row.address, row.outgoing, row), this.#halted.promise]);
      if (sent === undefined) return; // stopping: what became of it is asked at the next start
      await this.#store.update(row.answerId, row.part, { state: 'sent', ref: sent.id });
    } catch (error) {
      const arrivedNot = error instanceof CoPawError && error.retryable;
      if (!arrivedNot) await this.#store.update(row.answerId, row.part, { state: 'unknown' });
      else if (attempts >= mostAttempts) await this.#store.update(row.answerId, row.part, { state: 'dead' });
      else await this.#store.update(row.answerId, row.part, { state: 'pending', nextAt: this.#clock.now() + backOff(attempts) });
    }
  }

  async #handOver(channel: ChannelOutside, address: Address, message: Outgoing, { answerId, part }: PartKey): Promise<SentRef> {
    return withTimeLimit(this.#clock, patience, channel.send(address, message, { answerId, part }), new Error('The channel says nothing.'));
  }
}

const accountOf = ({ channel, account }: Address): string => `${channel}/${account}`;
