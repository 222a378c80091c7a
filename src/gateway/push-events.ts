// Which events of a conversation are worth a push notice, and what the notice is about.
import { ownChannels } from '../core/channel-config.ts';
import type { PushKind } from '../core/push.ts';
import type { OutboxRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Entry } from '../core/turn-event.ts';
import { onlyCompacts } from './turn-io.ts';

export interface PushNotice {
  readonly kind: PushKind;
  /** Never told twice. */
  readonly id: string;
  /** What takes its place has the same. */
  readonly tag: string;
  readonly agentId: string;
  /** Where in the console it leads. */
  readonly hash: string;
  /** Milliseconds since the epoch; until then it is worth telling. */
  readonly expiresAt: number;
  /** What it is about in the person's own words, where they chose to see that. */
  text(): Promise<string>;
}

const dayMs = 24 * 60 * 60_000;
/** Entries at the end of a conversation among which an answer is looked for. */
const mostEntries = 20;
const inboxHash = '#/inbox';
const chatHash = (sessionId: string): string => `#/s/${sessionId}`;

export const approvalTag = (approvalId: string): string => `approval-${approvalId}`;

/** `among`: the entries it was committed with. */
export async function noticeOf(store: Pick<Store, 'turns' | 'entries'>, entry: Entry, among: readonly Entry[]): Promise<PushNotice | undefined> {
  const { event, sessionId, turnId, at } = entry;
  if (event.type === 'approval-request') {
    const { id, plan, reason, expiresAt } = event.approval;
    const { agentId } = plan.place;
    return { kind: 'approvals', id, tag: approvalTag(id), agentId, hash: inboxHash, expiresAt, text: async () => `${plan.tool}: ${reason}` };
  }
  if (event.type !== 'turn-end') return undefined;
  const turn = await store.turns.get(turnId);
  if (!turn) return undefined;
  const { agentId, origin, address } = turn;
  const common = { id: turnId, agentId, expiresAt: at + dayMs };
  if (event.outcome === 'failed' || event.outcome === 'interrupted')
    return { ...common, kind: 'failures', tag: `failure-${turnId}`, hash: inboxHash, text: async () => '' };
  // A command is answered in one commit; a compaction takes its time.
  const isCommand = among.some((one) => one.turnId === turnId && one.event.type === 'turn-start' && one.event.command !== undefined);
  if (event.outcome !== 'answered' || isCommand || !ownChannels.has(address.channel) || (await onlyCompacts(store, turnId))) return undefined;
  const text = async (): Promise<string> => {
    const said = (await store.entries.tail(sessionId, mostEntries)).flatMap((one) =>
      one.turnId === turnId && one.event.type === 'message' && one.event.message.role === 'assistant' ? [one.event.message.text] : [],
    );
    return said.findLast((one) => one.trim() !== '') ?? '';
  };
  if (origin === 'unattended') return { ...common, kind: 'reminders', tag: `reminder-${turnId}`, hash: chatHash(sessionId), text };
  // Whoever asked on the command line or by the API waits there for the answer.
  return address.channel === 'console' ? { ...common, kind: 'answers', tag: `answer-${sessionId}`, hash: chatHash(sessionId), text } : undefined;
}

/** A part of an answer was given up, or may have been sent: one notice an answer. */
export function noticeOfPart({ answerId, address: { channel, account } }: OutboxRow, agentId: string, now: number): PushNotice {
  const tag = `failure-${answerId}`;
  return { kind: 'failures', id: tag, tag, agentId, hash: inboxHash, expiresAt: now + dayMs, text: async () => `${channel}/${account}` };
}
