// The part of each session's log that its next request is made from: what follows the newest compaction that counts. Read once, then grown.
import type { Store } from '../core/store.ts';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { estimateTokens } from './tokens.ts';

/** Entries read at once. */
const page = 250;
/** What is read at most of a log in which no compaction is found: of a copy, of an older version, or one whose compactions were undone. */
const mostRead = { entries: 50_000, tokens: 4_000_000 } as const;

/** Windows kept in memory, by their estimated tokens together: the least recently used go first. */
const keptTokens = 4_000_000;

/** A compaction in its place in the log. */
export interface PlacedCompaction {
  readonly seq: number;
  readonly event: Extract<DurableEvent, { type: 'compaction' }>;
}

export interface Window {
  /** The newest that is not undone. */
  readonly compaction?: PlacedCompaction;
  /** Oldest first: messages, results of tools, beginnings and ends of turns. What no model sees is left out. */
  readonly entries: readonly Entry[];
  /** A compaction after that one was undone: the person wants the messages themselves, as long as they fit. */
  readonly undone: boolean;
  /** There are older entries, too many to be read at once: no summary holds them. */
  readonly cut: boolean;
}

interface Kept extends Window {
  /** Number of the last entry that was read, whatever it is. */
  readonly last: number;
  readonly tokens: number;
}

/** Kept in memory and grown by what was appended, never read twice. */
export class ContextWindows {
  readonly #windows = new Map<string, Kept>();
  /** Estimated tokens of all windows together. */
  #tokens = 0;

  /** The window as it is now. What an entry weighs in memory is bounded by what a request may hold. */
  async load(store: Pick<Store, 'entries'>, sessionId: string): Promise<Window> {
    const known = this.#windows.get(sessionId);
    const window = (known && (await grow(store, sessionId, known))) ?? (await read(store, sessionId));
    this.forget(sessionId);
    this.#windows.set(sessionId, window);
    this.#tokens += window.tokens;
    for (const other of this.#windows.keys()) {
      if (this.#tokens <= keptTokens || other === sessionId) break;
      this.forget(other);
    }
    return window;
  }

  /** What was read of a session counts no more. */
  forget(sessionId: string): void {
    this.#tokens -= this.#windows.get(sessionId)?.tokens ?? 0;
    this.#windows.delete(sessionId);
  }
}

/** The window with what came since; undefined where it has to be read anew. */
async function grow(store: Pick<Store, 'entries'>, sessionId: string, known: Kept): Promise<Kept | undefined> {
  let window = known;
  for (;;) {
    // The last one that was read comes along: where it is gone, so is what was said before, whoever took it and whenever.
    const found = await store.entries.after({ sessionId, after: window.last - 1, limit: page });
    if (window.last > 0 && found[0]?.seq !== window.last) return undefined;
    const newer = window.last > 0 ? found.slice(1) : found;
    for (const { seq, event } of newer) {
      if (event.type === 'compaction-undone') return undefined;
      if (event.type !== 'compaction') continue;
      const left = behind({ seq, event }, window.entries, sessionId);
      window = { ...window, ...left, tokens: weigh(left.entries), undone: false, cut: false };
    }
    const through = window.compaction?.event.through ?? 0;
    const added = newer.filter(({ seq, event }) => isSeen(event) && seq > through);
    const last = newer.at(-1)?.seq ?? window.last;
    if (last !== window.last) window = { ...window, last, entries: [...window.entries, ...added], tokens: window.tokens + weigh(added) };
    if (found.length < page) return window;
  }
}

/** Backwards from the newest entry to the end of what the newest compaction covers. */
async function read(store: Pick<Store, 'entries'>, sessionId: string): Promise<Kept> {
  const undone = new Set<string>();
  const pages: (readonly Entry[])[] = [];
  let compaction: PlacedCompaction | undefined;
  let taken = false;
  let cut = false;
  let last = 0;
  let [count, tokens] = [0, 0];
  for (let before: number | undefined; ; ) {
    const older = await store.entries.tail(sessionId, page, before);
    last ||= older.at(-1)?.seq ?? 0;
    for (const { seq, event } of older.toReversed()) {
      if (event.type === 'compaction-undone') {
        undone.add(event.target);
        taken ||= compaction === undefined;
      }
      if (event.type === 'compaction' && !undone.has(event.compactionId)) compaction ??= { seq, event };
    }
    const seen = older.filter(({ event }) => isSeen(event));
    pages.unshift(seen);
    count += older.length;
    tokens += weigh(seen);
    before = older[0]?.seq;
    if (older.length < page || before === undefined) break;
    cut = !compaction && (count >= mostRead.entries || tokens >= mostRead.tokens);
    if (compaction ? before <= compaction.event.through + 1 : cut) break;
  }
  const all = pages.flat();
  const window = compaction ? behind(compaction, all, sessionId) : { entries: cut ? fromTurnStart(all) : all };
  return { ...window, undone: taken, cut, last, tokens: weigh(window.entries) };
}

/** What a compaction leaves: what the person asked of the turn it covers in part, then all that follows. */
function behind(compaction: PlacedCompaction, entries: readonly Entry[], sessionId: string): Pick<Kept, 'compaction' | 'entries'> {
  const { through, request } = compaction.event;
  const asked = (request?.messages ?? []).map(({ seq, at, message }): Entry => {
    const known = entries.find((entry) => entry.seq === seq);
    return known ?? { seq, at, sessionId, turnId: request?.turnId ?? '', event: { type: 'message', message } };
  });
  return { compaction, entries: [...asked, ...entries.filter(({ seq }) => seq > through)] };
}

/** A window that was cut off never begins in the middle of a turn, unless it is one turn. */
function fromTurnStart(entries: readonly Entry[]): readonly Entry[] {
  const start = entries.findIndex((entry) => entry.event.type === 'turn-start');
  return start > 0 ? entries.slice(start) : entries;
}

function isSeen({ type }: DurableEvent): boolean {
  return type === 'message' || type === 'tool-end' || type === 'turn-start' || type === 'turn-undone' || type === 'turn-end';
}

const weigh = (entries: readonly Entry[]): number => entries.reduce((sum, entry) => sum + entryTokens(entry), 0);

/** Estimated tokens of an entry, as a message and in memory. */
export function entryTokens({ event }: Entry): number {
  if (event.type === 'tool-end') return 20 + estimateTokens(event.text);
  if (event.type !== 'message') return 20;
  const { message } = event;
  const more = message.role === 'assistant' ? JSON.stringify([message.toolCalls, message.echo]) : '';
  return 20 + estimateTokens(message.text + more);
}
