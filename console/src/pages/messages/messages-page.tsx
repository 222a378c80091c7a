// Messages and answers by what became of them, newest first; each opens into its life.
import { useCallback, useEffect, useState } from 'react';
import type { ArrivedMessage, InboxFilter, OutboxFilter, SentPart } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { Choice } from '../../ui/choice.tsx';
import { shortTime } from '../../ui/format.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { visible } from '../../ui/visible.ts';
import { MessageLifeView } from './message-life.tsx';
import { useMessagesText } from './text.ts';

const pageSize = 30;
/** Each choice is a filter of the inbox or of the outbox. */
const choices = {
  all: { box: 'inbox', show: 'all' },
  open: { box: 'inbox', show: 'open' },
  failed: { box: 'inbox', show: 'failed' },
  refused: { box: 'inbox', show: 'refused' },
  waiting: { box: 'outbox', show: 'open' },
  dead: { box: 'outbox', show: 'dead' },
  unknown: { box: 'outbox', show: 'unknown' },
} as const satisfies Record<string, { readonly box: 'inbox'; readonly show: InboxFilter } | { readonly box: 'outbox'; readonly show: OutboxFilter }>;
type Shown = keyof typeof choices;
const isShown = (name: string): name is Shown => Object.hasOwn(choices, name);

/** A row of either box. */
type Row = { readonly id: string; readonly seq: number } & (
  | { readonly box: 'inbox'; readonly message: ArrivedMessage }
  | { readonly box: 'outbox'; readonly part: SentPart }
);

async function rowsOf(shown: Shown, before?: number): Promise<readonly Row[]> {
  const { box, show } = choices[shown];
  const query = { show, limit: String(pageSize), before: before === undefined ? '' : String(before) };
  return box === 'inbox'
    ? (await api.inbox(query)).messages.map((message) => ({ box, id: message.key, seq: message.seq ?? 0, message }))
    : (await api.outbox(query)).parts.map((part) => ({ box, id: `${part.answerId} ${part.part}`, seq: part.seq ?? 0, part }));
}

export function MessagesPage() {
  const { text: t } = useSettings();
  const words = useMessagesText();
  const [shown, setShown] = useState<Shown>('all');
  const [rows, setRows] = useState<readonly Row[]>();
  const [more, setMore] = useState(false);
  const [open, setOpen] = useState<string>();
  const { busy, problem, run } = useTask();
  const load = useCallback(
    (before?: number) =>
      run(async () => {
        const page = await rowsOf(shown, before);
        setRows((known = []) => (before === undefined ? page : [...known, ...page]));
        setMore(page.length === pageSize);
      }),
    [run, shown],
  );
  useEffect(() => {
    setRows(undefined);
    void load();
  }, [load]);
  const reload = useCallback(() => load(), [load]);

  return (
    <Page name="messages" text={words.text} problem={problem}>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <Choice
          label={words.show}
          value={shown}
          options={Object.keys(choices)
            .filter(isShown)
            .map((name) => [name, words.filters[name]] as const)}
          onChange={(name) => isShown(name) && setShown(name)}
        />
        <button type="button" className="button-quiet min-h-11" disabled={busy} onClick={() => void reload()}>
          {words.refresh}
        </button>
      </div>
      {rows === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {rows?.length === 0 && <p className="text-muted">{words.nothing}</p>}
      <ul className="space-y-2">
        {rows?.map((row) => (
          <li key={row.id} className="tool">
            <button type="button" className="tool-head" aria-expanded={open === row.id} onClick={() => setOpen(open === row.id ? undefined : row.id)}>
              <ChevronIcon className="chevron size-4 text-muted" />
              <Head row={row} />
            </button>
            {open === row.id && (
              <div className="border-t border-line px-5 py-4">
                <MessageLifeView box={row.box} id={row.box === 'inbox' ? row.message.key : row.part.answerId} onChanged={reload} />
              </div>
            )}
          </li>
        ))}
      </ul>
      {more && rows !== undefined && (
        <button type="button" className="button-quiet button-small mt-3" disabled={busy} onClick={() => void load(rows.at(-1)?.seq)}>
          {words.older}
        </button>
      )}
    </Page>
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
