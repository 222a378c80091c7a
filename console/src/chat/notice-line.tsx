// What CoPaw itself has to say in a conversation, and turns that ended without an answer.
import type { EndItem, NoticeItem } from '../live/chat-items.ts';
import { useSaid, useText } from '../settings.tsx';
import { WarningIcon } from '../ui/icons.tsx';
import { readable } from '../ui/visible.ts';
import type { AnswerProps } from './answer.tsx';
import { TurnActions } from './turn-actions.tsx';

type Place = Pick<AnswerProps, 'sessionId' | 'ends' | 'last' | 'changed'>;

const look = { info: 'border-line text-muted', warning: 'notice-warning', error: 'notice-danger' } as const;

export function NoticeLine({ item, ...place }: Place & { readonly item: NoticeItem }) {
  const t = useText();
  const told = useSaid();
  return (
    <div className={`flex gap-2.5 rounded-xl border px-4 py-3 text-sm leading-relaxed ${look[item.level]}`}>
      {item.level !== 'info' && <WarningIcon className="mt-0.5 size-4" />}
      <div className="min-w-0 break-words">
        <p>{readable(t.said(item.text) ?? (item.level === 'error' || item.code !== 'internal' ? t.failure(item.code, item.text) : item.text))}</p>
        {item.next !== undefined && <p className="text-text">{readable(told(item.next))}</p>}
        {item.reference !== undefined && <p className="mt-0.5 text-xs text-muted">{t.reference(item.reference)}</p>}
        <Actions turnId={item.turnId} {...place} />
      </div>
    </div>
  );
}

export function EndLine({ item, ...place }: Place & { readonly item: EndItem }) {
  const t = useText();
  return (
    <div className="text-sm text-muted">
      <p>{t.ended[item.outcome]}</p>
      <Actions turnId={item.turnId} {...place} />
    </div>
  );
}

/** A turn that came to nothing is the one that is asked again most. */
function Actions({ turnId, sessionId, ends, last, changed }: Place & { readonly turnId: string }) {
  if (!ends) return null;
  return (
    <footer className="mt-1.5 flex flex-wrap gap-x-3 gap-y-2 text-xs text-muted">
      <TurnActions sessionId={sessionId} turnId={turnId} again={last} changed={changed} />
    </footer>
  );
}
