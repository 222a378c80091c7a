// Live as React sees it: one instance in a context, and parts of its state.
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { Live } from './live.ts';
import type { LiveState } from './live-state.ts';
import type { Waiting, WaitingFiles } from './waiting-files.ts';

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

/** The files of the message that is being written in a conversation, and what to do with them. */
export function useWaitingFiles(sessionId: string): Waiting & { readonly uploads: WaitingFiles } {
  const uploads = useLive().filesOf(sessionId);
  useEffect(() => uploads.find(), [uploads]);
  return { ...useSyncExternalStore(uploads.subscribe, uploads.snapshot), uploads };
}
