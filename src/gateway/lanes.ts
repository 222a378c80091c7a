// Step 5 of the path: one turn at a time per session, a bounded number over all, fair between sessions; a message during a turn steers it.
import type { Admitted } from '../core/brand.ts';
import { CoPawError } from '../core/error.ts';
import type { QueueMode, Turn } from '../core/session.ts';
import { placeKey, whereOf } from './route.ts';

/** Messages that may wait in one session before the next is refused with `busy`. */
const mostWaiting = 32;

/** A turn that has its messages and waits for, or has, its place. */
export class LaneTurn {
  readonly sessionId: string;
  readonly turnId: string;
  /** Where it answers: what comes from elsewhere does not join it. */
  readonly place: string;
  readonly abort = new AbortController();
  /** Messages the turn begins with; after it has begun, those that steer it. */
  waiting: Admitted[] = [];
  open = true;
  /** Its time was up. */
  overdue = false;
  /** It only compacts, with this in mind. */
  compact?: string;
  /** Has its first messages. */
  begun = false;
  /** The turn as it was opened together with its message; undefined where running it opens or resumes it. */
  opened?: Turn;

  constructor(sessionId: string, turnId: string, place = '') {
    this.sessionId = sessionId;
    this.turnId = turnId;
    this.place = place;
  }

  /** Takes what waits. */
  take(): Admitted[] {
    this.begun = true;
    return this.waiting.splice(0);
  }

  /** Closes to new messages; false when some wait. */
  close(): boolean {
    if (this.waiting.length > 0) return false;
    this.open = false;
    return true;
  }
}

interface Lane {
  active?: LaneTurn;
  /** Turns to come, oldest first; the first of a lane without an active one is in the ready list. */
  readonly next: LaneTurn[];
  /** Waits for the active turn to let go. */
  after?: () => void;
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  /** Sessions whose next turn waits for a place, oldest first. */
  readonly #ready: LaneTurn[] = [];
  readonly #limit: () => number;
  readonly #run: (turn: LaneTurn) => Promise<void>;
  readonly #newTurnId: () => string;
  readonly #held: (sessionId?: string) => number;
  #running = 0;
  #stopped = false;
  #gathering = false;
  #idle: (() => void) | undefined;

  /** `held`: messages that wait for others before they come here. */
  constructor(parts: { limit: () => number; newTurnId: () => string; run: (turn: LaneTurn) => Promise<void>; held?: (sessionId?: string) => number }) {
    this.#limit = parts.limit;
    this.#newTurnId = parts.newTurnId;
    this.#run = parts.run;
    this.#held = parts.held ?? (() => 0);
  }

  full(sessionId: string): boolean {
    return this.waiting(sessionId) >= mostWaiting;
  }

