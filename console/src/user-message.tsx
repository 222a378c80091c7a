// What a person wrote, as it was typed.
import { Attachments } from './attachments.tsx';
import type { UserItem } from './chat-state.ts';
import { shortTime } from './format.ts';
import { useSettings } from './settings.tsx';
import { readable } from './visible.ts';

export function UserMessage({ item }: { readonly item: UserItem }) {
  const { text: t, locale } = useSettings();
  return (
    <article className="flex flex-col items-end">
      <h2 className="sr-only">{t.youSaid}</h2>
      <div className={item.command ? 'bubble bubble-command' : 'bubble'} dir="auto" title={shortTime(item.at, Date.now(), locale)}>
        {readable(item.text)}
      </div>
      <Attachments files={item.attachments} />
    </article>
  );
}
