// Messages and answers by what became of them, newest first; each opens into its life.
import { useCallback, useEffect, useState } from 'react';
import type { InboxFilter, OutboxFilter } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Page } from '../../ui/page.tsx';
import { MessageRow, type Row, rowOfMessage, rowOfPart } from './message-row.tsx';
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

async function rowsOf(shown: Shown, before?: number): Promise<readonly Row[]> {
  const { box, show } = choices[shown];
  const query = { show, limit: String(pageSize), before: before === undefined ? '' : String(before) };
  return box === 'inbox' ? (await api.inbox(query)).messages.map(rowOfMessage) : (await api.outbox(query)).parts.map(rowOfPart);
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
    <Page name="messages" text={words.text} problem={problem} again={rows ? undefined : reload}>
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
          <MessageRow key={row.id} row={row} open={open === row.id} onOpen={(opened) => setOpen(opened ? row.id : undefined)} onChanged={reload} />
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
