// Something a button does: whether it runs, and what went wrong in words for people.
import { useCallback, useState } from 'react';
import { useText } from '../settings.tsx';
import { problemOf } from './api.ts';

export function useTask(): { readonly busy: boolean; readonly problem: string; readonly run: (what: () => Promise<unknown>) => Promise<void> } {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const run = useCallback(
    async (what: () => Promise<unknown>): Promise<void> => {
      setBusy(true);
      setProblem('');
      try {
        await what();
      } catch (error) {
        setProblem(problemOf(error, t));
      } finally {
        setBusy(false);
      }
    },
    [t],
  );
  return { busy, problem, run };
}
