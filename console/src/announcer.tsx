// Says aloud, to those who do not see it: that CoPaw works, asks, or has answered. Not the stream itself, which would never end.
import { useEffect, useRef, useState } from 'react';
import type { Item } from './chat-state.ts';
import { useText } from './settings.tsx';

export function Announcer({ items, running }: { readonly items: readonly Item[]; readonly running: boolean }) {
  const t = useText();
  const [words, setWords] = useState('');
  const before = useRef({ running, asks: false });
  const asks = items.some((item) => item.kind === 'approval' && item.decision === undefined);
  useEffect(() => {
    const was = before.current;
    before.current = { running, asks };
    if (asks && !was.asks) setWords(t.approvalTitle);
    else if (running && !was.running) setWords(t.working);
    else if (!running && was.running) setWords(t.answeredLive);
  }, [running, asks, t]);
  return (
    <p className="sr-only" aria-live="polite">
      {words}
    </p>
  );
}
