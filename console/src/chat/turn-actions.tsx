// Below an answer: a new conversation that goes on from here, and the last answer once more, on demand with its changes of files undone.
import { api } from '../live/api.ts';
import { useLive } from '../live/use-live.ts';
import { useTask } from '../live/use-task.ts';
import { chatHash, go } from '../route.ts';
import { useText } from '../settings.tsx';
import { focusComposer } from '../ui/focus.ts';
import { Problem } from '../ui/problem.tsx';

export interface TurnActionsProps {
  readonly sessionId: string;
  readonly turnId: string;
  /** It is the last one: it can be asked again. */
  readonly again: boolean;
  /** It changed files, and that was not undone. */
  readonly changed: boolean;
}

export function TurnActions({ sessionId, turnId, again, changed }: TurnActionsProps) {
  const { sessions: t, turns } = useText();
  const live = useLive();
  const { busy, problem, run } = useTask();
  const fork = (): void =>
    void run(async () => {
      const { session } = await api.forkSession(sessionId, turnId);
      await live.refresh();
      go(chatHash(session.id));
    });
  const answerAgain = (undo: boolean): void =>
    void run(async () => {
      await api.regenerate(sessionId, turnId, undo);
      focusComposer(); // the button goes with its answer
    });
  return (
    <>
      <button type="button" className="link-quiet" disabled={busy} onClick={fork}>
        {t.fork}
      </button>
      {again && (
        <button type="button" className="link-quiet" disabled={busy} onClick={() => answerAgain(false)}>
          {t.again}
        </button>
      )}
      {again && changed && (
        <button type="button" className="link-quiet" disabled={busy} onClick={() => answerAgain(true)}>
          {turns.againFiles}
        </button>
      )}
      <Problem text={problem} className="w-full" />
    </>
  );
}
