// One list of what waits for the person: questions of CoPaw, people at the door, and what came to nothing. Each is settled where it stands.
import { useCallback, useEffect, useState } from 'react';
import type { Channels, People } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useLive, useLiveState } from '../../live/use-live.ts';
import { useTask } from '../../live/use-task.ts';
import { pageHash } from '../../route.ts';
import { useText } from '../../settings.tsx';
import { Page } from '../../ui/page.tsx';
import { PageSection } from '../../ui/page-section.tsx';
import { ChannelLine } from '../channels/channel-line.tsx';
import { type Row, rowOfMessage, rowOfPart } from '../messages/message-row.tsx';
import { PairingCard } from '../people/pairing-card.tsx';
import { usePeopleText } from '../people/text.ts';
import { ApprovalList } from './approval-list.tsx';
import { DeviceNotices } from './device-notices.tsx';
import { SettleList } from './settle-list.tsx';
import { useInboxText } from './text.ts';

const most = 50;

interface Found {
  readonly messages: readonly Row[];
  readonly answers: readonly Row[];
  readonly pairings: People['pairings'];
  readonly channels: Channels['channels'];
}

async function look(): Promise<Found> {
  const query = { show: 'waiting', limit: String(most) };
  const [{ messages }, { parts }, { pairings }, { channels }] = await Promise.all([api.inbox(query), api.outbox(query), api.people(), api.channels()]);
  return {
    messages: messages.map(rowOfMessage),
    answers: parts.map(rowOfPart),
    pairings,
    channels: channels.filter(({ state }) => state === 'down' || state === 'refused'),
  };
}

export function InboxPage() {
  const t = useText();
  const words = useInboxText();
  const live = useLive();
  const asking = useLiveState((state) => state.asking);
  const proposals = useLiveState((state) => state.status?.waiting.proposals ?? 0);
  // What waits is asked for again whenever CoPaw counts otherwise.
  const counted = useLiveState((state) => JSON.stringify(state.status?.waiting));
  const [found, setFound] = useState<Found>();
  const { problem, run } = useTask();
  const load = useCallback(() => run(async () => setFound(await look())), [run]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: loads again when the count changes
  useEffect(() => {
    void load();
  }, [load, counted]);
  const changed = useCallback(async (): Promise<void> => {
    await Promise.all([load(), live.refresh()]);
  }, [load, live]);
  const none = found && asking.size + proposals + Object.values(found).reduce((sum, list) => sum + list.length, 0) === 0;
  return (
    <Page name="inbox" text={words.text} problem={problem} again={found ? undefined : load}>
      {found === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {none && (
        <div className="card mb-8 px-5 py-8 text-center">
          <p className="font-medium">{words.nothing}</p>
          <p className="mt-1 text-sm text-muted">{words.nothingText}</p>
        </div>
      )}
      {asking.size > 0 && (
        <PageSection problem="" id="inbox-approvals" title={words.approvals}>
          <ApprovalList approvals={[...asking.values()]} />
        </PageSection>
      )}
      {found && <Others found={found} onChanged={changed} />}
      {proposals > 0 && (
        <PageSection problem="" id="inbox-proposals" title={words.proposals}>
          <p className="card flex flex-wrap items-center justify-between gap-3 px-5 py-3">
            {words.proposal(proposals)}
            <a href={pageHash('memory')} className="button-quiet button-small">
              {words.look}
            </a>
          </p>
        </PageSection>
      )}
      <DeviceNotices />
    </Page>
  );
}

function Others({ found, onChanged }: { readonly found: Found; readonly onChanged: () => Promise<void> }) {
  const words = useInboxText();
  const people = usePeopleText();
  const { pairings, messages, answers, channels } = found;
  return (
    <>
      {pairings.length > 0 && (
        <PageSection problem="" id="inbox-pairings" title={people.waiting} text={people.waitingText}>
          <ul className="space-y-3">
            {pairings.map((pairing) => (
              <li key={pairing.code}>
                <PairingCard pairing={pairing} onChanged={onChanged} />
              </li>
            ))}
          </ul>
        </PageSection>
      )}
      <SettleList id="inbox-messages" title={words.messages} rows={messages} full={messages.length === most} settle={api.settleMessage} onChanged={onChanged} />
      <SettleList id="inbox-answers" title={words.answers} rows={answers} full={answers.length === most} settle={api.settleAnswer} onChanged={onChanged} />
      {channels.length > 0 && (
        <PageSection problem="" id="inbox-channels" title={words.channels}>
          <ul className="space-y-3">
            {channels.map((state) => (
              <li key={`${state.channel}/${state.account}`} className="card px-5 py-4">
                <h3 className="font-semibold break-words">
                  {state.channel}/{state.account}
                </h3>
                <ChannelLine state={state} onChanged={onChanged} />
              </li>
            ))}
          </ul>
        </PageSection>
      )}
    </>
  );
}
