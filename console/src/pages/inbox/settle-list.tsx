// What came to nothing: each opens into its life, where it can be tried again, or is let be, which can be taken back.
import { useEffect, useRef, useState } from 'react';
import { useTask } from '../../live/use-task.ts';
import { focusComposer } from '../../ui/focus.ts';
import { PageSection } from '../../ui/page-section.tsx';
import { visible } from '../../ui/visible.ts';
import { MessageRow, type Row } from '../messages/message-row.tsx';
import { useMessagesText } from '../messages/text.ts';
import { useInboxText } from './text.ts';

export function SettleList({
  id,
  title,
  rows,
  full,
  settle,
  onChanged,
}: {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** There may be more than these. */
  readonly full: boolean;
  /** By the key of a message, or the id of an answer. */
  readonly settle: (key: string, settled: boolean) => Promise<unknown>;
  readonly onChanged: () => Promise<void>;
}) {
  const words = useInboxText();
  const noText = useMessagesText().noText;
  const [open, setOpen] = useState<string>();
  const [last, setLast] = useState<Row>();
  const { busy, problem, run } = useTask();
  const undo = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (last && !busy) undo.current?.focus();
  }, [last, busy]);
  if (rows.length === 0 && last === undefined) return null;
  const change = (row: Row, settled: boolean): void =>
    void run(async () => {
      await settle(row.box === 'inbox' ? row.message.key : row.part.answerId, settled);
      setLast(settled ? row : undefined);
      if (!settled) focusComposer();
      await onChanged();
    });
  return (
    <PageSection id={id} title={title} problem={problem}>
      <div role="status">
        {last && (
          <p className="mb-2 flex items-center justify-between gap-3 text-sm">
            <span className="min-w-0 truncate">{words.settled(textOf(last) === '' ? noText : visible(textOf(last)))}</span>
            <button ref={undo} type="button" className="button-quiet button-small" disabled={busy} onClick={() => change(last, false)}>
              {words.undo}
            </button>
          </p>
        )}
      </div>
      <ul className="space-y-2">
        {rows.map((row) => (
          <MessageRow
            key={row.id}
            row={row}
            open={open === row.id}
            onOpen={(opened) => setOpen(opened ? row.id : undefined)}
            onChanged={onChanged}
            action={
              <button type="button" className="button-quiet button-small mr-3" disabled={busy} onClick={() => change(row, true)}>
                {words.settle}
              </button>
            }
          />
        ))}
      </ul>
      {full && <p className="mt-2 text-sm text-muted">{words.older}</p>}
    </PageSection>
  );
}

const textOf = (row: Row): string => (row.box === 'inbox' ? row.message.text : row.part.text);
