// Something a button does: whether it runs, and what went wrong in words for people.
import { useCallback, useState } from 'react';
import { flushSync } from 'react-dom';
import { useText } from '../settings.tsx';
import { focusAgain } from '../ui/focus.ts';
import { problemOf } from './api.ts';

export function useTask(): { readonly busy: boolean; readonly problem: string; readonly run: (what: () => Promise<unknown>) => Promise<void> } {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const run = useCallback(
    async (what: () => Promise<unknown>): Promise<void> => {
      const from = document.activeElement;
      setBusy(true);
      setProblem('');
      try {
        await what();
      } catch (error) {
        setProblem(problemOf(error, t));
      } finally {
        flushSync(() => setBusy(false));
        focusAgain(from);
      }
    },
    [t],
  );
  return { busy, problem, run };
}
