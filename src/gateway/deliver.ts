// Steps 11 and 12 of the path: pending outbox rows go to their channel. A surface that reads the log itself (console, CLI, API) needs no sending.
import type { Address } from '../core/address.ts';
import { type ChannelOutside, isUnsent, type Outgoing, type PartKey, type Sendable, type SentRef } from '../core/channel.ts';
import { ownChannels } from '../core/channel-config.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { Log } from '../core/log.ts';
import type { OutboxRow, OutboxState } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { withTimeLimit } from '../lib/time-limit.ts';
import type { Composer } from './outgoing.ts';
import type { Previews } from './previews.ts';

const mostAttempts = 8;
/** A send that says nothing for so long may have arrived; it must not hold up the others. */
const patience = 60_000;
/** How long a send under way may hold up the end of the process. */
const grace = 5_000;
const longestBackOff = 5 * 60_000;
/** A platform that asks to be left alone is, but a message does not wait longer for that. */
const longestAskedMs = 60 * 60_000;
const backOff = (attempt: number, askedMs = 0): number => Math.max(Math.min(longestBackOff, 1_000 * 2 ** attempt), Math.min(longestAskedMs, askedMs));

/** How soon the outbox is looked at again when the store failed. */
const storeRetryMs = 30_000;

/** What became of a send, and what the log says of it. */
interface Outcome {
  readonly change: Parameters<Store['outbox']['update']>[2];
  readonly why: Readonly<Record<string, unknown>>;
}

