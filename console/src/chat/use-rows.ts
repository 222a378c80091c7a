// Which items of a conversation are on the page, and where: those in sight and some around them, placed by measured heights.
import { defaultRangeExtractor, type Range, type ReactVirtualizer, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { Item } from '../live/chat-items.ts';

/** Pixels of an item that was not measured yet: what is out of sight is only guessed. */
const guesses: Readonly<Record<Item['kind'], number>> = { user: 70, answer: 160, tool: 48, approval: 200, notice: 48, compaction: 60, end: 32 };
const gap = 12;
/** Rows beyond the edges of the window. */
const overscan = 8;
/** Rows that a selection may keep on the page. */
const mostHeld = 500;

interface Rows {
  readonly list: RefObject<HTMLOListElement | null>;
  readonly rows: ReactVirtualizer<HTMLElement, HTMLLIElement>;
}

export function useRows(scroller: RefObject<HTMLElement | null>, items: readonly Item[]): Rows {
  const list = useRef<HTMLOListElement>(null);
  const [above, setAbove] = useState(0);
  const rows = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guesses[items[index]?.kind ?? 'answer'],
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    rangeExtractor: (range) => withHeld(range, items, list.current),
    scrollMargin: above,
    gap,
    overscan,
    // What is read stays in place when older messages come in above it.
    anchorTo: 'end',
    // The end is followed, or let go, by useBottom alone.
    scrollEndThreshold: Number.NEGATIVE_INFINITY,
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
  });
  const { containerRef } = rows;
  useLayoutEffect(() => {
    containerRef(list.current);
    return () => containerRef(null);
  }, [containerRef]);
  useLayoutEffect(() => setAbove(list.current?.offsetTop ?? 0));
  return { list, rows };
}

/** Whoever has the focus or a part of a selection stays on the page, however far it is scrolled away. */
function withHeld(range: Range, items: readonly Item[], list: HTMLElement | null): number[] {
  const near = defaultRangeExtractor(range);
  const indexOf = (node: Node | null | undefined): number => {
    const element = node instanceof Element ? node : node?.parentElement;
    const key = list?.contains(element ?? null) ? element?.closest<HTMLElement>('[data-key]')?.dataset.key : undefined;
    return key === undefined ? -1 : items.findIndex((item) => item.key === key);
  };
  const selection = document.getSelection();
  const selected = selection?.isCollapsed === false ? [indexOf(selection.anchorNode), indexOf(selection.focusNode)] : [];
  const held = [indexOf(document.activeElement), ...selected].filter((index) => index >= 0);
  const [from = 0, to = 0] = selected.toSorted((a, b) => a - b);
  if (from >= 0) for (let index = from + 1; index < Math.min(to, from + mostHeld); index++) held.push(index);
  return held.length === 0 ? near : [...new Set([...near, ...held])].sort((a, b) => a - b);
}
