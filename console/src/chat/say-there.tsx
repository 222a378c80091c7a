// Below the conversation of a chat channel: the operator's own words go there on purpose only, as CoPaw.
import { useRef, useState } from 'react';
import { api, newId } from '../live/api.ts';
import { useTask } from '../live/use-task.ts';
import { remember, remembered, useText } from '../settings.tsx';
import { SendIcon } from '../ui/icons.tsx';
import { byInputMethod } from '../ui/input-method.ts';
import { Problem } from '../ui/problem.tsx';

/** `goesOn`: false of one that was put away with /new. */
export function SayThere({ sessionId, goesOn }: { readonly sessionId: string; readonly goesOn: boolean }) {
  const t = useText();
  const draft = `draft.${sessionId}`;
  const [text, setText] = useState(() => remembered(draft));
  const [open, setOpen] = useState(goesOn && text !== '');
  const { busy, problem, run } = useTask();
  /** Of the same words until they got there, also after a reload: they are said once, however often they are sent. */
  const sent = `said.${sessionId}`;
  const now = useRef(text);
  const write = (next: string): void => {
    now.current = next;
    setText(next);
    remember(draft, next);
    remember(sent, '');
  };
  const say = (): void => {
    if (busy || text.trim() === '') return;
    const id = remembered(sent) || newId('m');
    remember(sent, id);
    void run(async () => {
      await api.sayThere(sessionId, text, id);
      remember(sent, '');
      if (now.current === text) write('');
    });
  };
  if (!open)
    return (
      <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 border-t border-line px-4 py-4 text-sm text-muted">
        <p>{t.elsewhere}</p>
        {goesOn && (
          <button type="button" className="link-quiet" onClick={() => setOpen(true)}>
            {t.sayThere.open}
          </button>
        )}
      </div>
    );
  return (
    <form
      className="mx-auto w-full max-w-3xl px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        say();
      }}
    >
      <Problem text={problem} className="mb-2 text-sm" />
      <div className="composer">
        <textarea
          // biome-ignore lint/a11y/noAutofocus: it was asked for
          autoFocus
          rows={2}
          maxLength={20_000}
          value={text}
          aria-label={t.sayThere.field}
          placeholder={t.sayThere.field}
          dir="auto"
          enterKeyHint="send"
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (byInputMethod(event.nativeEvent) || event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            say();
          }}
        />
        <button type="submit" className="round" aria-label={t.sayThere.open} title={t.sayThere.open} disabled={busy || text.trim() === ''}>
          <SendIcon />
        </button>
      </div>
      <p className="mt-2 text-center text-xs text-muted">{t.sayThere.note}</p>
    </form>
  );
}
