// The messages that show answers while they are made: written down before they are sent, changed one after the other, and handed to delivery,
// which puts the answer in their place. While one is written down the first part of its answer was never sent as a message of its own.
import { type ChannelOutside, isUnsent, type PartKey, previewKey, type Sendable, type SentRef } from '../core/channel.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { Preview, Turn } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Entry } from '../core/turn-event.ts';
import type { Clock } from '../lib/clock.ts';
import { withTimeLimit } from '../lib/time-limit.ts';

/** A platform that takes longer to show some passing words gets no more of them. */
const patience = 10_000;
const late = new CoPawError('internal', 'The channel takes its time.');
/** The longest a platform may ask to be left alone for. */
const longestPause = 60_000;

/** What became of words to be shown. A number: milliseconds the platform asks to be left alone for. over: no more of this answer. */
export type Shown = 'shown' | 'later' | 'over' | number;

interface Open {
  /** The answer itself is next: nothing more is shown. */
  over: boolean;
  /** What is under way to the platform. */
  work: Promise<unknown>;
}

export interface PreviewsParts {
  readonly store: Pick<Store, 'previews' | 'turns' | 'outbox' | 'entries'>;
  readonly clock: Clock;
  channel(address: Turn['address']): ChannelOutside | undefined;
  mayReach(address: Turn['address']): boolean;
  /** What stays where a turn ends without an answer. */
  stopped(address: Turn['address'], draft: string): Promise<Sendable | undefined>;
  readonly log?: Log;
}

export class Previews {
  readonly #parts: PreviewsParts;
  readonly #open = new Map<string, Open>();
  /** Of answers that do not come, when nobody could say so: what had been said. */
  readonly #left = new Map<string, { readonly turn: Pick<Turn, 'answerId' | 'address'>; readonly draft: string }>();

  constructor(parts: PreviewsParts) {
    this.#parts = parts;
  }

  /** A turn runs, perhaps again. */
  begin({ answerId }: Pick<Turn, 'answerId'>): void {
    this.#open.set(answerId, { over: false, work: this.#open.get(answerId)?.work ?? Promise.resolve() });
  }

