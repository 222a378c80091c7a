// One channel account: how it stands, who is let in, and what may be done with it.
import { useEffect, useRef, useState } from 'react';
import type { ChannelAccountBody, ChannelKindsBody, Channels, ChannelTestBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { pageHash } from '../../route.ts';
import { Problem } from '../../ui/problem.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { AccountForm } from './account-form.tsx';
import { ChannelLine } from './channel-line.tsx';
import { TestChain } from './test-chain.tsx';
import { useChannelsText, useKindWords } from './text.ts';

export function AccountCard({
  state,
  account,
  kind,
  testNow,
  onChanged,
  onDone,
}: {
  readonly state: Channels['channels'][number];
  readonly account: ChannelAccountBody['account'] | undefined;
  /** Undefined where this CoPaw has no such kind. */
  readonly kind: ChannelKindsBody['kinds'][number] | undefined;
  /** It was just set up. */
  readonly testNow: boolean;
  readonly onChanged: () => Promise<void>;
  /** Something that can be taken back. */
  readonly onDone: (said: string, undo: () => Promise<unknown>) => void;
}) {
  const words = useChannelsText();
  const { title } = useKindWords();
  const { busy, problem, run } = useTask();
  const test = useTask();
  const [found, setFound] = useState<ChannelTestBody>();
  const [editing, setEditing] = useState(false);
  const begun = useRef(false);
  const card = useRef<HTMLElement>(null);
  const { channel, account: name } = state;
  const shown = `${channel}/${name}`;
  const isOn = state.state !== 'off';
  const act = (what: () => Promise<unknown>): Promise<void> =>
    run(async () => {
      await what();
      await onChanged();
    });
  const runTest = (): Promise<void> =>
    test.run(async () => {
      setFound(undefined);
      setFound(await api.testChannel(channel, name));
      await onChanged();
    });
  const turn = (on: boolean): Promise<void> =>
    act(async () => {
      await api.switchChannel(channel, name, on);
      onDone(on ? words.switchedOn(shown) : words.switchedOff(shown), () => api.switchChannel(channel, name, !on));
    });
  // What only the vault held is gone with it; all else is in the text that config.json was.
  const losesSecrets = Object.values(account?.secrets ?? {}).some(({ ref }) => 'vault' in ref && ref.vault.startsWith('channel-'));
  const remove = (): Promise<void> =>
    act(async () => {
      await api.removeChannel(channel, name);
      const { hash } = await api.config();
      if (!losesSecrets) onDone(words.removed(shown), () => api.undoConfig(hash));
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it was just set up
  useEffect(() => {
    if (!testNow || begun.current) return;
    begun.current = true;
    card.current?.scrollIntoView({ block: 'center' });
    void runTest();
  }, [testNow]);
  const { operators = 0, allow = 0, groups = 0 } = account?.listed ?? {};
  return (
    <section ref={card} className="card px-5 py-4" aria-label={shown}>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h2 className="min-w-0 font-semibold break-words">
          {kind ? title(kind) : channel} · {name}
        </h2>
        <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void turn(!isOn)}>
          {isOn ? words.switchOff : words.switchOn}
        </button>
      </div>
      <ChannelLine state={state} onChanged={onChanged} />
      <p className="mt-2 text-sm text-muted">
        {words.listed(operators, allow, groups)}{' '}
        <a className="underline underline-offset-3 hover:text-text" href={pageHash('people')}>
          {words.people}
        </a>
      </p>
      {found?.ok === true && operators + allow + groups === 0 && <p className="mt-2 text-sm">{words.hint}</p>}
      <div className="mt-3 flex flex-wrap gap-2">
        {kind && (
          <>
            <button type="button" className="button-soft button-small" disabled={test.busy} onClick={() => void runTest()}>
              {test.busy ? words.testing : words.test}
            </button>
            <button type="button" className="button-quiet button-small" aria-expanded={editing} onClick={() => setEditing(!editing)}>
              {words.edit}
            </button>
          </>
        )}
        {state.state === 'up' && (
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void act(() => api.restartChannel(channel, name))}>
            {words.restart}
          </button>
        )}
        {losesSecrets ? (
          <SureButton label={words.remove} sure={words.removeSure} disabled={busy} onSure={() => void remove()} />
        ) : (
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void remove()}>
            {words.remove}
          </button>
        )}
      </div>
      <Problem text={problem || test.problem} className="mt-2 text-sm" />
      {found && <TestChain test={found} />}
      {editing && kind && (
        <div className="mt-4 border-t border-line pt-4">
          <AccountForm
            kind={kind}
            account={name}
            before={account}
            onSaved={async () => {
              setEditing(false);
              await onChanged();
              await runTest();
            }}
          />
        </div>
      )}
    </section>
  );
}
