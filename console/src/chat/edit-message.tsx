// Other words for an earlier message: a new conversation that begins before it, with its text and files in the composer, and on demand with the files as they were then.
import { useState } from 'react';
import type { UndoReportBody } from '../../../src/http/contract.ts';
import { ApiError, api, newId } from '../live/api.ts';
import type { UserItem } from '../live/chat-items.ts';
import { changedTurns } from '../live/chat-state.ts';
import { sendFile } from '../live/upload.ts';
import { useLive } from '../live/use-live.ts';
import { useTask } from '../live/use-task.ts';
import { chatHash, go } from '../route.ts';
import { remember, useText } from '../settings.tsx';
import { Problem } from '../ui/problem.tsx';
import { visible } from '../ui/visible.ts';

export function EditMessage({ sessionId, item: { turnId, text, attachments } }: { readonly sessionId: string; readonly item: UserItem }) {
  const { turns: t, undo: undoWords, cancel, marks } = useText();
  const live = useLive();
  const { busy, problem, run } = useTask();
  /** Turns from this one on that changed files, oldest first: what becomes of those is asked. */
  const [changed, setChanged] = useState<readonly string[]>([]);
  const [left, setLeft] = useState<{ readonly files: UndoReportBody['files']; readonly sessionId: string }>();

  /** Before the first message there is nothing to keep but the model. */
  const fresh = async (): Promise<string> => {
    const id = newId('s');
    const model = live.snapshot().sessions?.find((session) => session.id === sessionId)?.model;
    if (model !== undefined) await live.pick(id, model);
    return id;
  };
  /** Files of the message, as the workspace has them now; one that is gone from there cannot go along. */
  const filesAgain = async (): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (const { path, name } of attachments) {
      try {
        const file = await api.workspaceFile(sessionId, path);
        ids.push((await sendFile(file, name, () => undefined, new AbortController().signal)).id);
      } catch (error) {
        if (!(error instanceof ApiError && error.code === 'path-missing')) throw error;
      }
    }
    return ids;
  };
  const fork = async (): Promise<string> => {
    const files = await filesAgain();
    const before = await live.turnBefore(sessionId, turnId);
    if (!before) throw new Error(t.beforeUnknown);
    const id = before.turnId === undefined ? await fresh() : (await api.forkSession(sessionId, before.turnId)).session.id;
    remember(`draft.${id}`, text);
    remember(`files.${id}`, files.join(' '));
    await live.refresh();
    return id;
  };
  const edit = (): Promise<void> => run(async () => go(chatHash(await fork())));
  const start = (): void => {
    const { items = [], openTurns = [] } = live.snapshot().chats.get(sessionId)?.state ?? {};
    const since = items.slice(items.findIndex((item) => item.turnId === turnId));
    const found = [...changedTurns(since, openTurns).values()];
    setChanged(found);
    if (found.length === 0) void edit();
  };
  const editWithFiles = (): Promise<void> =>
    run(async () => {
      const id = await fork();
      const files: UndoReportBody['files'][number][] = [];
      // The newest first: each gives back what the one before it left.
      for (const turn of changed.toReversed()) files.push(...(await api.undo({ turnId: turn, force: false })).files.filter(({ result }) => result === 'left'));
      if (files.length === 0) go(chatHash(id));
      else setLeft({ files, sessionId: id });
    });

  if (left)
    return (
      <div className="w-full space-y-2 text-sm" role="status">
        <p>{t.leftAlone}</p>
        <ul className="text-muted">
          {left.files.map(({ path, why }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a path may come twice
            <li key={index}>
              <span className="font-mono text-[0.8125rem] break-all">{visible(path)}</span>
              {why !== undefined && marks.aside(undoWords.why[why])}
            </li>
          ))}
        </ul>
        <a className="button-quiet button-small" href={chatHash(left.sessionId)}>
          {t.goOn}
        </a>
      </div>
    );
  return (
    <>
      <button type="button" className="link-quiet" disabled={busy} onClick={start}>
        {t.edit}
      </button>
      {changed.length > 0 && (
        <fieldset className="card w-full space-y-2 p-3 text-sm text-text">
          <p>{t.editFiles(changed.length)}</p>
          <div className="flex flex-wrap gap-2">
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void edit()}>
              {t.keepFiles}
            </button>
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void editWithFiles()}>
              {t.undoFiles}
            </button>
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => setChanged([])}>
              {cancel}
            </button>
          </div>
        </fieldset>
      )}
      <Problem text={problem} className="w-full" />
    </>
  );
}