export class Delivery {
  readonly #store: Store['outbox'];
  readonly #clock: Clock;
  readonly #channel: (address: Address) => ChannelOutside | undefined;
  readonly #held: () => ReadonlySet<string>;
  readonly #mayReach: (address: Address) => boolean;
  readonly #onRefused: (row: OutboxRow) => void;
  readonly #onGivenUp: (row: OutboxRow) => void;
  readonly #onFault: (error: unknown) => void;
  readonly #log: Log;
  readonly #literal: Composer['literal'];
  readonly #previews: Pick<Previews, 'recover' | 'closeLeft' | 'giveUp' | 'has' | 'standing' | 'forget'> | undefined;
  readonly #file: (sessionId: string, path: string) => Promise<Uint8Array>;
  /** Outcomes of sends that the store has not taken yet, oldest first. */
  readonly #unsaved: (Outcome & { readonly row: OutboxRow })[] = [];
  #timer: Timer | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  /** Parts that were on their way when CoPaw ended, or of which nobody knows, to be looked up where the platform can say. `at`: not before. */
  #inDoubt: readonly { readonly row: OutboxRow; readonly at: number }[] = [];
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
    /** It did not go out, or nobody knows whether it did. */
    onGivenUp?: (row: OutboxRow) => void;
    onFault?: (error: unknown) => void;
    log?: Log;
    literal?: Composer['literal'];
    /** Messages that show answers already: the first part takes their place. */
    previews?: Pick<Previews, 'recover' | 'closeLeft' | 'giveUp' | 'has' | 'standing' | 'forget'>;
    /** Bytes of a file of the workspace that a conversation has. */
    file?: (sessionId: string, path: string) => Promise<Uint8Array>;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#channel = parts.channel;
    this.#held = parts.held ?? (() => new Set());
    this.#mayReach = parts.mayReach ?? (() => false);
    this.#onRefused = parts.onRefused ?? (() => undefined);
    this.#onGivenUp = parts.onGivenUp ?? (() => undefined);
    this.#onFault = parts.onFault ?? (() => undefined);
    this.#literal = parts.literal ?? (async (_address, message) => [message]);
    this.#previews = parts.previews;
    this.#file = parts.file ?? (() => Promise.reject(new CoPawError('path-missing', 'Files cannot be read here.')));
    this.#log = parts.log ?? (() => undefined);
  }

  /** State of a new row: where nothing has to be sent, being in the log is being delivered. */
  initial(address: Address): Pick<OutboxRow, 'state' | 'ref'> {
    return ownChannels.has(address.channel) ? { state: 'sent', ref: 'log' } : { state: 'pending' };
  }

  /** New rows of the parts of one answer, due now. */
  rows(place: Pick<OutboxRow, 'answerId' | 'sessionId' | 'address'>, parts: readonly Outgoing[]): readonly OutboxRow[] {
    const { answerId, sessionId, address } = place;
    const at = { attempts: 0, nextAt: this.#clock.now(), ...this.initial(address) };
    return parts.map((outgoing, part) => ({ answerId, part, sessionId, address, outgoing, ...at }));
  }

  /** Says something that is no answer, once: it may be lost, which the log tells, and is never said twice. */
  note(address: Address, message: Outgoing, answerId: string): void {
    void (async () => {
      const parts = await this.#literal(address, message);
      const channel = this.#stopped ? undefined : this.#channel(address);
      for (const [part, one] of channel ? parts.entries() : [])
        if (channel && !one.unwritten) await this.#handOver(channel, { address, outgoing: one, sessionId: '', answerId, part });
    })().catch((error: unknown) =>
      this.#log('warn', 'note-lost', { answerId, channel: address.channel, account: address.account, code: toCoPawError(error).code }),
    );
  }

  /** Says something that is no answer, at once and once, for whoever waits for the receipts. Rejects as a channel's `send` does, or with `channel-down`. */
  async say(address: Address, message: Outgoing, answerId: string): Promise<readonly SentRef[]> {
    const parts = await this.#literal(address, message);
    const sent: SentRef[] = [];
    for (const [part, outgoing] of parts.entries()) {
      const channel = this.#stopped || outgoing.unwritten ? undefined : this.#channel(address);
      if (!channel) throw new CoPawError('channel-down', `${accountOf(address)} is not connected.`);
      sent.push(await this.#handOver(channel, { address, outgoing, sessionId: '', answerId, part }));
    }
    return sent;
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

  /** After a crash: a part that was on its way is looked up, once its channel is connected and where the platform allows it, else marked "may have been sent". */
  async recover(): Promise<void> {
    this.#inDoubt = (await this.#store.inFlight()).map((row) => ({ row, at: this.#clock.steady() }));
    await this.#previews?.recover();
    await this.#settleDoubts();
    this.wake();
  }

  async #settleDoubts(): Promise<void> {
    const next = () => {
      const held = this.#held();
      return this.#inDoubt.find(({ row, at }) => at <= this.#clock.steady() && !held.has(accountOf(row.address)));
    };
    for (let doubt = next(); doubt; doubt = next()) {
      const taken = doubt;
      this.#inDoubt = this.#inDoubt.filter((one) => one !== taken); // nobody else looks it up meanwhile
      try {
        await this.#settleDoubt(taken.row);
      } catch (error) {
        this.#inDoubt = [taken, ...this.#inDoubt];
        throw error;
      }
    }
  }

  async #settleDoubt(row: OutboxRow): Promise<void> {
    const found = await this.#lookUp(row);
    if (found === 'absent') await this.#store.update(row.answerId, row.part, { state: 'pending', nextAt: this.#clock.now() });
    else if (found === 'unknown') await this.#end(row, 'unknown', { reason: 'interrupted' });
    else await this.#end(row, 'sent', { ref: found.id, found: true });
  }

  /**
   * Puts a part that was given up, or that may have been sent, on its way again. The platform is asked first: what it knows only gets its
   * receipt, and what may have arrived goes out again only with `evenIfSent`, or where the platform says that it is not there. The parts
   * behind one that was given up go with it.
   */
  async retry(row: OutboxRow, evenIfSent: boolean): Promise<void> {
    const { channel, account } = row.address;
    if (!this.#channel(row.address))
      throw new CoPawError('conflict', `The account "${account}" of "${channel}" is not there.`, { next: 'Switch it on in config.json.', retryable: false });
    const before = (await this.#store.ofAnswer(row.answerId)).find(({ part, state }) => part < row.part && state === 'dead');
    if (before)
      throw new CoPawError('conflict', `Part ${before.part} of this answer was given up, and comes before this one.`, {
        next: `Try part ${before.part} again: those behind it follow.`,
        retryable: false,
      });
    if (row.outgoing.unwritten)
      throw new CoPawError('conflict', 'This part was not laid out for its channel, which was switched off then.', {
        next: 'Read it in the conversation, and ask for it again.',
        retryable: false,
      });
    if (!this.#mayReach(row.address)) throw new CoPawError('forbidden', 'Whoever this goes to is not on a list any more.', { rule: 'R9' });
    const found = await this.#lookUp(row);
    if (found === 'unknown' && row.state === 'unknown' && !evenIfSent)
      throw new CoPawError('conflict', 'This part may have been sent, so it may arrive twice.', {
        next: 'Look into the chat; then say that it is to be sent even so.',
        retryable: false,
      });
    const change =
      typeof found === 'object'
        ? ({ state: 'sent', ref: found.id, nextAt: this.#clock.now() } as const)
        : ({ state: 'pending', attempts: 0, nextAt: this.#clock.now() } as const);
    if (!(await this.#store.update(row.answerId, row.part, change, row.state)))
      throw new CoPawError('conflict', 'This part was tried again meanwhile.', { retryable: false });
    this.#log('info', typeof found === 'object' ? 'part-sent' : 'part-retry', {
      ...idsOf(row),
      ...(typeof found === 'object' ? { ref: found.id, found: true } : { was: row.state }),
    });
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
    await this.#previews?.closeLeft();
    await this.#settleDoubts();
    await this.#settle();
    const now = this.#clock.now();
    await this.#store.hasten(now + longestAskedMs, now);
    for (;;) {
      const rows = await this.#store.due(this.#clock.now(), 50, [...this.#held()]);
      for (const row of rows) if (!this.#stopped) await this.#send(row);
      if (rows.length === 0 || this.#stopped) break;
    }
    const held = this.#held();
    const next = await this.#store.nextDue([...held]);
    const doubts = this.#inDoubt.filter(({ row }) => !held.has(accountOf(row.address))).map(({ at }) => at - this.#clock.steady());
    const wait = Math.min(next === undefined ? Number.POSITIVE_INFINITY : next - this.#clock.now(), ...doubts);
    if (wait !== Number.POSITIVE_INFINITY && !this.#stopped) this.#timer = this.#clock.after(wait, () => this.wake());
  }

  async #send(row: OutboxRow): Promise<void> {
    if (this.#held().has(accountOf(row.address))) return;
    const channel = this.#channel(row.address);
    if (!this.#mayReach(row.address)) {
      await this.#end(row, 'dead', { reason: 'not-listed' });
      return this.#onRefused(row);
    }
    // What was stored while nothing was known of its channel was never made harmless for it.
    if (!channel || row.outgoing.unwritten) return this.#end(row, 'dead', { reason: 'no-channel' });
    const attempts = row.attempts + 1;
    await this.#store.update(row.answerId, row.part, { state: 'sending', attempts });
    this.#log('info', 'part-sending', { ...idsOf(row), attempts });
    const outcome = await this.#outcome(channel, row, attempts);
    if (!outcome) return; // stopping, or in doubt: what became of it is asked later
    this.#unsaved.push({ row, ...outcome });
    await this.#settle();
  }

  async #outcome(channel: ChannelOutside, row: OutboxRow, attempts: number): Promise<Outcome | undefined> {
    const preview = await this.#previews?.standing(row, channel);
    const inPlace = preview && (await this.#replace(channel, row, preview, attempts));
    if (preview && inPlace !== 'refused') return inPlace;
    try {
      const sent = await Promise.race([this.#handOver(channel, row), this.#halted.promise]);
      return sent && { change: { state: 'sent', ref: sent.id }, why: { ref: sent.id } };
    } catch (error) {
      const { code, retryAfterMs = 0 } = toCoPawError(error);
      const certain = isUnsent(error);
      if (!certain && channel.reconcile && attempts < mostAttempts) return this.#doubt(row, attempts, code);
      if (!certain) return { change: { state: 'unknown' }, why: { code } };
      if (code === 'send-refused' || attempts >= mostAttempts)
        return { change: { state: 'dead' }, why: { reason: code === 'send-refused' ? 'refused' : 'attempts', code } };
      const nextAt = this.#clock.now() + backOff(attempts, retryAfterMs);
      return { change: { state: 'pending', nextAt }, why: { attempts, code, nextAt } };
    }
  }

  /** Puts the part in the place of its preview, which may be tried again whatever came of it. "refused": it is sent as any other. */
  async #replace(channel: ChannelOutside, row: OutboxRow, preview: SentRef, attempts: number): Promise<Outcome | undefined | 'refused'> {
    try {
      if (!channel.edit || row.outgoing.files !== undefined) throw new CoPawError('send-refused', 'An edit does not carry this part.');
      const edited = channel.edit(row.address, preview, this.#sendable(row)).then(() => preview);
      const sent = await Promise.race([withTimeLimit(this.#clock, patience, edited, new Error('The channel says nothing.')), this.#halted.promise]);
      return sent && { change: { state: 'sent', ref: sent.id }, why: { ref: sent.id, edited: true } };
    } catch (error) {
      const { code, retryAfterMs = 0 } = toCoPawError(error);
      if (code === 'send-refused') {
        await this.#previews?.forget(row.answerId);
        return 'refused';
      }
      if (attempts >= mostAttempts)
        return isUnsent(error) ? { change: { state: 'dead' }, why: { reason: 'attempts', code } } : { change: { state: 'unknown' }, why: { code } };
      const nextAt = this.#clock.now() + backOff(attempts, retryAfterMs);
      return { change: { state: 'pending', nextAt }, why: { attempts, code, nextAt } };
    }
  }

  /** It may have arrived, and the platform can say: it stays on its way and is looked up in a while, when what is still under way there has come. */
  #doubt(row: OutboxRow, attempts: number, code: string): undefined {
    this.#inDoubt = [...this.#inDoubt, { row: { ...row, attempts }, at: this.#clock.steady() + backOff(attempts) }];
    this.#log('warn', 'part-doubted', { ...idsOf(row), attempts, code });
  }

  /** What became of a send is not forgotten because it could not be written down at once. */
  async #settle(): Promise<void> {
    for (let one = this.#unsaved[0]; one; one = this.#unsaved[0]) {
      const { row, change, why } = one;
      await this.#update(row, change, `part-${change.state === 'pending' ? 'failed' : change.state}`, why);
      this.#unsaved.shift();
    }
  }

  /** Writes it down and then says so; also of the parts behind one that was given up. */
  async #update(row: OutboxRow, change: Outcome['change'], event: string, why: Outcome['why']): Promise<void> {
    const behind = change.state === 'dead' ? await this.#store.ofAnswer(row.answerId) : [];
    await this.#store.update(row.answerId, row.part, change);
    if (change.state === 'dead' || change.state === 'unknown') this.#onGivenUp(row);
    this.#log(change.state === 'sent' ? 'info' : 'warn', event, { ...idsOf(row), ...why });
    for (const one of behind) if (one.part > row.part && one.state === 'pending') this.#log('warn', 'part-dead', { ...idsOf(one), reason: 'earlier-part' });
    if (change.state === 'dead' && row.part === 0) await this.#previews?.giveUp(row.answerId);
  }

  /** Where a part stays until the operator says otherwise. Why is in the log: ids and codes, no words. */
  async #end(
    row: OutboxRow,
    state: Extract<OutboxState, 'sent' | 'unknown' | 'dead'>,
    why: { readonly ref?: string } & Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.#update(row, { state, ...(why.ref === undefined ? {} : { ref: why.ref }) }, `part-${state}`, why);
  }

  /** What the platform knows of a part; a channel that cannot say, or fails to, leaves it unknown. */
  async #lookUp(row: OutboxRow): Promise<SentRef | 'absent' | 'unknown'> {
    if (await this.#previews?.has(row)) return 'absent';
    const channel = this.#channel(row.address);
    if (!channel?.reconcile) return 'unknown';
    try {
      return await withTimeLimit(this.#clock, patience, channel.reconcile(row.address, row), new Error('The channel says nothing.'));
    } catch (error) {
      this.#onFault(error);
      return 'unknown';
    }
  }

  async #handOver(channel: ChannelOutside, row: PartKey & Pick<OutboxRow, 'address' | 'outgoing' | 'sessionId'>): Promise<SentRef> {
    const { address, answerId, part } = row;
    return withTimeLimit(this.#clock, patience, channel.send(address, this.#sendable(row), { answerId, part }), new Error('The channel says nothing.'));
  }

  #sendable({ sessionId, outgoing: { files, unwritten: _, ...words } }: Pick<OutboxRow, 'outgoing' | 'sessionId'>): Sendable {
    return files === undefined ? words : { ...words, files: files.map((file) => ({ ...file, bytes: () => this.#bytes(sessionId, file.path) })) };
  }

  /** Nothing of a part whose file is gone was sent. */
  async #bytes(sessionId: string, path: string): Promise<Uint8Array> {
    try {
      return await this.#file(sessionId, path);
    } catch (error) {
      throw new CoPawError('send-refused', `The file ${path} cannot be read any more.`, { cause: error });
    }
  }
}

function idsOf({ answerId, part, sessionId, address: { channel, account } }: OutboxRow) {
  return { answerId, part, sessionId, channel, account };
}
const accountOf = ({ channel, account }: Address): string => `${channel}/${account}`;
