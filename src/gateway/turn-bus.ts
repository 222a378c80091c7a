// Step 10 of the path: append to the log (and outbox) in one transaction, then publish. The log is the truth; subscribers replay it.

import type { EventFilter } from '../core/operator.ts';
import type { Redact } from '../core/secret.ts';
import type { Batch, Store } from '../core/store.ts';
import type { DurableEvent, Entry, PassingEvent, PlacedEvent } from '../core/turn-event.ts';
import type { Clock } from '../lib/clock.ts';
import { EventQueue } from '../lib/event-queue.ts';

/** Events one slow subscriber may have waiting; beyond it resumes from the log by itself. */
const mostWaiting = 10_000;
const replayPage = 500;

interface Draft {
  readonly sessionId: string;
  readonly step: number;
  text: string;
  thinking: string;
}

export class TurnBus {
  readonly #store: Pick<Store, 'commit' | 'entries'>;
  readonly #clock: Clock;
  readonly #redact: Redact;
  readonly #subscribers = new Set<{ filter: EventFilter; queue: EventQueue<PlacedEvent> }>();
  /** What open turns have said since their last durable message, by turn id. */
  readonly #drafts = new Map<string, Draft>();
  #seq: number;
  #passing = 0;

  private constructor(store: Pick<Store, 'commit' | 'entries'>, clock: Clock, redact: Redact, seq: number) {
    this.#store = store;
    this.#clock = clock;
    this.#redact = redact;
    this.#seq = seq;
  }

  static async open(store: Pick<Store, 'commit' | 'entries'>, clock: Clock, redact: Redact): Promise<TurnBus> {
    return new TurnBus(store, clock, redact, await store.entries.lastSeq());
  }

  /** Commits the batch with these events of one turn, then publishes them in order. */
  async commit(sessionId: string, turnId: string, events: readonly DurableEvent[], batch: Omit<Batch, 'entries'>): Promise<readonly Entry[]> {
    const at = this.#clock.now();
    const entries = await this.#store.commit({
      ...batch,
      entries: events.map((event) => ({ sessionId, turnId, at, event: redactEvent(event, this.#redact) })),
    });
    for (const entry of entries) {
      this.#seq = Math.max(this.#seq, entry.seq);
      this.#passing = 0;
      if (entry.event.type === 'turn-end' || (entry.event.type === 'message' && entry.event.message.role === 'assistant')) this.#drafts.delete(turnId);
      this.#publish(place(entry));
    }
    return entries;
  }

  /** Publishes a live event; only the running draft is remembered, for those who join late. */
  pass(sessionId: string, turnId: string, event: PassingEvent): void {
    const clean = redactEvent(event, this.#redact);
    this.#keepDraft(sessionId, turnId, clean);
    this.#publish({ ...clean, id: this.#nextPassing(), sessionId, turnId, at: this.#clock.now() });
  }

  async *subscribe(filter: EventFilter, signal: AbortSignal): AsyncGenerator<PlacedEvent> {
    let last = filter.after;
    for (;;) {
      const queue = new EventQueue<PlacedEvent>(mostWaiting);
      const subscriber = { filter, queue };
      const end = (): void => queue.end();
      signal.addEventListener('abort', end, { once: true });
      this.#subscribers.add(subscriber);
      try {
        for await (const event of this.#replayThenLive(filter, last, queue)) {
          if (signal.aborted) return;
          last = event.id;
          yield event;
          if (filter.turnId !== undefined && event.type === 'turn-end') return;
        }
      } finally {
        this.#subscribers.delete(subscriber);
        signal.removeEventListener('abort', end);
      }
      if (signal.aborted || !queue.overflowed) return;
    }
  }

  /** Ends every subscription; for shutdown. */
  close(): void {
    for (const { queue } of this.#subscribers) queue.end();
  }

  async *#replayThenLive(filter: EventFilter, after: string | undefined, queue: EventQueue<PlacedEvent>): AsyncGenerator<PlacedEvent> {
    let seen = this.#seq;
    // Passing events up to here are in the drafts that were replayed.
    let passed: readonly [seq: number, passing: number] = [0, 0];
    if (after !== undefined) {
      seen = Number.parseInt(after, 10) || 0;
      for (;;) {
        const newest = this.#seq;
        const page = await this.#store.entries.after({ after: seen, limit: replayPage, ...scope(filter) });
        for (const entry of page) {
          seen = entry.seq;
          yield redactEvent(place(entry), this.#redact);
        }
        // A slow reader may have let more happen meanwhile.
        if (page.length < replayPage && newest === this.#seq) break;
      }
      const drafts = [...this.#replayDrafts(filter)];
      passed = [this.#seq, this.#passing];
      yield* drafts;
    }
    for await (const event of queue) {
      const [seq = 0, passing] = event.id.split('.').map(Number);
      if (passing === undefined ? seq <= seen : seq < passed[0] || (seq === passed[0] && passing <= passed[1])) continue;
      yield event;
    }
  }

  /** A late joiner gets each running draft whole, after a reset, so that nothing is missing or doubled. */
  *#replayDrafts(filter: EventFilter): Generator<PlacedEvent> {
    for (const [turnId, draft] of this.#drafts) {
      if (!matches(filter, draft.sessionId, turnId)) continue;
      const common = { sessionId: draft.sessionId, turnId, at: this.#clock.now() };
      yield { type: 'draft-reset', step: draft.step, id: this.#nextPassing(), ...common };
      if (draft.thinking !== '') yield { type: 'thinking-delta', step: draft.step, text: draft.thinking, id: this.#nextPassing(), ...common };
      if (draft.text !== '') yield { type: 'text-delta', step: draft.step, text: draft.text, id: this.#nextPassing(), ...common };
    }
  }

  #keepDraft(sessionId: string, turnId: string, event: PassingEvent): void {
    if (event.type === 'tool-progress') return;
    let draft = this.#drafts.get(turnId);
    if (!draft || draft.step !== event.step || event.type === 'draft-reset') {
      draft = { sessionId, step: event.step, text: '', thinking: '' };
      this.#drafts.set(turnId, draft);
    }
    if (event.type === 'text-delta') draft.text += event.text;
    if (event.type === 'thinking-delta') draft.thinking += event.text;
  }

  #publish(event: PlacedEvent): void {
    for (const { filter, queue } of this.#subscribers) if (matches(filter, event.sessionId, event.turnId)) queue.push(event);
  }

  #nextPassing(): string {
    this.#passing++;
    return `${this.#seq}.${this.#passing}`;
  }
}

export function place(entry: Entry): PlacedEvent {
  return { ...entry.event, id: String(entry.seq), sessionId: entry.sessionId, turnId: entry.turnId, at: entry.at };
}

function scope(filter: EventFilter): { sessionId?: string; turnId?: string } {
  return { ...(filter.sessionId === undefined ? {} : { sessionId: filter.sessionId }), ...(filter.turnId === undefined ? {} : { turnId: filter.turnId }) };
}

function matches(filter: EventFilter, sessionId: string, turnId: string): boolean {
  return (filter.sessionId === undefined || filter.sessionId === sessionId) && (filter.turnId === undefined || filter.turnId === turnId);
}

/** The same event with every known secret replaced; the object itself when there was none. */
function redactEvent<E extends DurableEvent | PassingEvent>(event: E, redact: Redact): E {
  const text = JSON.stringify(event);
  const clean = redact(text);
  return clean === text ? event : (JSON.parse(clean) as E);
}
