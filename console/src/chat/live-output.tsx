// What a running command prints: the end stays in sight, unless the reader scrolled away from it.
import { useLayoutEffect, useRef } from 'react';

/** Pixels from the end that still count as there. */
const near = 24;

export function LiveOutput({ text }: { readonly text: string }) {
  const box = useRef<HTMLPreElement>(null);
  const away = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the text
  useLayoutEffect(() => {
    if (box.current && !away.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return (
    <pre
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        away.current = scrollHeight - scrollTop - clientHeight > near;
      }}
    >
      {text}
    </pre>
  );
}
