// What a person wrote, as it was typed.

import type { UserItem } from '../live/chat-items.ts';
import { useSettings } from '../settings.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { shortTime } from '../ui/format.ts';
import { LongText } from '../ui/long-text.tsx';
import { readable } from '../ui/visible.ts';
import { Attachments } from './attachments.tsx';
import { EditMessage } from './edit-message.tsx';

export interface UserMessageProps {
  readonly item: UserItem;
  readonly sessionId: string;
  /** Other words may take its place, in a conversation of their own. */
  readonly editable: boolean;
}

export function UserMessage({ item, sessionId, editable }: UserMessageProps) {
  const { text: t, locale } = useSettings();
  return (
    <article className="said">
      <h2 className="sr-only">{t.youSaid}</h2>
      {item.text !== '' && (
        <div className={item.command ? 'bubble bubble-command' : 'bubble'} dir="auto" title={shortTime(item.at, Date.now(), locale)}>
          <LongText text={item.text} id={item.key}>
            {readable}
          </LongText>
        </div>
      )}
      <Attachments files={item.attachments} heard={item.heard} />
      <footer className="said-actions">
        <CopyButton text={item.text} className="link-quiet" />
        {editable && <EditMessage sessionId={sessionId} item={item} />}
      </footer>
    </article>
  );
}
