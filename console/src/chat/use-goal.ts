// Goes to the turn that was looked for, once it is there, and marks where it begins.
import type { Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useState } from 'react';
import type { Item } from '../live/chat-items.ts';
import { useLive, useLiveState } from '../live/use-live.ts';

/** The key of the item that was gone to last. */
export function useGoal(sessionId: string, items: readonly Item[], rows: Virtualizer<HTMLElement, HTMLLIElement>, letGo: () => void): string | undefined {
  const live = useLive();
  const goal = useLiveState((state) => state.goal);
  const [reached, setReached] = useState<string>();
  const index = goal?.sessionId === sessionId ? items.findIndex((item) => item.turnId === goal.turnId) : -1;
  const key = items[index]?.key;
  useLayoutEffect(() => {
    if (key === undefined) return;
    letGo();
    rows.scrollToIndex(index, { align: 'center' });
    setReached(key);
    live.reached();
  }, [key, index, rows, letGo, live]);
  return reached;
}
