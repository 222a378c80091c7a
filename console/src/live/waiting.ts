// How much waits for the person: approvals as the stream tells them, the rest as CoPaw last said.
import type { LiveState } from './live-state.ts';

export function waitingCount({ asking, status }: Pick<LiveState, 'asking' | 'status'>): number {
  const { approvals: _, ...others } = status?.waiting ?? {};
  return asking.size + Object.values(others).reduce((sum, number) => sum + number, 0);
}
