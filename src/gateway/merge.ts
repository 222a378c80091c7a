// Messages that belong together become one turn: what somebody says within the account's window, the pieces of an album, a file and the words after it.
// All of them are stored as accepted before they are held; only the waiting is in memory, and after a crash there is none.
import type { Admitted } from '../core/brand.ts';
import { ownChannels } from '../core/channel-config.ts';
import type { InboundMessage } from '../core/inbound.ts';
import type { QueueMode } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import type { GatewayParts } from './gateway-parts.ts';
import type { Lanes } from './lanes.ts';
import type { Route } from './route.ts';

/** A message of files alone waits so long for what comes next. */
export const filesWaitMs = 2_000;
/** A hold ends after so many times the longest wait of its messages, however many still come. */
const mostWaits = 4;
/** And with so many messages. */
const mostHeld = 16;

type TurnWay = Extract<Route, { kind: 'turn' }>;

interface Hold {
  /** Whose messages, and where: nobody else's join them. */
  readonly who: string;
  messages: Admitted[];
  timer: Timer | undefined;
  /** Ends the sign that something is being done. */
  readonly shown: () => void;
  /** Not held beyond this; both in steady time. `longest`: the longest wait of a message so far. */
  from: number;
  longest: number;
  /** Messages on their way into it: their files are fetched, or they are being stored. Time does not end it meanwhile. */
  coming: number;
  comingSince: number;
  late: boolean;
}

export interface MergeParts extends Pick<GatewayParts, 'mergeMs' | 'showTyping' | 'onFault'> {
  readonly clock: Pick<Clock, 'steady' | 'after'>;
  readonly store: { readonly sessions: Pick<Store['sessions'], 'get'> };
  readonly lanes: Pick<Lanes, 'takesIn' | 'push'>;
}

export class Merge {
  readonly #parts: MergeParts;
  readonly #holds = new Map<string, Hold>();
  /** Keys of messages whose files are being fetched. */
  readonly #fetching = new Set<string>();
  #stopped = false;

  constructor(parts: MergeParts) {
    this.#parts = parts;
  }

