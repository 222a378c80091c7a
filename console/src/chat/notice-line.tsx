// What CoPaw itself has to say in a conversation, and turns that ended without an answer.
import type { EndItem, NoticeItem } from '../live/chat-items.ts';
import { useText } from '../settings.tsx';
import { WarningIcon } from '../ui/icons.tsx';
import { readable } from '../ui/visible.ts';

const look = { info: 'border-line text-muted', warning: 'notice-warning', error: 'notice-danger' } as const;

export function NoticeLine({ item }: { readonly item: NoticeItem }) {
  const t = useText();
  return (
    <div className={`flex gap-2.5 rounded-xl border px-4 py-3 text-sm leading-relaxed ${look[item.level]}`}>
      {item.level !== 'info' && <WarningIcon className="mt-0.5 size-4" />}
      <div className="min-w-0 break-words">
        <p>{readable(item.level === 'error' || item.code !== 'internal' ? t.failure(item.code, item.text) : item.text)}</p>
        {item.next !== undefined && <p className="text-text">{readable(item.next)}</p>}
        {item.reference !== undefined && <p className="mt-0.5 text-xs text-muted">{t.reference(item.reference)}</p>}
      </div>
    </div>
  );
}

export function EndLine({ item }: { readonly item: EndItem }) {
  const t = useText();
  return <p className="text-sm text-muted">{t.ended[item.outcome]}</p>;
}
