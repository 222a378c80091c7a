// A CoPaw that nobody has talked to yet: connect a model, say hello, and a chat application for those who want one. What is done is what the server says, so it goes on where it stopped.
import { type ReactNode, useId, useState } from 'react';
import { useLiveState } from '../live/use-live.ts';
import { ConnectModel } from '../pages/models/models-page.tsx';
import { pageHash } from '../route.ts';
import { CheckIcon } from '../ui/icons.tsx';
import { useFirstStepsText } from './text.ts';

export function FirstSteps({ onSend }: { readonly onSend: (text: string) => void }) {
  const words = useFirstStepsText();
  const status = useLiveState((state) => state.status);
  /** It was tried here, and did not answer. */
  const [silent, setSilent] = useState<string>();
  if (!status) return null;
  return (
    <ol className="mx-auto mb-10 w-full max-w-2xl space-y-10 text-left" aria-label={words.title}>
      <Step number={1} title={words.connect} done={status.offline || silent === status.model ? undefined : words.connected(status.model)}>
        <p className="mb-4 text-muted">{words.connectText}</p>
        <ConnectModel onTested={(ref, answers) => setSilent(answers ? undefined : ref)} />
      </Step>
      <Step number={2} title={words.hello} done={undefined}>
        <p className="mb-4 text-muted">{status.offline ? words.helloOffline : words.helloText}</p>
        <button type="button" className={status.offline ? 'button-quiet' : 'button-primary'} onClick={() => onSend(words.helloWords)}>
          {words.sayHello}
        </button>
      </Step>
      <Step number={3} title={words.channel} done={undefined}>
        <p className="mb-4 text-muted">{words.channelText}</p>
        <a className="button-quiet" href={pageHash('channels')}>
          {words.toChannels}
        </a>
      </Step>
    </ol>
  );
}

/** `done`: what came of it; the step stays open, so that it can be looked at. */
function Step({
  number,
  title,
  done,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly done?: string | undefined;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <li aria-labelledby={id}>
      <h2 id={id} className="mb-2 flex items-center gap-3 text-lg font-semibold tracking-tight">
        <span className="step-number" data-done={done === undefined ? undefined : ''} aria-hidden="true">
          {done === undefined ? number : <CheckIcon className="size-4" />}
        </span>
        {title}
      </h2>
      {done !== undefined && (
        <p role="status" className="mb-3 font-medium text-accent">
          {done}
        </p>
      )}
      {children}
    </li>
  );
}
