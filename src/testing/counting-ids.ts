// Ids that tests can foresee.
import type { Ids } from '../lib/ids.ts';

/** `turn_1`, `turn_2`, `ans_1`: each prefix counts from 1. */
export function createCountingIds(): Ids {
  const counts = new Map<string, number>();
  return (prefix) => {
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    return `${prefix}_${count}`;
  };
}
