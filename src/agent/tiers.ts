// Which tool results a request shows whole: the recent ones. Older ones are cut in steps, so that the bytes before them stay the same in between.
import type { Entry } from '../core/turn-event.ts';
import { canCut, cutResult } from './history.ts';
import { estimateTokens } from './tokens.ts';

/** Shares of a request's room: when results together take the one, all but the newest that fit the other are cut. */
const mostShare = 0.35;
const keptShare = 0.12;

interface Sizes {
  readonly size: number;
  /** Tokens that cutting it saves. */
  readonly gain: number;
}

/** Keeps the size of each result as long as its entry is kept. */
export class ResultTiers {
  readonly #sizes = new WeakMap<Entry, Sizes>();

  cut(entries: readonly Entry[], room: number): ReadonlySet<number> {
    return cutResults(entries, room, (entry) => {
      const size = this.#sizes.get(entry) ?? sizesOf(entry);
      this.#sizes.set(entry, size);
      return size;
    });
  }
}

function sizesOf({ seq, event }: Entry): Sizes {
  if (event.type !== 'tool-end') return { size: 0, gain: 0 };
  const size = estimateTokens(event.text);
  return { size, gain: canCut(event.text) ? size - estimateTokens(cutResult(event.text, seq)) : 0 };
}

/**
 * Numbers of the entries whose result is cut. It depends on the entries and the room alone, so a request made again after a restart is the same; an
 * entry that was cut stays so while the window begins where it does.
 */
function cutResults(entries: readonly Entry[], room: number, sizes: (entry: Entry) => Sizes): ReadonlySet<number> {
  const cut = new Set<number>();
  let whole: { readonly seq: number; readonly size: number; readonly gain: number }[] = [];
  let total = 0;
  for (const entry of entries) {
    if (entry.event.type !== 'tool-end') continue;
    const { size, gain } = sizes(entry);
    whole.push({ seq: entry.seq, size, gain });
    total += size;
    if (total <= room * mostShare) continue;
    let kept = 0;
    let first = whole.length;
    // The newest stays whole however large it is: the model has not read it yet.
    while (first > 0 && (first === whole.length || kept + (whole[first - 1]?.size ?? 0) <= room * keptShare)) kept += whole[--first]?.size ?? 0;
    for (const { seq: old, gain } of whole.slice(0, first)) if (gain > 0) cut.add(old);
    whole = whole.slice(first);
    total = kept;
  }
  return cut;
}
