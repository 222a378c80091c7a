// Where a compaction may end: never between a call and its result, nor inside a turn that only answers a command.
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { hiddenTurns } from './history.ts';

/** What should be left behind the cut, at most. */
export interface Keep {
  /** As `sizeOf` counts them. */
  readonly tokens: number;
  readonly messages: number;
  /** As many of the newest exchanges stay whole as take, with all behind them, no more than these tokens: at most so many. */
  readonly whole?: { readonly exchanges: number; readonly tokens: number };
}

/**
 * How many of the entries to cover: as few as leave no more than `keep`; where no cut leaves so little, as many as can be; undefined where there is
 * nothing to cover. `open`: the newest turn still runs.
 */
export function cutPoint(entries: readonly Entry[], keep: Keep, sizeOf: (entry: Entry) => number, open: boolean): number | undefined {
  const first = keep.whole === undefined ? undefined : wholeStart(entries, keep.whole, sizeOf);
  const cuts = legalCuts(entries, open).filter((cut) => first === undefined || cut <= first);
  let tokens = 0;
  let messages = 0;
  let best = cuts.at(-1);
  let next = cuts.length - 1;
  for (let index = entries.length; index >= 0 && next >= 0; index--) {
    const entry = entries[index];
    if (entry !== undefined) {
      tokens += sizeOf(entry);
      if (isMessage(entry.event)) messages++;
    }
    if (tokens > keep.tokens || messages > keep.messages) break;
    if (cuts[next] === index) {
      best = index;
      next--;
    }
  }
  return best === 0 ? undefined : best;
}

/** Where the first exchange begins that stays whole; undefined where none does. What only answers a command, or was not asked by anybody, is none. */
function wholeStart(entries: readonly Entry[], { exchanges, tokens: most }: NonNullable<Keep['whole']>, sizeOf: (entry: Entry) => number): number | undefined {
  const hidden = hiddenTurns(entries);
  const asked = new Set(
    entries.flatMap(({ event, turnId }) => (event.type === 'message' && event.message.role === 'user' && !hidden.has(turnId) ? [turnId] : [])),
  );
  const first = new Map<string, number>();
  for (const [index, { turnId }] of entries.entries()) if (asked.has(turnId) && !first.has(turnId)) first.set(turnId, index);
  const starts = [...first.values()].slice(-exchanges);
  let tokens = 0;
  const behind = entries
    .map(sizeOf)
    .toReversed()
    .map((size) => (tokens += size))
    .toReversed();
  return starts.find((start) => (behind[start] ?? 0) <= most);
}

/** Before which entries a cut may be, ascending. */
function legalCuts(entries: readonly Entry[], open: boolean): readonly number[] {
  const cuts: number[] = [];
  /** Calls of each turn that have no result yet; a turn that has ended waits for none. */
  const calls = new Map<string, Set<string>>();
  const commands = new Set<string>();
  let waiting = 0;
  for (const [index, { event, turnId }] of entries.entries()) {
    const isStart = event.type === 'turn-start' && !event.resumed;
    if (isStart && event.command !== undefined) commands.add(turnId);
    const inside = event.type === 'message' && (event.message.role === 'assistant' || entries[index - 1]?.event.type !== 'turn-start') && !commands.has(turnId);
    if (waiting === 0 && (isStart || inside)) cuts.push(index);
    waiting += change(calls, turnId, event);
  }
  if (!open && waiting === 0) cuts.push(entries.length);
  return cuts;
}

/** By how much the number of calls without a result changes. */
function change(calls: Map<string, Set<string>>, turnId: string, event: DurableEvent): number {
  const own = calls.get(turnId) ?? new Set<string>();
  const before = own.size;
  calls.set(turnId, own);
  if (event.type === 'message' && event.message.role === 'assistant') for (const { id } of event.message.toolCalls) own.add(id);
  if (event.type === 'tool-end') own.delete(event.callId);
  if (event.type === 'turn-end') own.clear();
  return own.size - before;
}

export const isMessage = ({ type }: DurableEvent): boolean => type === 'message' || type === 'tool-end';
