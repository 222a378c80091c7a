// The turn after which a conversation stood as it did before another one began: where a fork for other words is made.
import type { PlacedEvent } from '../../../src/http/contract.ts';

/** The last turn that had ended when `turnId` began; undefined where none is in this log. */
export function turnBefore(log: readonly PlacedEvent[], turnId: string): string | undefined {
  const begin = log.findIndex((event) => event.turnId === turnId);
  return log.slice(0, Math.max(begin, 0)).findLast(({ type }) => type === 'turn-end')?.turnId;
}
