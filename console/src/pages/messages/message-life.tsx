// One message from its arrival over its turn to the receipt of the answer, and the way to have it tried again.
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { LifeStep, MessageLife, SentPart } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { chatHash } from '../../route.ts';
import { useSaid, useSettings, useText } from '../../settings.tsx';
import { exactTime } from '../../ui/format.ts';
import { Problem } from '../../ui/problem.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { visible } from '../../ui/visible.ts';
import { useMessagesText } from './text.ts';

/** `id`: key of a message, or id of an answer. */
export function MessageLifeView({ box, id, onChanged }: { readonly box: 'inbox' | 'outbox'; readonly id: string; readonly onChanged: () => Promise<void> }) {
  const { text: t } = useSettings();
  const words = useMessagesText();
  const [life, setLife] = useState<MessageLife>();
  const { busy, problem, run } = useTask();
  const load = useCallback(async (): Promise<void> => setLife(await (box === 'inbox' ? api.message(id) : api.answerLife(id))), [box, id]);
  useEffect(() => {
    void run(load);
  }, [run, load]);
  const act = (what: () => Promise<unknown>): void =>
    void run(async () => {
      await what();
      await onChanged();
      await load();
    });
  const first = life?.messages[0];
  return (
    <>
      <Problem text={problem} className="mb-3 text-sm" />
      {life === undefined && problem === '' && <p className="text-sm text-muted">{t.loading}</p>}
      {life && (
        <div className="space-y-4 text-sm">
          <Arrival life={life} />
          {life.turn && <Turn turn={life.turn} />}
          <section aria-label={words.answer}>
            <h2 className="font-semibold">
              {words.answer} {life.turn && <code className="font-normal text-muted">{life.turn.answerId}</code>}
            </h2>
            {life.parts.length === 0 && <p className="text-muted">{words.noParts}</p>}
            <ul className="mt-1 space-y-2">
              {life.parts.map((part) => (
                <Part key={part.part} part={part} busy={busy} onRetry={() => act(() => api.retryPart(part.answerId, part.part, part.state === 'unknown'))} />
              ))}
            </ul>
          </section>
          {first && life.noRetry === undefined && (
            <SureButton label={words.again} sure={words.againSure} disabled={busy} onSure={() => act(() => api.retryMessage(first.key))} />
          )}
        </div>
      )}
    </>
  );
}

/** Who wrote, and where: on the console that is who reads this. */
function useFrom(): (message: Pick<MessageLife['messages'][number], 'channel' | 'account' | 'sender'>) => string {
  const words = useMessagesText();
  const { marks } = useText();
  return ({ channel, account, sender: { id, name } }) => {
    const place = `${channel}/${account}`;
    if (channel === 'console' && id === 'operator') return words.fromYou(place);
    return words.from(visible(name === undefined ? id : name + marks.aside(id)), place);
  };
}

function Arrival({ life }: { readonly life: MessageLife }) {
  const words = useMessagesText();
  const from = useFrom();
  return (
    <ol>
      {life.messages.map(({ key, receivedAt, chat, state, rule, sessionId, text, ...message }) => (
        <li key={key}>
          <Line at={receivedAt}>
            {[words.arrived, from(message), ''].join(words.comma)}
            {words.chat[chat.kind]}{' '}
            {sessionId === undefined ? (
              visible(chat.id)
            ) : (
              <a className="underline" href={chatHash(sessionId)}>
                {visible(chat.id)}
              </a>
            )}
            {words.stop}
            {state === 'refused' ? words.refusedBy(rule ?? '') : words.admitted}
            {words.stop}
          </Line>
          {text !== '' && <p className="my-1 ml-19 border-l-2 sm:ml-24 border-line pl-3 break-words whitespace-pre-wrap">{visible(text)}</p>}
        </li>
      ))}
      {life.tries.length > 1 && (
        <li className="mt-2">
          <p className="font-semibold">{words.tries}</p>
          <ul>
            {life.tries.map(({ key, state, receivedAt }) => (
              <li key={key}>
                <Line at={receivedAt}>{words.states[state]}</Line>
              </li>
            ))}
          </ul>
        </li>
      )}
    </ol>
  );
}

function Turn({ turn }: { readonly turn: NonNullable<MessageLife['turn']> }) {
  const words = useMessagesText();
  return (
    <section aria-label={words.turn}>
      <h2 className="font-semibold">
        {words.turn} <code className="font-normal text-muted">{turn.id}</code>
      </h2>
      <ol>
        {turn.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
          <li key={index}>
            <Line at={step.at}>
              <Step step={step} />
            </Line>
          </li>
        ))}
        {turn.endedAt !== undefined && turn.outcome !== undefined && (
          <li>
            <Line at={turn.endedAt}>{words.turnEnded(words.states[turn.outcome])}</Line>
          </li>
        )}
      </ol>
    </section>
  );
}

function Step({ step: { kind, at, endedAt, name, outcome, sideEffect, detail } }: { readonly step: LifeStep }) {
  const told = useSaid();
  const words = useMessagesText();
  const took = endedAt === undefined ? [] : [`${((endedAt - at) / 1000).toFixed(1)} s`];
  const { ends, noEnd } = words;
  const known = (word: string): word is keyof typeof ends => Object.hasOwn(ends, word);
  const end = outcome === undefined ? noEnd : known(outcome) ? ends[outcome] : outcome;
  switch (kind) {
    case 'start':
      return name === 'resumed' ? words.turnResumed : words.turnBegan;
    case 'model':
      return [words.model(visible(name)), ...(detail === undefined ? [] : [words.tokens(detail)])].join(words.comma);
    case 'tool':
      return [
        ...[words.tool(visible(name)), end, ...took],
        ...[...(sideEffect === 'outside' ? [words.outside] : []), ...(detail === undefined ? [] : [detail])],
      ].join(words.comma);
    case 'approval':
      return [words.approval(visible(name)), end, ...(detail === undefined ? [] : [visible(detail)])].join(words.comma);
    case 'notice':
      return visible(told(detail ?? name));
  }
}

function Part({ part, busy, onRetry }: { readonly part: SentPart; readonly busy: boolean; readonly onRetry: () => void }) {
  const { locale } = useSettings();
  const words = useMessagesText();
  const { marks } = useText();
  const { state, attempts, nextAt, ref } = part;
  const facts = [
    words.states[state],
    ...(ref === 'log' ? [words.inLog] : [words.attempts(attempts)]),
    ...(nextAt === undefined ? [] : [words.next(exactTime(nextAt, Date.now(), locale))]),
    ...(ref === undefined || ref === 'log' ? [] : [words.receipt(visible(ref))]),
  ];
  return (
    <li>
      <p>{words.part(part.part + 1) + marks.colon + facts.join(words.comma)}</p>
      {(state === 'dead' || state === 'unknown') && (
        <div className="mt-2">
          <SureButton label={words.sendAgain} sure={state === 'unknown' ? words.sendSure : words.sendDead} disabled={busy} onSure={onRetry} />
        </div>
      )}
    </li>
  );
}

function Line({ at, children }: { readonly at: number; readonly children: ReactNode }) {
  const { locale } = useSettings();
  return (
    <span className="flex gap-3">
      <span className="min-w-16 shrink-0 sm:min-w-21 text-muted tabular-nums">{exactTime(at, Date.now(), locale)}</span>
      <span className="min-w-0 break-words">{children}</span>
    </span>
  );
}
