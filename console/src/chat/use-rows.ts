// Which items of a conversation are on the page, and where: those in sight and some around them, placed by measured heights.
import { type Range, type ReactVirtualizer, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Item } from '../live/chat-items.ts';

/** Pixels of an item that was not measured yet: what is out of sight is only guessed. */
const guesses: Readonly<Record<Item['kind'], number>> = { user: 70, answer: 160, tool: 48, approval: 200, notice: 48, compaction: 60, end: 32 };
const gap = 12;
/** Rows beyond the edges of the window: at most so many, and none that begin farther away than so many pixels. */
const overscan = 8;
const near = 1_200;
/** Rows that a selection may keep on the page. */
const mostHeld = 500;

interface Rows {
  readonly list: RefObject<HTMLOListElement | null>;
  readonly rows: ReactVirtualizer<HTMLElement, HTMLLIElement>;
}

export interface RowsOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly items: readonly Item[];
  /** There is something above the list for it. */
  readonly hasEarlier: boolean;
  /** The list is as high as it will be now. */
  readonly resized: () => void;
}

export function useRows({ scroller, items, hasEarlier, resized }: RowsOptions): Rows {
  const list = useRef<HTMLOListElement>(null);
  const selected = useSelected(list);
  const [above, setAbove] = useState(0);
  const told = useRef(0);
  const sizes = useRef<readonly VirtualItem[]>([]);
  const rows = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guesses[items[index]?.kind ?? 'answer'],
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    rangeExtractor: (range) => withHeld(nearBy(range, sizes.current), items, list.current, selected.current),
    scrollMargin: above,
    gap,
    overscan,
    // What is read stays in place when older messages come in above it.
    anchorTo: 'end',
    // The end is followed, or let go, by useBottom alone.
    scrollEndThreshold: Number.NEGATIVE_INFINITY,
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
    // With the words that made it higher, not a frame after them.
    onChange: (instance) => {
      if (told.current === instance.getTotalSize()) return;
      told.current = instance.getTotalSize();
      resized();
    },
  });
  const { containerRef } = rows;
  sizes.current = rows.measurementsCache;
  useLayoutEffect(() => {
    containerRef(list.current);
    return () => containerRef(null);
  }, [containerRef]);
  // To read a place has the page laid out, so it is not read with every word.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useLayoutEffect(() => {
    const measure = (): void => setAbove(list.current?.offsetTop ?? 0);
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [hasEarlier]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands above the list counts as well
  useLayoutEffect(() => {
    told.current = rows.getTotalSize();
    resized();
  }, [items.length, hasEarlier, above, resized]);
  return { list, rows };
}

/** Keys of the rows in which the selection begins and ends, noted when it changes: to ask for it has the page laid out. */
function useSelected(list: RefObject<HTMLOListElement | null>): RefObject<readonly (string | undefined)[]> {
  const selected = useRef<readonly (string | undefined)[]>([]);
  useEffect(() => {
    const note = (): void => {
      const selection = document.getSelection();
      selected.current = selection?.isCollapsed === false ? [selection.anchorNode, selection.focusNode].map((node) => keyOf(node, list.current)) : [];
    };
    document.addEventListener('selectionchange', note);
    return () => document.removeEventListener('selectionchange', note);
  }, [list]);
  return selected;
}

/** Of the row that this is in. */
function keyOf(node: Node | null, list: HTMLElement | null): string | undefined {
  const element = node instanceof Element ? node : node?.parentElement;
  return list?.contains(element ?? null) ? element?.closest<HTMLElement>('[data-key]')?.dataset.key : undefined;
}

/** The rows in sight and those around them. */
function nearBy({ startIndex, endIndex, overscan, count }: Range, sizes: readonly VirtualItem[]): number[] {
  const beyond = (index: number, step: 1 | -1): number => {
    let last = index;
    for (let pixels = 0; pixels < near && Math.abs(last - index) < overscan && sizes[last + step] !== undefined; last += step)
      pixels += sizes[last + step]?.size ?? 0;
    return last;
  };
  const first = Math.max(0, beyond(startIndex, -1));
  const last = Math.min(count - 1, beyond(endIndex, 1));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** Whoever has the focus or a part of a selection stays on the page, however far it is scrolled away. */
function withHeld(near: readonly number[], items: readonly Item[], list: HTMLElement | null, selectedKeys: readonly (string | undefined)[]): number[] {
  const indexOf = (key: string | undefined): number => (key === undefined ? -1 : items.findIndex((item) => item.key === key));
  const selected = selectedKeys.map(indexOf);
  const held = [indexOf(keyOf(document.activeElement, list)), ...selected].filter((index) => index >= 0);
  const [from = 0, to = 0] = selected.toSorted((a, b) => a - b);
  if (from >= 0) for (let index = from + 1; index < Math.min(to, from + mostHeld); index++) held.push(index);
  return held.length === 0 ? [...near] : [...new Set([...near, ...held])].sort((a, b) => a - b);
}