  /** Throws `busy` when the session's lane is full; ask before accepting. */
  checkRoom(sessionId: string): void {
    if (this.full(sessionId) || this.#stopped) {
      throw new CoPawError('busy', this.#stopped ? 'CoPaw is stopping.' : 'Too many messages wait in this conversation.', {
        next: 'Wait for the answer, or stop the running turn.',
      });
    }
  }

  /** Hands a message, or several as one, to the turn that will answer and returns that turn's id. `alone`: no other message joins that turn. */
  push(sessionId: string, said: Admitted | readonly Admitted[], mode: QueueMode = 'steer', alone = false): string {
    const messages: readonly Admitted[] = 'key' in said ? [said] : said;
    const lane = this.#lane(sessionId);
    const place = messages[0] ? placeOf(messages[0]) : '';
    if (mode === 'steer' && lane.active?.place === place && this.takesIn(sessionId)) {
      lane.active.waiting.push(...messages);
      return lane.active.turnId;
    }
    if (mode === 'interrupt') this.stop(sessionId);
    const last = mode === 'queue' ? undefined : lane.next.findLast((turn) => !turn.begun && turn.open && turn.place === place);
    const turn = last ?? new LaneTurn(sessionId, this.#newTurnId(), place);
    if (alone) turn.open = false;
    turn.waiting.push(...messages);
    if (turn !== last) {
      lane.next.push(turn);
      if (!lane.active && lane.next.length === 1) this.#ready.push(turn);
    }
    this.#advance();
    return turn.turnId;
  }

  /** Gives a message that no turn has taken yet new words, or takes it out; false where none waits under this key. */
  change(sessionId: string, key: string, text: string | undefined): boolean {
    const lane = this.#lanes.get(sessionId);
    for (const turn of lane ? turnsOf(lane) : []) {
      const at = turn.waiting.findIndex((message) => message.key === key);
      const message = turn.waiting[at];
      if (!lane || !message || message.inbound.kind !== 'message') continue;
      if (text !== undefined) turn.waiting[at] = { ...message, inbound: { ...message.inbound, text } };
      else if (turn === lane.active && !turn.begun && turn.opened === undefined && turn.waiting.length === 1) return false;
      else turn.waiting.splice(at, 1);
      if (turn !== lane.active && !turn.begun && turn.waiting.length === 0) this.#forget(sessionId, lane, turn);
      return true;
    }
    return false;
  }

  /** Takes a place for a new turn where session and place are free. Its caller opens the turn, then calls `start`, or `abandon`. */
  begin(sessionId: string, message: Admitted): LaneTurn | undefined {
    if (this.#stopped || this.#lanes.has(sessionId) || this.#ready.length > 0 || this.#running >= this.#limit()) return undefined;
    const turn = new LaneTurn(sessionId, this.#newTurnId(), placeOf(message));
    this.#lane(sessionId).active = turn;
    this.#running++;
    return turn;
  }

  start(turn: LaneTurn): void {
    void this.#run(turn).finally(() => this.#finished(turn, this.#lane(turn.sessionId)));
  }

  /** The turn could not be opened. What was pushed to it meanwhile gets it as its own, under the id that was told. */
  abandon(turn: LaneTurn): void {
    const lane = this.#lane(turn.sessionId);
    this.#running--;
    delete lane.active;
    if (turn.waiting.length > 0) lane.next.unshift(turn);
    this.#letGo(turn.sessionId, lane);
  }

  /** Puts back a turn that was open when the process died. `alone`: no message joins it, as when it began. */
  resume({ sessionId, id, address }: Pick<Turn, 'sessionId' | 'id' | 'address'>, alone: boolean): void {
    const lane = this.#lane(sessionId);
    const turn = new LaneTurn(sessionId, id, placeKey(address));
    turn.begun = true;
    turn.open = !alone;
    lane.next.push(turn);
    if (lane.next.length === 1) this.#ready.push(turn);
    this.#advance();
  }

  /** A turn runs there that takes messages in. */
  takesIn(sessionId: string): boolean {
    const active = this.active(sessionId);
    return active?.open === true && !active.abort.signal.aborted;
  }

  active(sessionId: string): LaneTurn | undefined {
    return this.#lanes.get(sessionId)?.active;
  }

  /** What `work` pushes begins together afterwards, or once something there is to end. */
  async gather(work: () => Promise<void>): Promise<void> {
    this.#gathering = true;
    try {
      await work();
    } finally {
      this.#release();
    }
  }

  /** Aborts the running turn of a session. */
  stop(sessionId: string): boolean {
    this.#release();
    const active = this.active(sessionId);
    active?.abort.abort();
    return active !== undefined;
  }

  /** Messages that wait for a turn, or for the next step of one: of a session, or of all. */
  waiting(sessionId?: string): number {
    const lanes = sessionId === undefined ? [...this.#lanes.values()] : [this.#lanes.get(sessionId)];
    return lanes.flatMap((lane) => (lane ? turnsOf(lane) : [])).reduce((sum, turn) => sum + turn.waiting.length, this.#held(sessionId));
  }

  /** Aborts the running turn of a session, and resolves when it has let go; the next one begins only after what `work` does then. */
  async quietly<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    this.#release();
    const lane = this.#lane(sessionId);
    // A turn that was taken up after a start may still wait for its place: it ends first.
    for (let before = busyIn(lane); before; before = busyIn(lane)) {
      const free = Promise.withResolvers<void>();
      const others = lane.after;
      lane.after = () => {
        others?.();
        free.resolve();
      };
      before.abort.abort();
      await free.promise;
    }
    const place = new LaneTurn(sessionId, '');
    place.open = false;
    lane.active = place;
    const next = lane.next[0] ? this.#ready.indexOf(lane.next[0]) : -1;
    if (next >= 0) this.#ready.splice(next, 1);
    try {
      return await work();
    } finally {
      delete lane.active;
      this.#letGo(sessionId, lane);
    }
  }

  get running(): number {
    return this.#running;
  }

  /** Begins no new turn, aborts the running ones and resolves when they have let go. */
  async drain(): Promise<void> {
    this.#stopped = true;
    for (const { active } of this.#lanes.values()) active?.abort.abort();
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
  }

  #forget(sessionId: string, lane: Lane, turn: LaneTurn): void {
    lane.next.splice(lane.next.indexOf(turn), 1);
    const at = this.#ready.indexOf(turn);
    if (at < 0) return;
    this.#ready.splice(at, 1);
    this.#letGo(sessionId, lane);
  }

  #lane(sessionId: string): Lane {
    let lane = this.#lanes.get(sessionId);
    if (!lane) {
      lane = { next: [] };
      this.#lanes.set(sessionId, lane);
    }
    return lane;
  }

  #release(): void {
    this.#gathering = false;
    this.#advance();
  }

  #advance(): void {
    while (!this.#stopped && !this.#gathering && this.#running < this.#limit()) {
      const turn = this.#ready.shift();
      if (!turn) return;
      const lane = this.#lane(turn.sessionId);
      lane.active = turn;
      lane.next.shift();
      this.#running++;
      this.start(turn);
    }
  }

  #finished(turn: LaneTurn, lane: Lane): void {
    this.#running--;
    delete lane.active;
    // A message can slip in between the turn's last look and its end only by a fault; it then gets a turn of its own.
    const late = turn.take();
    if (late.length > 0) {
      if (lane.next[0]?.place !== turn.place) lane.next.unshift(new LaneTurn(turn.sessionId, this.#newTurnId(), turn.place));
      lane.next[0]?.waiting.unshift(...late);
    }
    this.#letGo(turn.sessionId, lane);
  }

  /** Nothing of the lane runs now: its next turn may wait for a place. */
  #letGo(sessionId: string, lane: Lane): void {
    if (this.#running === 0) this.#idle?.();
    const { after } = lane;
    delete lane.after;
    after?.();
    // Whoever waited for quiet takes its place before any other turn does.
    queueMicrotask(() => {
      if (lane.active) return;
      const [next] = lane.next;
      if (next && !this.#ready.includes(next)) this.#ready.push(next);
      else if (!next && this.#lanes.get(sessionId) === lane) this.#lanes.delete(sessionId);
      this.#advance();
    });
  }
}

const busyIn = (lane: Lane): LaneTurn | undefined => lane.active ?? lane.next.find((turn) => turn.begun);
const turnsOf = (lane: Lane): readonly LaneTurn[] => (lane.active ? [lane.active, ...lane.next] : lane.next);
const placeOf = (message: Admitted): string => placeKey(whereOf(message).address);
