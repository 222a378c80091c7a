// One message or one part of an answer in a list: what became of it, where, its beginning; it opens into its life.
import type { ReactNode } from 'react';
import type { ArrivedMessage, SentPart } from '../../../../src/http/contract.ts';
import { useSettings } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { visible } from '../../ui/visible.ts';
import { MessageLifeView } from './message-life.tsx';
import { useMessagesText } from './text.ts';

/** A row of either box. */
export type Row = { readonly id: string; readonly seq: number } & (
  | { readonly box: 'inbox'; readonly message: ArrivedMessage }
  | { readonly box: 'outbox'; readonly part: SentPart }
);

export const rowOfMessage = (message: ArrivedMessage): Row => ({ box: 'inbox', id: message.key, seq: message.seq ?? 0, message });
export const rowOfPart = (part: SentPart): Row => ({ box: 'outbox', id: `${part.answerId} ${part.part}`, seq: part.seq ?? 0, part });

export function MessageRow({
  row,
  open,
  onOpen,
  onChanged,
  action,
}: {
  readonly row: Row;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onChanged: () => Promise<void>;
  /** What else can be done with it. */
  readonly action?: ReactNode;
}) {
  return (
    <li className="tool">
      <div className="flex items-center">
        <button type="button" className="tool-head min-w-0 flex-1" aria-expanded={open} onClick={() => onOpen(!open)}>
          <ChevronIcon className="chevron size-4 text-muted" />
          <Head row={row} />
        </button>
        {action}
      </div>
      {open && (
        <div className="border-t border-line px-5 py-4">
          <MessageLifeView box={row.box} id={row.box === 'inbox' ? row.message.key : row.part.answerId} onChanged={onChanged} />
        </div>
      )}
    </li>
  );
}

function Head({ row }: { readonly row: Row }) {
  const { locale } = useSettings();
  const words = useMessagesText();
  const { state, text } = row.box === 'inbox' ? row.message : row.part;
  const place = row.box === 'inbox' ? row.message : row.part.to;
  return (
    <span className="min-w-0 flex-1 py-1 text-sm">
      <span className="flex flex-wrap gap-x-3">
        <span className={`font-medium ${toneOf(state)}`}>{words.states[state]}</span>
        {row.box === 'inbox' && row.message.nextTry !== undefined && <span className="text-muted">{words.triedAgain}</span>}
        <span className="text-muted">
          {place.channel}/{place.account}
        </span>
        {row.box === 'inbox' && <span className="text-muted">{shortTime(row.message.receivedAt, Date.now(), locale)}</span>}
      </span>
      <span className="block truncate">{text === '' ? words.noText : visible(text)}</span>
    </span>
  );
}

function toneOf(state: ArrivedMessage['state'] | SentPart['state']): string {
  if (state === 'failed' || state === 'dead') return 'text-danger';
  return state === 'unknown' || state === 'interrupted' ? 'text-warning' : '';
}
