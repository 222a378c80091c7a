// Which tool results a request shows whole: the recent ones. Older ones are cut in steps, so that the bytes before them stay the same in between.
import type { Entry } from '../core/turn-event.ts';
import { canCut, cutResult } from './history.ts';
import { estimateTokens } from './tokens.ts';

/** Shares of a request's room: when results together take the one, all but the newest that fit the other are cut. */
const mostShare = 0.35;
const keptShare = 0.12;

/**
 * Numbers of the entries whose result is cut. It depends on the entries and the room alone, so a request made again after a restart is the same; an
 * entry that was cut stays so while the window begins where it does.
 */
export function cutResults(entries: readonly Entry[], room: number): ReadonlySet<number> {
  const cut = new Set<number>();
  let whole: { readonly seq: number; readonly size: number; readonly gain: number }[] = [];
  let total = 0;
  for (const { seq, event } of entries) {
    if (event.type !== 'tool-end') continue;
    const size = estimateTokens(event.text);
    whole.push({ seq, size, gain: canCut(event.text) ? size - estimateTokens(cutResult(event.text, seq)) : 0 });
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
