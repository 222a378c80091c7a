// Steps 11 and 12 of the path: pending outbox rows go to their channel. A surface that reads the log itself (console, CLI, API) needs no sending.
import type { Address } from '../core/address.ts';
import type { Channel } from '../core/channel.ts';
import { CoPawError } from '../core/error.ts';
import type { OutboxRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Clock, Timer } from '../lib/clock.ts';

const mostAttempts = 8;
const backOff = (attempt: number): number => Math.min(5 * 60_000, 1_000 * 2 ** attempt);

export class Delivery {
  readonly #store: Store['outbox'];
  readonly #clock: Clock;
  readonly #channel: (address: Address) => Channel | undefined;
  #timer: Timer | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(parts: { store: Store['outbox']; clock: Clock; channel: (address: Address) => Channel | undefined }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#channel = parts.channel;
  }

  /** State of a new row: where nothing has to be sent, being in the log is being delivered. */
  initial(address: Address): Pick<OutboxRow, 'state' | 'ref'> {
    return this.#channel(address) ? { state: 'pending' } : { state: 'sent', ref: 'log' };
  }

  /** Rows were added, or some may be due. Returns at once. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#working) {
      this.#again = true;
      return;
    }
    this.#working = this.#work().finally(() => {
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
    await this.#working;
  }

  async #work(): Promise<void> {
    this.#timer?.cancel();
    for (;;) {
      const rows = await this.#store.due(this.#clock.now(), 50);
      for (const row of rows) await this.#send(row);
      if (rows.length === 0 || this.#stopped) break;
    }
    const next = await this.#store.nextDue();
    if (next !== undefined && !this.#stopped) this.#timer = this.#clock.after(next - this.#clock.now(), () => this.wake());
  }

  async #send(row: OutboxRow): Promise<void> {
    const channel = this.#channel(row.address);
    if (!channel) return this.#store.update(row.answerId, row.part, { state: 'dead' });
    const attempts = row.attempts + 1;
    await this.#store.update(row.answerId, row.part, { state: 'sending', attempts });
    try {
      const sent = await channel.send(row.address, row.outgoing, row);
      await this.#store.update(row.answerId, row.part, { state: 'sent', ref: sent.id });
    } catch (error) {
      const arrivedNot = error instanceof CoPawError && error.retryable;
      if (!arrivedNot) await this.#store.update(row.answerId, row.part, { state: 'unknown' });
      else if (attempts >= mostAttempts) await this.#store.update(row.answerId, row.part, { state: 'dead' });
      else await this.#store.update(row.answerId, row.part, { state: 'pending', nextAt: this.#clock.now() + backOff(attempts) });
    }
  }
}