  /** Shows these words in place of those before. Never rejects. */
  async show(turn: Pick<Turn, 'answerId' | 'address'>, message: Sendable): Promise<Shown> {
    const open = this.#open.get(turn.answerId);
    if (!open || open.over) return 'over';
    const work = open.work.then(() => this.#show(open, turn, message)).catch((error: unknown) => this.#failed(turn.answerId, error));
    open.work = work;
    return work;
  }

  /** The turn runs no more. Where it ended without an answer its last words stay, with a sign that comes after `ms`: the platform has its rate. */
  async end(turn: Pick<Turn, 'id' | 'answerId' | 'address'>, draft: string, ms: number): Promise<void> {
    const open = this.#open.get(turn.answerId);
    if (!open) return;
    open.over = true;
    const { store } = this.#parts;
    const work = open.work.then(async () => {
      if (!(await store.previews.get(turn.answerId))) return;
      const outcome = (await store.turns.get(turn.id))?.outcome;
      if (outcome === undefined || (await store.outbox.ofAnswer(turn.answerId)).length > 0) return; // it goes on at the next start, or delivery does it
      if (ms > 0) await new Promise<void>((resolve) => this.#parts.clock.after(ms, resolve));
      this.#left.set(turn.answerId, { turn, draft });
      await this.closeLeft();
    });
    open.work = work.catch((error: unknown) => this.#failed(turn.answerId, error));
    await open.work;
    if (this.#open.get(turn.answerId) === open) this.#open.delete(turn.answerId);
  }

  /** At start: previews of turns that ended without an answer, of answers that were given up, and of none. */
  async recover(): Promise<void> {
    const { store } = this.#parts;
    for (const preview of await store.previews.list()) {
      const turn = await store.turns.byAnswer(preview.answerId);
      if (turn && turn.outcome === undefined) continue; // it is resumed, and goes on with it
      const [first] = await store.outbox.ofAnswer(preview.answerId);
      if (first?.state === 'pending' || first?.state === 'sending') continue;
      // Without its words nobody can ask for it to go out again.
      const kept = first !== undefined && (first.outgoing.text !== '' || first.outgoing.files !== undefined);
      if (first?.state === 'unknown' && kept) continue; // the answer may stand there
      if (turn && (!first || (first.state === 'dead' && kept))) await this.#leave(preview, turn);
      else await store.previews.remove(preview.answerId);
    }
  }

  /** The first part of this answer was given up. Never rejects. */
  async giveUp(answerId: string): Promise<void> {
    const { store } = this.#parts;
    try {
      const preview = await store.previews.get(answerId);
      if (!preview) return;
      await this.#leave(preview, await store.turns.byAnswer(answerId));
      await this.closeLeft();
    } catch (error) {
      this.#failed(answerId, error);
    }
  }

  /**
   * Says of what was left that nothing comes any more, once each, where its channel is connected. Where the platform cannot be asked just now, the
   * next start does.
   */
  async closeLeft(): Promise<void> {
    for (const [answerId, { turn, draft }] of this.#left) {
      const channel = this.#parts.channel(turn.address);
      if (!channel) continue;
      this.#left.delete(answerId);
      const ref = await this.#refOf(turn, channel);
      const words = channel.edit && this.#parts.mayReach(turn.address) ? await this.#parts.stopped(turn.address, draft) : undefined;
      try {
        if (typeof ref === 'object' && words) await this.#edit(channel, turn.address, ref, words);
      } catch (error) {
        this.#failed(answerId, error);
        if (isUnsent(error) && toCoPawError(error).code !== 'send-refused') continue;
      }
      await this.#parts.store.previews.remove(answerId);
    }
  }

  /** Whether the first part of this answer is only ever put in place of its preview: then it may be tried again. */
  async has({ answerId, part }: PartKey): Promise<boolean> {
    return part === 0 && (await this.#parts.store.previews.get(answerId)) !== undefined;
  }

  /** The message that the first part takes the place of; nothing is under way to it any more. */
  async standing(row: PartKey & Pick<Turn, 'address'>, channel: ChannelOutside): Promise<SentRef | undefined> {
    const open = this.#open.get(row.answerId);
    if (open) {
      open.over = true;
      await open.work;
    }
    if (!(await this.has(row))) return undefined;
    const ref = channel.edit ? await this.#refOf(row, channel) : 'unknown';
    if (typeof ref === 'object') return ref;
    await this.forget(row.answerId);
    return undefined;
  }

  /** The answer is sent as any other. */
  async forget(answerId: string): Promise<void> {
    await this.#parts.store.previews.remove(answerId);
  }

  async #show(open: Open, turn: Pick<Turn, 'answerId' | 'address'>, message: Sendable): Promise<Shown> {
    const { store, channel: channelOf, mayReach } = this.#parts;
    const { answerId, address } = turn;
    const known = await store.previews.get(answerId);
    const channel = channelOf(address);
    if (!channel) return 'later';
    if (!channel.edit || !mayReach(address)) return 'over';
    const ref = known ? await this.#refOf(turn, channel) : 'absent';
    if (ref === 'absent') {
      // The answer will stand where this does: below all that is older.
      if (await store.outbox.waitsFor(address)) return 'later';
      if (!known) await store.previews.put({ answerId, address });
      if (!open.over && mayReach(address)) return this.#send(turn, channel, message);
      await store.previews.remove(answerId);
      return 'over';
    }
    // Where nobody knows whether it is there nothing more is shown, and the answer is sent.
    if (ref === 'unknown' || open.over || !mayReach(address)) return 'over';
    try {
      await this.#edit(channel, address, ref, message);
      return 'shown';
    } catch (error) {
      // Still under way, it may arrive after the answer: that is sent as any other.
      if (error === late || channelOf(address) !== channel) await this.forget(answerId);
      return this.#failed(answerId, error);
    }
  }

  async #send(turn: Pick<Turn, 'answerId' | 'address'>, channel: ChannelOutside, message: Sendable): Promise<Shown> {
    const { store, log } = this.#parts;
    const { answerId, address } = turn;
    try {
      const sent = await this.#inTime(channel.send(address, message, previewKey(answerId)));
      await store.previews.put({ answerId, address, ref: sent.id });
      log?.('info', 'preview-sent', { answerId, ref: sent.id });
      return 'shown';
    } catch (error) {
      if (isUnsent(error)) await store.previews.remove(answerId);
      return this.#failed(answerId, error);
    }
  }

  /** Its receipt; what is not known is asked for where the platform can say. */
  async #refOf({ answerId, address }: Pick<Turn, 'answerId' | 'address'>, channel: ChannelOutside): Promise<SentRef | 'absent' | 'unknown'> {
    const { store } = this.#parts;
    const known = await store.previews.get(answerId);
    if (known?.ref !== undefined) return { id: known.ref };
    if (!known || !channel.reconcile) return 'unknown';
    const found = await this.#inTime(channel.reconcile(address, previewKey(answerId))).catch(() => 'unknown' as const);
    if (typeof found === 'string') return found;
    await store.previews.put({ answerId, address, ref: found.id });
    return found;
  }

  #edit(channel: ChannelOutside, address: Turn['address'], ref: SentRef, message: Sendable): Promise<void> {
    if (!channel.edit) return Promise.reject(new CoPawError('send-refused', 'Nothing can be changed there.'));
    return this.#inTime(channel.edit(address, ref, message));
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    return withTimeLimit(this.#parts.clock, patience, work, late);
  }

  async #leave({ answerId, address }: Preview, turn: Turn | undefined): Promise<void> {
    this.#left.set(answerId, { turn: { answerId, address }, draft: turn ? lastWords(await this.#parts.store.entries.ofTurn(turn.id)) : '' });
  }

  #failed(answerId: string, error: unknown): Shown {
    const { code, retryAfterMs } = toCoPawError(error);
    this.#parts.log?.('info', 'preview-failed', { answerId, code });
    return retryAfterMs !== undefined && retryAfterMs <= longestPause ? retryAfterMs : 'over';
  }
}

const lastWords = (entries: readonly Entry[]): string =>
  entries
    .flatMap(({ event }) => (event.type === 'message' && event.message.role === 'assistant' && event.message.text !== '' ? [event.message.text] : []))
    .at(-1) ?? '';
