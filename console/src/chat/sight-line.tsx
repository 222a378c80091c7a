// Above a conversation: what it can see of what is private, and why.
import { useEffect, useState } from 'react';
import type { MemorySightBody } from '../../../src/http/contract.ts';
import { api } from '../live/api.ts';
import { useLiveState } from '../live/use-live.ts';
import { pageHash } from '../route.ts';
import { useText } from '../settings.tsx';

/** "your memory, files (you alone speak here)" */
export function useSightWords(): (sight: MemorySightBody) => string {
  const { sight: t, marks } = useText();
  return ({ memory, files, why }) => t.memory[memory] + marks.comma + t.fileSight[files] + marks.aside(typeof why === 'string' ? t.why[why] : t.rule(why.rule));
}

/** Nothing for a conversation that has not begun. */
export function SightLine({ sessionId }: { readonly sessionId: string }) {
  const { sight: t } = useText();
  const words = useSightWords();
  const [sight, setSight] = useState<MemorySightBody>();
  const known = useLiveState((state) => state.sessions?.some(({ id }) => id === sessionId) === true);
  useEffect(() => {
    if (!known) return;
    let current = true;
    // Where it cannot be had nothing is said: it decides nothing.
    api.memorySight(sessionId).then(
      (found) => current && setSight(found),
      () => current && setSight(undefined),
    );
    return () => {
      current = false;
    };
  }, [sessionId, known]);
  if (!sight) return null;
  return (
    <p>
      {t.canSee}{' '}
      <a className="link-quiet" href={pageHash('memory')}>
        {words(sight)}
      </a>
    </p>
  );
}
