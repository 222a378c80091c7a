// Says aloud, to those who do not see it: that CoPaw works, asks, has answered, or ended without an answer. Not the stream itself, which would never end.
import { useEffect, useRef, useState } from 'react';
import type { Item } from '../live/chat-items.ts';
import { useText } from '../settings.tsx';

export function Announcer({ items, running }: { readonly items: readonly Item[]; readonly running: boolean }) {
  const t = useText();
  const [words, setWords] = useState('');
  /** A whole turn may come at once: then nothing was seen running, and there is another answer. */
  const answer = items.findLast((item) => item.kind === 'answer')?.key;
  const end = items.findLast((item) => item.kind === 'user' || item.kind === 'end');
  const outcome = end?.kind === 'end' ? t.endedLive[end.outcome] : t.answeredLive;
  const before = useRef({ running, asks: false, answer });
  const asks = items.some((item) => item.kind === 'approval' && item.decision === undefined);
  useEffect(() => {
    const was = before.current;
    before.current = { running, asks, answer };
    if (asks && !was.asks) setWords(t.approvalTitle);
    else if (running && !was.running) setWords(t.working);
    else if (!running && (was.running || answer !== was.answer)) setWords(outcome);
  }, [running, asks, answer, outcome, t]);
  return (
    <p className="sr-only" aria-live="polite">
      {words}
    </p>
  );
}
