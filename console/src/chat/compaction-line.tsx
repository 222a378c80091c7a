// Where earlier messages were summed up for the model: how many, why, what it reads instead, and taking that back.
import type { CompactionItem } from '../live/chat-items.ts';
import { useLive } from '../live/use-live.ts';
import { useSettings } from '../settings.tsx';
import { ChevronIcon } from '../ui/icons.tsx';
import { readable, visible } from '../ui/visible.ts';

const lists = ['constraints', 'done', 'doing', 'blocked', 'decisions', 'next', 'promises', 'facts'] as const;

/** `canUndo`: it is the newest that counts, in a conversation that can be written into from here. */
export function CompactionLine({ item, canUndo }: { readonly item: CompactionItem; readonly canUndo: boolean }) {
  const { text: all, locale } = useSettings();
  const t = all.compaction;
  const live = useLive();
  const { counts, summary, anchors, how, why, model, focus, takenBack } = item;
  const tokens = (count: number): string => count.toLocaleString(locale);
  const shown = lists.filter((member) => summary[member].length > 0);
  return (
    <section
      aria-label={t.line(counts.messagesBefore, counts.messagesAfter)}
      className="rounded-xl border border-line px-4 py-3 text-sm leading-relaxed text-muted"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-2">
        <p>
          <strong className="font-medium text-text">{t.line(counts.messagesBefore, counts.messagesAfter)}</strong>
          {all.marks.comma + t.tokens(tokens(counts.tokensBefore), tokens(counts.tokensAfter)) + all.marks.semicolon + t[why]}
        </p>
        {canUndo && (
          <button type="button" className="button-quiet button-small" onClick={() => void live.send(item.sessionId, '/compact undo')}>
            {t.undo}
          </button>
        )}
      </div>
      <p>{takenBack ? t.undone : t.kept}</p>
      <details className="fold mt-1">
        <summary>
          <ChevronIcon className="chevron size-4" />
          {t.details}
        </summary>
        <div className="mt-2 space-y-2 break-words">
          <p>{how === 'model' ? t.model(visible(model ?? '')) : t.fallback}</p>
          {focus !== undefined && <p>{t.focus(visible(focus))}</p>}
          <p>
            <strong className="font-medium text-text">{t.goal + all.marks.colon}</strong>
            {readable(summary.goal)}
          </p>
          {shown.map((member) => (
            <Lines key={member} title={t.lists[member]} lines={summary[member]} />
          ))}
          {anchors.length > 0 && <Lines title={t.quotes(anchors.length)} lines={anchors.map(({ text }) => text)} />}
        </div>
      </details>
    </section>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  return (
    <div>
      <h3 className="font-medium text-text">{title}</h3>
      <ul className="list-disc pl-5">
        {[...new Set(lines)].map((line) => (
          <li key={line}>{readable(line)}</li>
        ))}
      </ul>
    </div>
  );
}
