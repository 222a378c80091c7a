// Chat channels: each account with its health and its proof, and a form for a new one.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ChannelAccountBody, ChannelKindsBody, Channels } from '../../../../src/http/contract.ts';
import { api, problemOf } from '../../live/api.ts';
import { useLive } from '../../live/use-live.ts';
import { useTask } from '../../live/use-task.ts';
import { useText } from '../../settings.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { AccountCard } from './account-card.tsx';
import { AccountForm } from './account-form.tsx';
import { useChannelsText, useKindWords } from './text.ts';

/** How often the state of the connections is asked for while the page is open, milliseconds. */
const lookAgainMs = 5_000;

type Accounts = Readonly<Record<string, ChannelAccountBody['account']>>;
interface Done {
  readonly said: string;
  readonly undo: () => Promise<unknown>;
}

const nameOf = ({ channel, account }: Pick<Channels['channels'][number], 'channel' | 'account'>): string => `${channel}/${account}`;

export function ChannelsPage() {
  const t = useText();
  const words = useChannelsText();
  const live = useLive();
  const [kinds, setKinds] = useState<ChannelKindsBody['kinds']>([]);
  const [states, setStates] = useState<Channels['channels']>();
  const [accounts, setAccounts] = useState<Accounts>({});
  const [problem, setProblem] = useState('');
  const [fresh, setFresh] = useState<string>();
  const [done, setDone] = useState<Done>();

  const known = useRef(false);
  const look = useCallback(async (): Promise<Channels['channels']> => {
    try {
      const [{ channels }, found] = await Promise.all([api.channels(), known.current ? undefined : api.channelKinds()]);
      known.current = true;
      if (found) setKinds(found.kinds);
      setStates(channels);
      setProblem('');
      return channels;
    } catch (error) {
      setProblem(problemOf(error, t));
      return [];
    }
  }, [t]);
  const load = useCallback(async (): Promise<void> => {
    const channels = await look();
    const read = await Promise.all(channels.map(({ channel, account }) => api.channelAccount(channel, account).catch(() => undefined)));
    setAccounts(Object.fromEntries(read.flatMap((one) => (one ? [[nameOf(one.account), one.account]] : []))));
    // The list on the left counts accounts that are down.
    await live.refresh();
  }, [live, look]);
  useEffect(() => {
    void load();
    const timer = setInterval(() => void look(), lookAgainMs);
    return () => clearInterval(timer);
  }, [load, look]);

  return (
    <Page name="channels" text={words.text} problem={problem} again={states ? undefined : load}>
      {states === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {states?.length === 0 && <p className="card mb-4 px-5 py-4 text-muted">{words.none}</p>}
      {done && <UndoLine key={done.said} done={done} onUndone={load} onGone={() => setDone(undefined)} />}
      <ul className="space-y-3">
        {states?.map((state) => (
          <li key={nameOf(state)}>
            <AccountCard
              state={state}
              account={accounts[nameOf(state)]}
              kind={kinds.find(({ kind }) => kind === state.channel)}
              testNow={fresh === nameOf(state)}
              onChanged={load}
              onDone={(said, undo) => setDone({ said, undo })}
            />
          </li>
        ))}
      </ul>
      {kinds.length > 0 && (
        <AddChannel
          kinds={kinds}
          onAdded={async (name) => {
            setFresh(name);
            await load();
          }}
        />
      )}
    </Page>
  );
}

/** What was just done, and the way back. */
function UndoLine({ done, onUndone, onGone }: { readonly done: Done; readonly onUndone: () => Promise<void>; readonly onGone: () => void }) {
  const words = useChannelsText();
  const { busy, problem, run } = useTask();
  return (
    <div className="card mb-4 px-5 py-3">
      <div role="status" className="flex flex-wrap items-center justify-between gap-3">
        <span className="min-w-0 break-words">{done.said}</span>
        <button
          type="button"
          className="button-quiet button-small"
          disabled={busy}
          onClick={() =>
            void run(async () => {
              await done.undo();
              onGone();
              await onUndone();
            })
          }
        >
          {words.undo}
        </button>
      </div>
      <Problem text={problem} className="mt-2 text-sm" />
    </div>
  );
}

function AddChannel({ kinds, onAdded }: { readonly kinds: ChannelKindsBody['kinds']; readonly onAdded: (name: string) => Promise<void> }) {
  const words = useChannelsText();
  const { title } = useKindWords();
  const [chosen, setChosen] = useState('');
  const [count, setCount] = useState(0);
  const kind = kinds.find((one) => one.kind === chosen);
  return (
    <section className="mt-10" aria-labelledby="add-channel">
      <h2 id="add-channel" className="mb-3 text-lg font-semibold tracking-tight">
        {words.addTitle}
      </h2>
      <div className="card grid gap-4 px-5 py-5">
        <label className="field">
          <span>{words.kind}</span>
          <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">–</option>
            {kinds.map((one) => (
              <option key={one.kind} value={one.kind}>
                {title(one)}
              </option>
            ))}
          </select>
        </label>
        {kind && (
          <AccountForm
            key={`${kind.kind} ${count}`}
            kind={kind}
            account={undefined}
            before={undefined}
            onSaved={async (account) => {
              setCount(count + 1);
              setChosen('');
              await onAdded(`${kind.kind}/${account}`);
            }}
          />
        )}
      </div>
    </section>
  );
}
