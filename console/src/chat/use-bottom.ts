// Keeps a conversation at its end while the reader is there, and stays out of the way when not.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Pixels from the end that still count as the end. */
const near = 48;

export interface Bottom {
  readonly scroller: RefObject<HTMLElement | null>;
  /** What stands below the rows. */
  readonly below: RefObject<HTMLDivElement | null>;
  /** The end is out of sight. */
  readonly away: boolean;
  toLatest(): void;
  /** The rows became higher or lower. */
  resized(): void;
  /** Something else is to be read: the end is followed no more until the reader is there again. */
  letGo(): void;
}

/** `follow`: there is a conversation to be at the end of. */
export function useBottom(follow: boolean): Bottom {
  const scroller = useRef<HTMLElement>(null);
  const below = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [away, setAway] = useState(false);

  const resized = useCallback((): void => {
    const box = scroller.current;
    if (!box) return;
    if (stuck.current) box.scrollTop = box.scrollHeight;
    else {
      const far = box.scrollHeight - box.scrollTop - box.clientHeight > near;
      stuck.current = !far;
      setAway(far);
    }
  }, []);
  // The rows tell it themselves: all that holds them would be heard of a frame too late.
  useLayoutEffect(() => {
    if (!scroller.current || !below.current || !follow) return;
    const observer = new ResizeObserver(resized);
    observer.observe(below.current);
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [follow, resized]);

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
  return { scroller, below, away, toLatest, resized, letGo };
}