  /** Messages that are held: of a session, or of all. */
  count(sessionId?: string): number {
    const holds = sessionId === undefined ? [...this.#holds.values()] : [this.#holds.get(sessionId)];
    return holds.reduce((sum, hold) => sum + (hold?.messages.length ?? 0), 0);
  }

  /** A message whose files are still fetched: what is held there waits for it, and so does what comes after it. */
  async whileComing<T>(envelope: Admitted, way: Route, work: () => Promise<T>): Promise<T> {
    if (way.kind !== 'turn' || !mayHold(way, envelope)) return work();
    const hold = await this.#mine(envelope, way);
    this.#comes(hold);
    this.#fetching.add(envelope.key);
    try {
      return await work();
    } finally {
      this.#fetching.delete(envelope.key);
      await this.#came(way.sessionId, hold);
    }
  }

  /**
   * Whether the message is to be held: then `store` was called and it is. Otherwise nothing was, and what was held before it there has its turn.
   * `asked`: how it waits was said with it.
   */
  async holds(envelope: Admitted, way: Route, asked: boolean, store: () => Promise<void>): Promise<boolean> {
    if (way.kind !== 'turn') return false;
    const { sessionId } = way;
    if (asked || !mayHold(way, envelope)) {
      await this.end(sessionId);
      return false;
    }
    const wait = this.#waitMs(envelope);
    if (this.#holds.get(sessionId)?.who !== whoOf(envelope)) await this.end(sessionId);
    const known = this.#holds.get(sessionId);
    if (known === undefined && wait === 0) return false;
    // What was said before it and is still on its way is not overtaken.
    const before = (known?.messages.length ?? 0) + (known?.coming ?? 0) - (this.#fetching.has(envelope.key) ? 1 : 0);
    if (before === 0 && (await this.#joins(sessionId))) return false;
    const hold = await this.#mine(envelope, way);
    this.#comes(hold);
    try {
      await store();
      // One that was ended meanwhile has gone on without it.
      if (this.#holds.get(sessionId) === hold) this.#add(sessionId, hold, envelope, wait);
      else this.#parts.lanes.push(sessionId, [envelope], await this.#mode(sessionId));
    } finally {
      await this.#came(sessionId, hold);
    }
    return true;
  }

  /** Gives a held message new words, or takes it out; false where none is held under this key. */
  change(sessionId: string, key: string, text: string | undefined): boolean {
    const hold = this.#holds.get(sessionId);
    const at = hold?.messages.findIndex((message) => message.key === key) ?? -1;
    const message = hold?.messages[at];
    if (!hold || message?.inbound.kind !== 'message') return false;
    if (text !== undefined) hold.messages[at] = { ...message, inbound: { ...message.inbound, text } };
    else hold.messages.splice(at, 1);
    if (hold.messages.length === 0 && hold.coming === 0) this.#drop(sessionId, hold);
    return true;
  }

  /** What is held has its turn now; resolves once that is in its lane. */
  async end(sessionId: string): Promise<void> {
    const hold = this.#holds.get(sessionId);
    if (!hold) return;
    const mode = hold.messages.length > 0 ? await this.#mode(sessionId) : undefined;
    if (this.#holds.get(sessionId) !== hold) return;
    this.#drop(sessionId, hold);
    if (hold.messages.length > 0 && !this.#stopped) this.#parts.lanes.push(sessionId, hold.messages, mode);
  }

  /** What is held stays in the inbox for the next start. */
  stop(): void {
    this.#stopped = true;
    for (const { timer, shown } of this.#holds.values()) {
      timer?.cancel();
      shown();
    }
  }

  #waitMs(envelope: Admitted): number {
    const { inbound, origin } = envelope;
    const waits = inbound.kind === 'message' && origin !== 'unattended' && (inbound.album === true || isFilesAlone(inbound));
    return Math.max(this.#parts.mergeMs(envelope), waits ? filesWaitMs : 0);
  }

  /** A running turn takes it in, or all that waits for the next one shares that: nothing is won by a wait. */
  async #joins(sessionId: string): Promise<boolean> {
    if (!this.#parts.lanes.takesIn(sessionId)) return false;
    const mode = (await this.#mode(sessionId)) ?? 'steer';
    return mode === 'steer' || mode === 'collect';
  }

  async #mode(sessionId: string): Promise<QueueMode | undefined> {
    const { store, onFault } = this.#parts;
    return (await store.sessions.get(sessionId).catch(onFault))?.mode;
  }

  /** The hold of whoever says this; somebody else's there ends first, so that nobody is overtaken. */
  async #mine(envelope: Admitted, { sessionId, address }: TurnWay): Promise<Hold> {
    const who = whoOf(envelope);
    if (this.#holds.get(sessionId)?.who !== who) await this.end(sessionId);
    const known = this.#holds.get(sessionId);
    if (known?.who === who) return known;
    const hold: Hold = {
      ...{ who, messages: [], timer: undefined, shown: this.#parts.showTyping(address) },
      ...{ from: this.#parts.clock.steady(), longest: 0, coming: 0, comingSince: 0, late: false },
    };
    this.#holds.set(sessionId, hold);
    return hold;
  }

  #comes(hold: Hold): void {
    if (hold.coming++ === 0) hold.comingSince = this.#parts.clock.steady();
  }

  async #came(sessionId: string, hold: Hold): Promise<void> {
    if (--hold.coming > 0) return;
    hold.from += this.#parts.clock.steady() - hold.comingSince;
    if (this.#holds.get(sessionId) !== hold) return;
    if (hold.messages.length === 0) this.#drop(sessionId, hold);
    else if (hold.late) await this.end(sessionId);
  }

  #add(sessionId: string, hold: Hold, envelope: Admitted, wait: number): void {
    hold.messages.push(envelope);
    hold.longest = Math.max(hold.longest, wait);
    hold.timer?.cancel();
    const now = this.#parts.clock.steady();
    const from = hold.from + now - hold.comingSince;
    const left = Math.min(wait, from + mostWaits * hold.longest - now);
    hold.late = left <= 0 || hold.messages.length >= mostHeld; // it ends once nothing is on its way into it
    hold.timer = hold.late || this.#stopped ? undefined : this.#parts.clock.after(left, () => this.#over(sessionId, hold));
  }

  #over(sessionId: string, hold: Hold): void {
    if (hold.coming > 0) hold.late = true;
    else void this.end(sessionId).catch(this.#parts.onFault);
  }

  #drop(sessionId: string, hold: Hold): void {
    hold.timer?.cancel();
    hold.shown();
    this.#holds.delete(sessionId);
  }
}

/** What says how it waits, and what only asks for a compaction, is a command; what comes in by a surface of CoPaw itself is whole. */
const mayHold = ({ mode, compact }: TurnWay, { channel, inbound }: Admitted): boolean =>
  mode === undefined && compact === undefined && inbound.kind === 'message' && !ownChannels.has(channel);

const whoOf = ({ channel, account, inbound }: Admitted): string => JSON.stringify([channel, account, inbound.chat.id, inbound.sender.id]);

/** A voice note says all there is to say. */
function isFilesAlone({ text, attachments = [] }: InboundMessage): boolean {
  return text.trim() === '' && attachments.length > 0 && attachments.some(({ mediaType }) => !mediaType.startsWith('audio/'));
}
