// Keeps a conversation at its end while the reader is there, and stays out of the way when not.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Pixels from the end that still count as the end. */
const near = 48;

export interface Bottom {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** The end is out of sight. */
  readonly away: boolean;
  toLatest(): void;
  /** Something else is to be read: the end is followed no more until the reader is there again. */
  letGo(): void;
}

/** `follow`: there is a conversation to be at the end of. */
export function useBottom(follow: boolean): Bottom {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [away, setAway] = useState(false);

  useLayoutEffect(() => {
    const box = scroller.current;
    const inside = content.current;
    if (!box || !inside || !follow) return;
    const stay = (): void => {
      if (stuck.current) box.scrollTop = box.scrollHeight;
      else {
        const far = box.scrollHeight - box.scrollTop - box.clientHeight > near;
        stuck.current = !far;
        setAway(far);
      }
    };
    const observer = new ResizeObserver(stay);
    observer.observe(inside);
    observer.observe(box);
    return () => observer.disconnect();
  }, [follow]);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    let top = box.scrollTop;
    const onScroll = (): void => {
      const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight <= near;
      // Only a move up lets go: growing content also leaves the end, and must not.
      if (atEnd) stuck.current = true;
      else if (box.scrollTop < top) stuck.current = false;
      top = box.scrollTop;
      setAway(!atEnd && !stuck.current);
    };
    // Who opens a card wants to read it: its head stays where it is.
    const onClick = ({ target }: Event): void => {
      if (target instanceof Element && target.closest('[aria-expanded], summary')) stuck.current = false;
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    box.addEventListener('click', onClick);
    return () => {
      box.removeEventListener('scroll', onScroll);
      box.removeEventListener('click', onClick);
    };
  }, []);

  const toLatest = useCallback((): void => {
    stuck.current = true;
    setAway(false);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, []);
  const letGo = useCallback((): void => {
    stuck.current = false;
  }, []);
  return { scroller, content, away, toLatest, letGo };
}
