// Steps 11 and 12 of the path: pending outbox rows go to their channel. A surface that reads the log itself (console, CLI, API) needs no sending.
import type { Address } from '../core/address.ts';
import type { Channel, Outgoing, PartKey, SentRef } from '../core/channel.ts';
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

/** How soon the outbox is looked at again when the store failed. */
const storeRetryMs = 30_000;

type Change = Parameters<Store['outbox']['update']>[2];

export class Delivery {
  readonly #store: Store['outbox'];
  readonly #clock: Clock;
  readonly #channel: (address: Address) => Channel | undefined;
  readonly #mayReach: (address: Address) => boolean;
  readonly #onRefused: (row: OutboxRow) => void;
  readonly #onFault: (error: unknown) => void;
  /** Outcomes of sends that the store has not taken yet, oldest first. */
  readonly #unsaved: { readonly row: OutboxRow; readonly change: Change }[] = [];
  #timer: Timer | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  readonly #halted = Promise.withResolvers<undefined>();

  /** `mayReach` is asked when a part leaves: whoever was taken off a list meanwhile gets nothing, and `onRefused` hears of it. */
  constructor(parts: {
    store: Store['outbox'];
    clock: Clock;
    channel: (address: Address) => Channel | undefined;
    mayReach?: (address: Address) => boolean;
    onRefused?: (row: OutboxRow) => void;
    onFault?: (error: unknown) => void;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#channel = parts.channel;
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
      .catch((error: unknown) => {
        this.#onFault(error);
        if (!this.#stopped) this.#timer = this.#clock.after(storeRetryMs, () => this.wake());
      })
      .finally(() => {
        this.#working = undefined;
        if (this.#again) {
          this.#again = false;
          this.wake();
        }
      });
  }

  /** After a crash: a part that was on its way is looked up where the platform allows it, else marked "may have been sent". */
  async recover(): Promise<void> {
    for (const row of await this.#store.inFlight()) {
      const found = await this.#channel(row.address)?.reconcile?.(row.address, row);
      if (found === 'absent') await this.#store.update(row.answerId, row.part, { state: 'pending', nextAt: this.#clock.now() });
      else if (found === undefined || found === 'unknown') await this.#store.update(row.answerId, row.part, { state: 'unknown' });
      else await this.#store.update(row.answerId, row.part, { state: 'sent', ref: found.id });
    }
    this.wake();
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
    await this.#settle();
    for (;;) {
      const rows = await this.#store.due(this.#clock.now(), 50);
      for (const row of rows) if (!this.#stopped) await this.#send(row);
      if (rows.length === 0 || this.#stopped) break;
    }
    const next = await this.#store.nextDue();
    if (next !== undefined && !this.#stopped) this.#timer = this.#clock.after(next - this.#clock.now(), () => this.wake());
  }

  async #send(row: OutboxRow): Promise<void> {
    const channel = this.#channel(row.address);
    if (!channel) return this.#store.update(row.answerId, row.part, { state: 'dead' });
    if (!this.#mayReach(row.address)) {
      await this.#store.update(row.answerId, row.part, { state: 'dead' });
      return this.#onRefused(row);
    }
    const attempts = row.attempts + 1;
    await this.#store.update(row.answerId, row.part, { state: 'sending', attempts });
    const change = await this.#outcome(channel, row, attempts);
    if (!change) return; // stopping: what became of it is asked at the next start
    this.#unsaved.push({ row, change });
    await this.#settle();
  }

  async #outcome(channel: Channel, row: OutboxRow, attempts: number): Promise<Change | undefined> {
    try {
      const sent = await Promise.race([this.#handOver(channel, row.address, row.outgoing, row), this.#halted.promise]);
      return sent && { state: 'sent', ref: sent.id };
    } catch (error) {
      const arrivedNot = error instanceof CoPawError && error.retryable;
      if (!arrivedNot) return { state: 'unknown' };
      return attempts >= mostAttempts ? { state: 'dead' } : { state: 'pending', nextAt: this.#clock.now() + backOff(attempts) };
    }
  }

  /** What became of a send is not forgotten because it could not be written down at once. */
  async #settle(): Promise<void> {
    for (let one = this.#unsaved[0]; one; one = this.#unsaved[0]) {
      await this.#store.update(one.row.answerId, one.row.part, one.change);
      this.#unsaved.shift();
    }
  }

  async #handOver(channel: Channel, address: Address, message: Outgoing, { answerId, part }: PartKey): Promise<SentRef> {
    return withTimeLimit(this.#clock, patience, channel.send(address, message, { answerId, part }), new Error('The channel says nothing.'));
  }
}
