// A bound for each of many keys on what happens within a span of time, with a bound on the keys.
import type { Clock } from './clock.ts';
import { remember } from './remember.ts';

/** Each call takes one of its key. first-over: the first one too many of this span, when something may be said about it. */
export function createKeyedBudget(
  clock: Pick<Clock, 'now'>,
  { withinMs, mostKeys }: { readonly withinMs: number; readonly mostKeys: number },
): (key: string, most: number) => 'within' | 'first-over' | 'over' {
  const taken = new Map<string, { readonly from: number; count: number }>();
  return (key, most) => {
    const now = clock.now();
    let current = taken.get(key);
    if (!current || now - current.from >= withinMs || now < current.from) current = { from: now, count: 0 };
    current.count++;
    taken.delete(key); // to the end: what is forgotten first is what was quiet longest
    remember(taken, key, current, mostKeys);
    if (current.count <= most) return 'within';
    return current.count === most + 1 ? 'first-over' : 'over';
  };
}
