// What was typed here and has not come back in the stream: on its way, waiting to be read, or not sent.
import { inWords } from '../live/api.ts';
import type { Outgoing } from '../live/chat-items.ts';
import { useText } from '../settings.tsx';
import { FileIcon } from '../ui/icons.tsx';
import { visible } from '../ui/visible.ts';

export function OutgoingList({
  outgoing,
  running,
  onRetry,
  onTakeBack,
  onDiscard,
}: {
  readonly outgoing: readonly Outgoing[];
  readonly running: boolean;
  readonly onRetry: (message: Outgoing) => void;
  /** Absent where there is no field to take it back into. */
  readonly onTakeBack: ((message: Outgoing) => void) | undefined;
  readonly onDiscard: (message: Outgoing) => void;
}) {
  const t = useText();
  if (outgoing.length === 0) return null;
  return (
    <ol className="mt-6 flex flex-col gap-3">
      {outgoing.map((message) => (
        <li key={message.messageId} className="flex flex-col items-end">
          <div className="bubble bubble-pending" dir="auto">
            {message.text}
            {message.files.map(({ id, name }) => (
              <span key={id} className="block text-sm">
                <FileIcon className="mr-1.5 inline size-4" />
                {visible(name)}
              </span>
            ))}
          </div>
          {message.state === 'failed' || message.state === 'other-login' ? (
            <div role="alert" className="mt-1.5 flex max-w-full flex-wrap items-center justify-end gap-x-2 gap-y-1 text-sm">
              <span className="text-danger">
                {t.notSent} {message.state === 'failed' ? message.problem && inWords(message.problem, t) : t.frame.otherLogin}
              </span>
              <button type="button" className="button-quiet button-small" onClick={() => onRetry(message)}>
                {t.retry}
              </button>
              {onTakeBack && (
                <button type="button" className="button-quiet button-small" onClick={() => onTakeBack(message)}>
                  {t.takeBack}
                </button>
              )}
              <button type="button" className="button-quiet button-small" onClick={() => onDiscard(message)}>
                {t.discard}
              </button>
            </div>
          ) : message.state === 'waiting' ? (
            <div role="status" className="mt-1.5 flex flex-wrap items-center justify-end gap-x-2 gap-y-1 text-sm text-muted">
              {t.frame.waitsToSend}
              {message.problem && message.problem.code !== 'unreachable' && <span className="min-w-0 text-right">{inWords(message.problem, t)}</span>}
              <button type="button" className="button-quiet button-small" onClick={() => onDiscard(message)}>
                {t.discard}
              </button>
            </div>
          ) : (
            <span className="mt-1 text-xs text-muted">{message.state === 'accepted' && running ? t.queued : t.sending}</span>
          )}
        </li>
      ))}
    </ol>
  );
}
