// Memory: what is remembered, how large it is, what the prompt holds, and which conversations can see it.
import { useCallback, useEffect, useState } from 'react';
import type { MemoryListBody, MemorySightsBody, MemoryStatsBody } from '../../../../src/http/contract.ts';
import { useSightWords } from '../../chat/sight-line.tsx';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { chatHash } from '../../route.ts';
import { useSettings, useText } from '../../settings.tsx';
import { fileSize, shortTime } from '../../ui/format.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { visible } from '../../ui/visible.ts';
import { LearningSection } from './learning-section.tsx';
import { MemoryFileView } from './memory-file.tsx';
import { MemorySearch } from './memory-search.tsx';
import { useMemoryText } from './text.ts';

export function MemoryPage() {
  const { text: t, locale } = useSettings();
  const words = useMemoryText();
  const [files, setFiles] = useState<MemoryListBody['files']>();
  const [stats, setStats] = useState<MemoryStatsBody>();
  const [sessions, setSessions] = useState<MemorySightsBody['sessions']>([]);
  const [open, setOpen] = useState<string>();
  const [gone, setGone] = useState<{ readonly path: string; readonly undoId: string | undefined }>();
  const { busy, problem, run } = useTask();
  const look = useCallback(async () => {
    const [listed, numbers] = await Promise.all([api.memory(), api.memoryStats()]);
    setFiles(listed.files);
    setStats(numbers);
  }, []);
  const load = useCallback(
    () =>
      run(async () => {
        await look();
        setSessions((await api.memorySights()).sessions);
      }),
    [run, look],
  );
  useEffect(() => void load(), [load]);
  const forgotten = (path: string, undoId: string | undefined): void => {
    setGone({ path, undoId });
    setOpen(undefined);
    void run(look);
  };
  const bringBack = (undoId: string) =>
    run(async () => {
      await api.undo({ turnId: undoId, force: false });
      setGone(undefined);
      await look();
    });

  return (
    <Page name="memory" text={words.text} problem={problem} again={files ? undefined : load}>
      <MemorySearch onOpen={setOpen} />
      <section className="mb-8" aria-labelledby="memory-files">
        <h2 id="memory-files" className="mb-3 text-lg font-semibold">
          {words.files}
        </h2>
        {files === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
        {files?.length === 0 && <p className="text-muted">{words.noFiles}</p>}
        {gone && (
          <p role="status" className="mb-2 flex flex-wrap items-center gap-3 text-sm">
            {words.forgotten(visible(gone.path))}
            {gone.undoId !== undefined && (
              <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void bringBack(gone.undoId ?? '')}>
                {words.undo}
              </button>
            )}
          </p>
        )}
        <ul className="space-y-2">
          {files?.map(({ path, bytes, modifiedAt, state }) => (
            <li key={path} className="tool">
              <button type="button" className="tool-head" aria-expanded={open === path} onClick={() => setOpen(open === path ? undefined : path)}>
                <ChevronIcon className="chevron size-4 text-muted" />
                <span className="min-w-0 flex-1 py-1 text-sm">
                  <span className="block font-medium break-all">{visible(path)}</span>
                  <span className="flex flex-wrap gap-x-3 text-muted">
                    <span>{fileSize(bytes)}</span>
                    <span>{shortTime(modifiedAt, Date.now(), locale)}</span>
                    {state !== 'indexed' && <span className="text-warning">{words.state[state]}</span>}
                  </span>
                </span>
              </button>
              {open === path && (
                <div className="border-t border-line px-5 py-4">
                  <MemoryFileView path={path} onForgotten={(undoId) => forgotten(path, undoId)} />
                </div>
              )}
            </li>
          ))}
        </ul>
        {stats && <Numbers stats={stats} busy={busy} onReindex={() => run(async () => setStats(await api.reindexMemory()))} />}
      </section>
      {stats && <LearningSection agentId={stats.agentId} onChanged={() => void run(look)} />}
      <Sights sessions={sessions} />
    </Page>
  );
}

function Numbers({ stats, busy, onReindex }: { readonly stats: MemoryStatsBody; readonly busy: boolean; readonly onReindex: () => Promise<void> }) {
  const t = useMemoryText();
  const { gap } = useText();
  const [said, setSaid] = useState('');
  const { files, bytes, followed, digest } = stats;
  return (
    <div className="mt-3 space-y-1 text-sm text-muted">
      <p>{[t.size(files, fileSize(bytes)), t.prompt(digest.bytes, digest.most)].join(gap)}</p>
      {digest.leftBytes > 0 && <p className="text-warning">{t.noRoom(digest.leftNotes)}</p>}
      {!followed && <p>{t.notFollowed}</p>}
      <p className="flex flex-wrap items-center gap-3 pt-1">
        <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void onReindex().then(() => setSaid(t.reindexed))}>
          {t.reindex}
        </button>
        <span role="status">{said}</span>
      </p>
    </div>
  );
}

function Sights({ sessions }: MemorySightsBody) {
  const t = useMemoryText();
  const words = useSightWords();
  return (
    <section aria-labelledby="memory-sights">
      <h2 id="memory-sights" className="mb-1 text-lg font-semibold">
        {t.sees}
      </h2>
      <p className="mb-3 text-sm text-muted">{sessions.length === 0 ? t.noSessions : t.seesText}</p>
      <ul className="space-y-1 text-sm">
        {sessions.map((sight) => (
          <li key={sight.sessionId} className="break-words">
            <a className="link-quiet" href={chatHash(sight.sessionId)}>
              {visible(sight.title).trim() || t.noTitle}
            </a>
            : <span className={sight.memory === 'allow' ? '' : 'text-muted'}>{words(sight)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
