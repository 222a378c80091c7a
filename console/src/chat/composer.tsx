// Where a person writes. Enter sends, Shift+Enter begins a line, "/" offers the commands, an input method's keys are its own; the draft is kept per conversation.
import { type ClipboardEvent, type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import type { UploadBody } from '../../../src/http/contract.ts';
import type { Outgoing } from '../live/chat-items.ts';
import { useWaitingFiles } from '../live/use-live.ts';
import { isTyping } from '../palette/shortcut.ts';
import { remember, remembered, useText } from '../settings.tsx';
import { focusComposer } from '../ui/focus.ts';
import { SendIcon, StopIcon } from '../ui/icons.tsx';
import { byInputMethod } from '../ui/input-method.ts';
import { CommandList, commandListId, commandOptionId } from './command-list.tsx';
import { AttachButtons } from './files/attach-buttons.tsx';
import { useDrop } from './files/use-drop.ts';
import { WaitingList } from './files/waiting-list.tsx';
import { useCommands } from './use-commands.ts';

const mostHeight = 240;

export interface ComposerHandle {
  /** What was written before stands before what is there now. */
  takeBack(message: Pick<Outgoing, 'text' | 'files'>): void;
}

export function Composer({
  ref,
  sessionId,
  ready,
  running,
  onSend,
  onStop,
}: {
  readonly ref: Ref<ComposerHandle>;
  readonly sessionId: string;
  /** False while nothing could keep what is sent. */
  readonly ready: boolean;
  readonly running: boolean;
  readonly onSend: (text: string, files: readonly UploadBody[]) => void;
  readonly onStop: () => void;
}) {
  const t = useText();
  const draft = `draft.${sessionId}`;
  const [text, setText] = useState(() => remembered(draft));
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    // On a phone the keyboard would cover the conversation.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, []);
  // Escape stops from anywhere in the conversation, unless it closes something or is a key of another field.
  useEffect(() => {
    const onEscape = (event: globalThis.KeyboardEvent): void => {
      if (!running || event.key !== 'Escape' || event.defaultPrevented || byInputMethod(event)) return;
      const elsewhere = (isTyping(event.target) && event.target !== field.current) || document.querySelector('dialog[open]') !== null;
      if (!elsewhere) onStop();
    };
    document.addEventListener('keydown', onEscape);
    return () => document.removeEventListener('keydown', onEscape);
  }, [running, onStop]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, mostHeight)}px`;
  }, [text]);

  const write = (next: string): void => {
    setText(next);
    remember(draft, next);
  };
  const { files, problem, uploads } = useWaitingFiles(sessionId);
  useImperativeHandle(ref, () => ({
    takeBack(message) {
      write([message.text, text].filter((one) => one !== '').join('\n'));
      uploads.takeBack(message.files.map(({ id }) => id));
      focusComposer();
    },
  }));
  const over = useDrop((dropped) => void uploads.add(dropped));
  const there = files.every(({ upload }) => upload !== undefined);
  const canSend = ready && there && (text.trim() !== '' || files.length > 0);
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    void uploads.add(pasted);
  };
  const { commands, chosen, unknown, choose, take, close, onKey } = useCommands(text, write);
  const send = (): void => {
    if (!canSend) return;
    onSend(text, uploads.take());
    write('');
  };
  const stop = (): void => {
    onStop();
    focusComposer(); // its own button goes
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (byInputMethod(event.nativeEvent)) return;
    const taken = onKey(event);
    if (!taken && (event.key !== 'Enter' || event.shiftKey)) return;
    event.preventDefault();
    if (!taken) send();
  };
  return (
    <form
      className="mx-auto w-full max-w-3xl px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <WaitingList files={files} problem={problem} onRemove={uploads.remove} onRetry={uploads.retry} />
      <div className={over ? 'composer composer-drop' : 'composer'}>
        <AttachButtons onFiles={(picked) => void uploads.add(picked)} onProblem={uploads.say} />
        {chosen && <CommandList commands={commands} chosen={chosen} onChoose={choose} onTake={take} />}
        <textarea
          ref={field}
          id="composer"
          rows={1}
          value={text}
          aria-label={t.message}
          placeholder={over ? t.files.drop : t.placeholder}
          dir="auto"
          enterKeyHint="send"
          {...(chosen && { 'aria-controls': commandListId, 'aria-activedescendant': commandOptionId(chosen.name) })}
          aria-autocomplete="list"
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={close}
        />
        {running && (
          <button type="button" className="round round-quiet" aria-label={t.stop} aria-keyshortcuts="Escape" title={`${t.stop} (Esc)`} onClick={stop}>
            <StopIcon />
          </button>
        )}
        <button type="submit" className="round" aria-label={t.send} title={t.send} disabled={!canSend}>
          <SendIcon />
        </button>
      </div>
      <p role="status" className="mt-2 text-center text-xs text-muted empty:hidden">
        {unknown !== undefined && t.commands.unknown(unknown)}
      </p>
      <p className="mt-2 hidden text-center text-xs text-muted sm:block">{running ? t.commands.while : t.composerHint}</p>
    </form>
  );
}
