// What CoPaw says, as Markdown while it grows; its thoughts folded above, time and model below the last words of a turn.

import type { AnswerItem } from '../live/chat-items.ts';
import { useSettings, useText } from '../settings.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { dollars, seconds, shortCount, shortTime } from '../ui/format.ts';
import { BellIcon, ChevronIcon } from '../ui/icons.tsx';
import { useKept } from '../ui/kept.ts';
import { LongText } from '../ui/long-text.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { Attachments } from './attachments.tsx';
import { TurnActions } from './turn-actions.tsx';

export interface AnswerProps {
  readonly item: AnswerItem;
  readonly sessionId: string;
  /** It carries time and model. */
  readonly closing: boolean;
  /** It carries what can be done with its turn. */
  readonly ends: boolean;
  /** Its turn is the last one, and over. */
  readonly last: boolean;
  /** Its turn changed files. */
  readonly changed: boolean;
}

export function Answer({ item, sessionId, closing, ends, last, changed }: AnswerProps) {
  const { text: t, locale } = useSettings();
  const { text, thinking, draft, files } = item;
  // CoPaw itself writes reminders, without a model, and marks them with a clock.
  const reminder = item.model === undefined && text.startsWith('⏰') ? text.slice(1).trim() : undefined;
  return (
    <article className={`answer${draft ? ' answer-draft' : ''}${item.command ? ' answer-command' : ''}`}>
      <h2 className="sr-only">CoPaw</h2>
      {thinking !== '' && <Thoughts text={thinking} id={item.key} draft={draft} now={draft && text === ''} />}
      {reminder === undefined ? text !== '' && <Words text={text} id={item.key} draft={draft} /> : <Reminder text={reminder} />}
      <Attachments files={files} />
      {closing && text !== '' && (
        <footer className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-2 text-xs text-muted">
          <time dateTime={new Date(item.at).toISOString()}>{shortTime(item.at, Date.now(), locale)}</time>
          {item.model !== undefined && <span>· {item.model}</span>}
          {item.spent && <span>· {t.spent(shortCount(item.spent.tokens), dollars(item.spent.cost ?? 0))}</span>}
          {item.spent && <span>· {t.model.took(seconds(item.spent.ms))}</span>}
          <CopyButton text={text} className="link-quiet" />
          {ends && reminder === undefined && <TurnActions sessionId={sessionId} turnId={item.turnId} again={last} changed={changed} />}
        </footer>
      )}
    </article>
  );
}

function Words({ text, id, draft }: { readonly text: string; readonly id: string; readonly draft: boolean }) {
  return (
    <LongText text={text} id={id}>
      {(beginning) => <Markdown text={beginning} growing={draft} />}
    </LongText>
  );
}

function Reminder({ text }: { readonly text: string }) {
  const t = useText();
  return (
    <div className="reminder">
      <BellIcon className="mt-0.5 size-5 text-accent" />
      <div className="min-w-0">
        <h3 className="label">{t.reminder}</h3>
        <Markdown text={text} />
      </div>
    </div>
  );
}

function Thoughts({ text, id, draft, now }: { readonly text: string; readonly id: string; readonly draft: boolean; readonly now: boolean }) {
  const t = useText();
  const [open, setOpen] = useKept(`${id}:thoughts`, false);
  return (
    <details className="fold mb-2" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <ChevronIcon className="chevron size-4" />
        <span className={now ? 'shimmer' : ''}>{now ? t.thinking : t.thought}</span>
      </summary>
      {open && (
        <div className="ml-2 border-l-2 border-line pl-4 text-sm text-muted">
          <Words text={text} id={`${id}:thought`} draft={draft} />
        </div>
      )}
    </details>
  );
}
