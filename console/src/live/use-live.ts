// Live as React sees it: one instance in a context, and parts of its state.
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Live } from './live.ts';
import type { LiveState } from './live-state.ts';

export const LiveContext = createContext<Live | undefined>(undefined);

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('There is no Live above.');
  return live;
}

/** `select` returns a part of the state itself, never a new object. */
export function useLiveState<T>(select: (state: LiveState) => T): T {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, () => select(live.snapshot()));
}
