// What a person wrote, as it was typed.

import type { UserItem } from '../live/chat-items.ts';
import { useSettings } from '../settings.tsx';
import { shortTime } from '../ui/format.ts';
import { LongText } from '../ui/long-text.tsx';
import { readable } from '../ui/visible.ts';
import { Attachments } from './attachments.tsx';

export function UserMessage({ item }: { readonly item: UserItem }) {
  const { text: t, locale } = useSettings();
  return (
    <article className="flex flex-col items-end">
      <h2 className="sr-only">{t.youSaid}</h2>
      {item.text !== '' && (
        <div className={item.command ? 'bubble bubble-command' : 'bubble'} dir="auto" title={shortTime(item.at, Date.now(), locale)}>
          <LongText text={item.text} id={item.key}>
            {readable}
          </LongText>
        </div>
      )}
      <Attachments files={item.attachments} />
    </article>
  );
}
