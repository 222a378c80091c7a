// Below an answer: a new conversation that goes on from here, and the last answer once more.
import { api } from '../live/api.ts';
import { useLive } from '../live/use-live.ts';
import { useTask } from '../live/use-task.ts';
import { chatHash, go } from '../route.ts';
import { useText } from '../settings.tsx';
import { Problem } from '../ui/problem.tsx';

export function TurnActions({ sessionId, turnId, again }: { readonly sessionId: string; readonly turnId: string; readonly again: boolean }) {
  const { sessions: t } = useText();
  const live = useLive();
  const { busy, problem, run } = useTask();
  const fork = (): void =>
    void run(async () => {
      const { session } = await api.forkSession(sessionId, turnId);
      await live.refresh();
      go(chatHash(session.id));
    });
  return (
    <>
      <button type="button" className="link-quiet" disabled={busy} onClick={fork}>
        {t.fork}
      </button>
      {again && (
        <button type="button" className="link-quiet" disabled={busy} onClick={() => void run(() => api.regenerate(sessionId, turnId))}>
          {t.again}
        </button>
      )}
      <Problem text={problem} className="w-full" />
    </>
  );
}
