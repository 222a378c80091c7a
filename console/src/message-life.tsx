// One message from its arrival over its turn to the receipt of the answer, and the way to have it tried again.
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { LifeStep, MessageLife, SentPart } from '../../src/http/contract.ts';
import { api } from './api.ts';
import { exactTime } from './format.ts';
import { Problem } from './problem.tsx';
import { chatHash } from './route.ts';
import { useSettings, useText } from './settings.tsx';
import { SureButton } from './sure-button.tsx';
import { useTask } from './use-task.ts';
import { visible } from './visible.ts';

/** `id`: key of a message, or id of an answer. */
export function MessageLifeView({ box, id, onChanged }: { readonly box: 'inbox' | 'outbox'; readonly id: string; readonly onChanged: () => Promise<void> }) {
  const { text: t } = useSettings();
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
          <section aria-label={t.messages.answer}>
            <h2 className="font-semibold">
              {t.messages.answer} {life.turn && <code className="font-normal text-muted">{life.turn.answerId}</code>}
            </h2>
            {life.parts.length === 0 && <p className="text-muted">{t.messages.noParts}</p>}
            <ul className="mt-1 space-y-2">
              {life.parts.map((part) => (
                <Part key={part.part} part={part} busy={busy} onRetry={() => act(() => api.retryPart(part.answerId, part.part, part.state === 'unknown'))} />
              ))}
            </ul>
          </section>
          {first && life.noRetry === undefined && (
            <SureButton label={t.messages.again} sure={t.messages.againSure} disabled={busy} onSure={() => act(() => api.retryMessage(first.key))} />
          )}
        </div>
      )}
    </>
  );
}

function Arrival({ life }: { readonly life: MessageLife }) {
  const t = useText();
  return (
    <ol>
      {life.messages.map(({ key, receivedAt, channel, account, chat, sender, state, rule, sessionId, text }) => (
        <li key={key}>
          <Line at={receivedAt}>
            {[
              t.messages.arrived,
              t.messages.from(visible(sender.name === undefined ? sender.id : `${sender.name} (${sender.id})`), `${channel}/${account}`),
              '',
            ].join(t.messages.comma)}
            {t.messages.chat[chat.kind]}{' '}
            {sessionId === undefined ? (
              visible(chat.id)
            ) : (
              <a className="underline" href={chatHash(sessionId)}>
                {visible(chat.id)}
              </a>
            )}
            {t.messages.stop}
            {state === 'refused' ? t.messages.refusedBy(rule ?? '') : t.messages.admitted}
            {t.messages.stop}
          </Line>
          {text !== '' && <p className="my-1 ml-19 border-l-2 sm:ml-24 border-line pl-3 break-words whitespace-pre-wrap">{visible(text)}</p>}
        </li>
      ))}
      {life.tries.length > 1 && (
        <li className="mt-2">
          <p className="font-semibold">{t.messages.tries}</p>
          <ul>
            {life.tries.map(({ key, state, receivedAt }) => (
              <li key={key}>
                <Line at={receivedAt}>{t.messages.states[state]}</Line>
              </li>
            ))}
          </ul>
        </li>
      )}
    </ol>
  );
}

function Turn({ turn }: { readonly turn: NonNullable<MessageLife['turn']> }) {
  const t = useText();
  return (
    <section aria-label={t.messages.turn}>
      <h2 className="font-semibold">
        {t.messages.turn} <code className="font-normal text-muted">{turn.id}</code>
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
            <Line at={turn.endedAt}>{t.messages.turnEnded(t.messages.states[turn.outcome])}</Line>
          </li>
        )}
      </ol>
    </section>
  );
}

function Step({ step: { kind, at, endedAt, name, outcome, sideEffect, detail } }: { readonly step: LifeStep }) {
  const t = useText();
  const took = endedAt === undefined ? [] : [`${((endedAt - at) / 1000).toFixed(1)} s`];
  const { ends, noEnd } = t.messages;
  const known = (word: string): word is keyof typeof ends => Object.hasOwn(ends, word);
  const end = outcome === undefined ? noEnd : known(outcome) ? ends[outcome] : outcome;
  switch (kind) {
    case 'start':
      return name === 'resumed' ? t.messages.turnResumed : t.messages.turnBegan;
    case 'model':
      return [t.messages.model(visible(name)), ...(detail === undefined ? [] : [t.messages.tokens(detail)])].join(t.messages.comma);
    case 'tool':
      return [
        ...[t.messages.tool(visible(name)), end, ...took],
        ...[...(sideEffect === 'outside' ? [t.messages.outside] : []), ...(detail === undefined ? [] : [detail])],
      ].join(t.messages.comma);
    case 'approval':
      return [t.messages.approval(visible(name)), end, ...(detail === undefined ? [] : [visible(detail)])].join(t.messages.comma);
    case 'notice':
      return visible(detail ?? name);
  }
}

function Part({ part, busy, onRetry }: { readonly part: SentPart; readonly busy: boolean; readonly onRetry: () => void }) {
  const { text: t, locale } = useSettings();
  const { state, attempts, nextAt, ref } = part;
  const facts = [
    t.messages.states[state],
    ...(ref === 'log' ? [t.messages.inLog] : [t.messages.attempts(attempts)]),
    ...(nextAt === undefined ? [] : [t.messages.next(exactTime(nextAt, Date.now(), locale))]),
    ...(ref === undefined || ref === 'log' ? [] : [t.messages.receipt(visible(ref))]),
  ];
  return (
    <li>
      <p>
        {t.messages.part(part.part + 1)}: {facts.join(t.messages.comma)}
      </p>
      {(state === 'dead' || state === 'unknown') && (
        <div className="mt-2">
          <SureButton label={t.messages.sendAgain} sure={state === 'unknown' ? t.messages.sendSure : t.messages.sendDead} disabled={busy} onSure={onRetry} />
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
