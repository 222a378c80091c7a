// One field for everywhere: go to a page or a conversation, find what was said, do something. The focus stays in the field, which has the keys.

import { Fragment, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { SessionsFoundBody } from '../../../src/http/contract.ts';
import { api } from '../live/api.ts';
import { useText } from '../settings.tsx';
import { byInputMethod } from '../ui/input-method.ts';
import { Modal } from '../ui/modal.tsx';
import { type Entry, useEntries } from './entries.tsx';
import { usePaletteText } from './text.ts';

/** How long typing rests before what was said is looked through. */
const restMs = 250;
const listId = 'palette-list';
const optionId = (entry: Entry): string => `palette-${entry.id.replace(/\s/gu, '-')}`;

interface PaletteProps {
  readonly onClose: () => void;
  readonly onHelp: () => void;
  /** The conversation that is shown. */
  readonly current: string | undefined;
}

export function Palette({ open, ...props }: PaletteProps & { readonly open: boolean }) {
  const t = useText();
  return (
    <Modal open={open} onClose={props.onClose} label={t.frame.goTo} className="palette">
      <Search {...props} />
    </Modal>
  );
}

function Search({ onHelp, current }: PaletteProps) {
  const words = usePaletteText();
  const [text, setText] = useState('');
  const typed = text.trim();
  const { found, searching, failed } = useSaid(typed);
  const entries = useEntries(typed, found, current, onHelp);
  const [chosenId, setChosenId] = useState<string>();
  const chosen = entries.find(({ id }) => id === chosenId) ?? entries[0];
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one comes into view when it changes
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen?.id]);

  const take = (entry: Entry): void => {
    field.current?.closest('dialog')?.close(); // first: behind an open dialog nothing takes the focus
    entry.run();
  };
  const step = (by: number): void => {
    const at = chosen ? entries.indexOf(chosen) : 0;
    setChosenId(entries.at((at + by) % entries.length)?.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (byInputMethod(event.nativeEvent)) return;
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Enter') chosen && take(chosen);
    else return;
    event.preventDefault();
  };
  const status = searching ? words.searching : failed ? words.noSearch : entries.length === 0 ? words.nothing : words.count(entries.length);
  return (
    <>
      <input
        ref={field}
        type="text"
        className="palette-field"
        value={text}
        placeholder={words.placeholder}
        maxLength={500}
        autoComplete="off"
        role="combobox"
        aria-label={words.field}
        aria-autocomplete="list"
        aria-expanded={entries.length > 0}
        aria-controls={listId}
        aria-activedescendant={chosen && optionId(chosen)}
        onChange={(event) => {
          setText(event.target.value);
          setChosenId(undefined);
        }}
        onKeyDown={onKeyDown}
      />
      {entries.length > 0 && (
        // biome-ignore lint/a11y/noStaticElementInteractions: only keeps the focus in the field when something here is pressed
        <div className="palette-list" onMouseDown={(event) => event.preventDefault()}>
          <div ref={list} id={listId} role="listbox" aria-label={words.results}>
            {entries.map((entry, index) => (
              <Fragment key={entry.id}>
                {entries[index - 1]?.group !== entry.group && (
                  <div role="presentation" className="label px-3 pt-2">
                    {words.groups[entry.group]}
                  </div>
                )}
                <Option entry={entry} chosen={entry === chosen} onPoint={() => setChosenId(entry.id)} onTake={() => take(entry)} />
              </Fragment>
            ))}
          </div>
        </div>
      )}
      <p className="commands-foot">
        <span role="status">{status}</span>
        <span className="hidden sm:inline">{words.keys}</span>
      </p>
    </>
  );
}

function Option({
  entry,
  chosen,
  onPoint,
  onTake,
}: {
  readonly entry: Entry;
  readonly chosen: boolean;
  readonly onPoint: () => void;
  readonly onTake: () => void;
}) {
  const { Icon, label, note } = entry;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the focus stays in the field, which has the keys
    <div id={optionId(entry)} role="option" tabIndex={-1} aria-selected={chosen} className="palette-option" onPointerMove={onPoint} onClick={onTake}>
      <Icon className="size-4 text-muted" />
      <span className={entry.group === 'said' ? 'line-clamp-2 min-w-0 flex-1 break-words' : 'min-w-0 flex-1 truncate'}>{label}</span>
      {note !== undefined && <span className="max-w-2/5 shrink-0 truncate text-xs text-muted">{note}</span>}
    </div>
  );
}

/** What was said that holds these words, as CoPaw finds it; only the answer to what is typed now counts. */
function useSaid(typed: string): { readonly found: SessionsFoundBody | undefined; readonly searching: boolean; readonly failed: boolean } {
  const [answer, setAnswer] = useState<{ readonly typed: string; readonly body: SessionsFoundBody | undefined }>();
  useEffect(() => {
    if (typed === '') return;
    let over = false;
    const tell = (body: SessionsFoundBody | undefined): void => {
      if (!over) setAnswer({ typed, body });
    };
    const timer = setTimeout(() => void api.searchSessions(typed).then(tell, () => tell(undefined)), restMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [typed]);
  const here = typed !== '' && answer?.typed === typed ? answer : undefined;
  return { found: here?.body, searching: typed !== '' && here === undefined, failed: here !== undefined && here.body === undefined };
}
