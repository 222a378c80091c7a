// Who may talk to CoPaw: who asked to be let in, who is on a list, who was turned away.
import { useCallback, useEffect, useState } from 'react';
import type { People } from '../../../../src/http/contract.ts';
import { api, problemOf } from '../../live/api.ts';
import { pageHash } from '../../route.ts';
import { useSettings, useText } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { visible } from '../../ui/visible.ts';
import { PairingCard } from './pairing-card.tsx';
import { usePeopleText } from './text.ts';

export function PeoplePage() {
  const { text: t, locale } = useSettings();
  const words = usePeopleText();
  const [people, setPeople] = useState<People>();
  const [problem, setProblem] = useState('');
  const load = useCallback(async (): Promise<void> => {
    try {
      setPeople(await api.people());
      setProblem('');
    } catch (error) {
      setProblem(problemOf(error, t));
    }
  }, [t]);
  useEffect(() => {
    void load();
  }, [load]);

  return (
    <Page name="people" text={words.text} problem={problem} again={people ? undefined : load}>
      {people === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {people?.accounts.length === 0 && (
        <p className="card mb-4 px-5 py-4 text-muted">
          {words.noChannels}{' '}
          <a className="underline underline-offset-3 hover:text-text" href={pageHash('channels')}>
            {words.toChannels}
          </a>
        </p>
      )}
      {people !== undefined && people.pairings.length > 0 && (
        <section className="mb-8" aria-labelledby="waiting">
          <h2 id="waiting" className="mb-1 text-lg font-semibold">
            {words.waiting}
          </h2>
          <p className="mb-3 text-sm text-muted">{words.waitingText}</p>
          <ul className="space-y-3">
            {people.pairings.map((pairing) => (
              <li key={pairing.code}>
                <PairingCard pairing={pairing} onChanged={load} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {people !== undefined && people.accounts.length > 0 && (
        <>
          <Lists accounts={people.accounts} />
          {people.identities.length > 0 && <Identities identities={people.identities} />}
          <section aria-labelledby="turned-away">
            <h2 id="turned-away" className="mb-1 text-lg font-semibold">
              {words.turnedAway}
            </h2>
            <p className="mb-3 text-sm text-muted">{people.turnedAway.length === 0 ? words.nobodyAway : words.turnedAwayText}</p>
            <ul className="space-y-1 text-sm">
              {people.turnedAway.map(({ channel, account, sender, rule, lastAt, count }) => (
                <li key={JSON.stringify([channel, account, sender, rule])} className="break-words">
                  <code>{visible(sender)}</code> · {channel}/{account} ·{' '}
                  <span className="text-muted">{words.times(count, rule, shortTime(lastAt, Date.now(), locale))}</span>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </Page>
  );
}

const isMixed = (ids: People['identities'][number]['ids']): boolean => new Set(ids.flatMap(({ standing, apart }) => (apart ? [] : (standing ?? [])))).size > 1;

function Identities({ identities }: Pick<People, 'identities'>) {
  const words = usePeopleText();
  return (
    <section className="mb-8" aria-labelledby="identities">
      <h2 id="identities" className="mb-1 text-lg font-semibold">
        {words.identities}
      </h2>
      <p className="mb-3 text-sm text-muted">{words.identitiesText}</p>
      <ul className="space-y-3">
        {identities.map(({ name, ids }) => (
          <li key={name} className="card px-5 py-4">
            <h3 className="font-semibold break-words">{visible(name)}</h3>
            <ul className="mt-2 space-y-1 text-sm">
              {ids.map(({ channel, account, id, standing, apart }) => (
                <li key={`${channel}/${account}/${id}`} className="break-words">
                  <code>{visible(id)}</code> · {channel}/{account} ·{' '}
                  <span className="text-muted">{apart ? words.apart : words.standing[standing ?? 'none']}</span>
                </li>
              ))}
            </ul>
            {isMixed(ids) && <p className="mt-2 text-sm break-words text-warning">{words.identityFault}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lists({ accounts }: Pick<People, 'accounts'>) {
  const words = usePeopleText();
  const { marks } = useText();
  const ids = (list: readonly string[], empty: string) => (list.length === 0 ? empty : list.map(visible).join(marks.list));
  return (
    <section className="mb-8" aria-labelledby="lists">
      <h2 id="lists" className="mb-3 text-lg font-semibold">
        {words.lists}
      </h2>
      <ul className="space-y-3">
        {accounts.map(({ channel, account, enabled, allow, operators, groups, weakened }) => (
          <li key={`${channel}/${account}`} className="card px-5 py-4">
            <h3 className="font-semibold break-words">
              {channel}/{account}
              {!enabled && <span className="text-sm font-normal text-muted">{marks.aside(words.off)}</span>}
            </h3>
            <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
              <dt className="text-muted">{words.allow}</dt>
              <dd className="break-words">{ids(allow, words.nobody)}</dd>
              <dt className="text-muted">{words.operators}</dt>
              <dd className="break-words">{ids(operators, words.none)}</dd>
              <dt className="text-muted">{words.groups}</dt>
              <dd className="break-words">{ids(groups, words.none)}</dd>
            </dl>
            {weakened.map((path) => (
              <p key={path} className="mt-2 text-sm break-words text-warning">
                {words.weakened(path)}
              </p>
            ))}
          </li>
        ))}
      </ul>
      <p className="mt-3 text-sm text-muted">{words.editHint}</p>
    </section>
  );
}
