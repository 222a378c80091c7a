// Counts failures in a sliding window, so that guessing has an end.
import type { Clock } from './clock.ts';

export function createFailureLimit(
  clock: Pick<Clock, 'steady'>,
  limit: { readonly most: number; readonly withinMs: number },
): { exceeded(): boolean; add(): void } {
  let failures: readonly number[] = [];
  return {
    exceeded() {
      failures = failures.filter((at) => at > clock.steady() - limit.withinMs);
      return failures.length >= limit.most;
    },
    add() {
      failures = [...failures, clock.steady()];
    },
  };
}
