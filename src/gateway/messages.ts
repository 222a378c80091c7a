// The life of messages for the operator: what the inbox, the log and the outbox hold, and another try for what came to nothing.
import { CoPawError } from '../core/error.ts';
import type { Envelope } from '../core/inbound.ts';
import type { InboxFilter, MessageLife, MessagesAdmin, OutboxFilter } from '../core/messages.ts';
import type { Redact } from '../core/secret.ts';
import type { InboxRow, InboxState, OutboxRow, OutboxState, Turn } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import { redactDeep } from '../lib/redactor.ts';
import { arrived, lifeOf, sentPart } from './life.ts';

const inboxStates: Readonly<Record<Exclude<InboxFilter, 'waiting'>, readonly InboxState[] | undefined>> = {
  all: undefined,
  open: ['accepted', 'assigned'],
  failed: ['failed', 'interrupted', 'cancelled'],
  refused: ['refused'],
};
const outboxStates: Readonly<Record<Exclude<OutboxFilter, 'waiting'>, readonly OutboxState[] | undefined>> = {
  all: undefined,
  open: ['pending', 'sending'],
  dead: ['dead'],
  unknown: ['unknown'],
};

/** What a running CoPaw adds to looking: it can do things again. */
export interface Retries {
  /** Through the same door and into a turn of its own. */
  message(envelope: Envelope): Promise<unknown>;
  part(row: OutboxRow, evenIfSent: boolean): Promise<void>;
  audit(kind: string, detail: Readonly<Record<string, string | number | boolean>>): Promise<void>;
}

/** `retries` is absent where no CoPaw runs: then there is only looking. `by` is for the audit. */
export function createMessagesAdmin(parts: {
  readonly store: Pick<Store, 'inbox' | 'outbox' | 'turns' | 'entries'>;
  readonly redact: Redact;
  readonly by: string;
  readonly retries?: Retries;
}): MessagesAdmin {
  const { store, by } = parts;
  const clean = <T>(value: T): T => redactDeep(value, parts.redact);
  const live = (): Retries => {
    if (parts.retries) return parts.retries;
    throw new CoPawError('conflict', 'No CoPaw runs on this home, so nothing can be tried again.', { next: 'Start it with `copaw start`.', retryable: false });
  };
  /** A message and every later try of it, oldest first. */
  const triesOf = async (key: string): Promise<readonly InboxRow[]> => {
    const [first = key] = key.split(retryMark);
    const rows: InboxRow[] = [];
    for (let row = await store.inbox.get(first); row; row = await store.inbox.get(retryKey(first, rows.length))) rows.push(row);
    return rows;
  };
  const nextTry = async ({ key, state }: InboxRow): Promise<{ readonly nextTry?: string }> => {
    if (!inboxStates.failed?.includes(state)) return {};
    const [first = key, number = '0'] = key.split(retryMark);
    const next = retryKey(first, Number(number) + 1);
    return (await store.inbox.get(next)) ? { nextTry: next } : {};
  };
  const life = async (messages: readonly InboxRow[], turn: Turn | undefined, answerId: string | undefined): Promise<MessageLife> => {
    const [first] = messages;
    const tries = first ? await triesOf(first.key) : [];
    const noRetry = tries.length > 0 ? whyNot(tries) : undefined;
    return clean({
      messages: messages.map(arrived),
      tries: tries.map(({ key, state, receivedAt }) => ({ key, state, receivedAt })),
      ...(noRetry === undefined ? {} : { noRetry }),
      ...(turn ? { turn: lifeOf(turn, await store.entries.ofTurn(turn.id), await store.turns.steps(turn.id)) } : {}),
      parts: answerId === undefined ? [] : (await store.outbox.ofAnswer(answerId)).map(sentPart),
    });
  };
  return {
    inbox: async ({ show, limit, before }) => {
      const page = { limit, ...(before === undefined ? {} : { before }) };
      const states = show === 'waiting' ? undefined : inboxStates[show];
      const rows = show === 'waiting' ? await store.inbox.waiting(page) : await store.inbox.page({ ...page, ...(states ? { states } : {}) });
      return clean(await Promise.all(rows.map(async (row) => ({ ...arrived(row), ...(await nextTry(row)) }))));
    },
    async message(key) {
      const row = await store.inbox.get(key);
      if (!row) throw noMessage();
      const turn = row.turnId === undefined ? undefined : await store.turns.get(row.turnId);
      const others = turn ? (await store.inbox.ofTurn(turn.id)).filter((other) => other.key !== key) : [];
      return life([row, ...others], turn, turn?.answerId);
    },
    async retryMessage(key) {
      const retries = live();
      const tries = await triesOf(key);
      const last = tries.at(-1);
      if (!last || !tries.some((row) => row.key === key)) throw noMessage();
      const why = whyNot(tries);
      if (why !== undefined) throw new CoPawError('conflict', why, { retryable: false });
      const again = retryKey(tries[0]?.key ?? key, tries.length);
      await retries.audit('message-retry', { key: again, by });
      await retries.message({ ...last.envelope, key: again });
      await store.inbox.settle(last.key, true);
      const row = await store.inbox.get(again);
      if (!row) throw new CoPawError('internal', 'The message was not stored.');
      return clean(arrived(row));
    },
    async settleMessage(key, settled) {
      if (!(await store.inbox.settle(key, settled))) throw noMessage();
    },
    outbox: async ({ show, limit, before }) => {
      const page = { limit, ...(before === undefined ? {} : { before }) };
      const states = show === 'waiting' ? undefined : outboxStates[show];
      const rows = show === 'waiting' ? await store.outbox.waiting(page) : await store.outbox.page({ ...page, ...(states ? { states } : {}) });
      return clean(rows.map(sentPart));
    },
    async answer(answerId) {
      const turn = await store.turns.byAnswer(answerId);
      if (!turn && (await store.outbox.ofAnswer(answerId)).length === 0) throw noAnswer();
      return life(turn ? await store.inbox.ofTurn(turn.id) : [], turn, answerId);
    },
    async retryPart(answerId, part, evenIfSent) {
      const retries = live();
      const find = async (): Promise<OutboxRow> => {
        const row = (await store.outbox.ofAnswer(answerId)).find((one) => one.part === part);
        if (!row) throw new CoPawError('not-found', 'There is no such part of an answer.', { next: 'See `copaw outbox list`.' });
        return row;
      };
      const row = await find();
      if (row.state === 'sent') throw new CoPawError('conflict', 'This part was sent; it is not sent twice.', { retryable: false });
      if (row.state !== 'dead' && row.state !== 'unknown') throw new CoPawError('conflict', 'This part is on its way already.', { retryable: false });
      const { text, files = [] } = row.outgoing;
      if (text === '' && files.length === 0)
        throw new CoPawError('conflict', 'The words of this part were not kept, so it cannot be sent again.', { retryable: false });
      await retries.audit('part-retry', { answerId, part, was: row.state, evenIfSent, by });
      await retries.part(row, evenIfSent);
      return clean(sentPart(await find()));
    },
    async settleAnswer(answerId, settled) {
      if (!(await store.outbox.settle(answerId, settled))) throw noAnswer();
    },
  };
}

const noMessage = (): CoPawError => new CoPawError('not-found', 'There is no such message.', { next: 'See `copaw inbox list`.' });
const noAnswer = (): CoPawError => new CoPawError('not-found', 'There is no such answer.', { next: 'See `copaw outbox list`.' });

/** No id in a key holds a "#" (address.ts), so a try can be taken for no other message. The first one is the message itself. */
const retryMark = '#retry-';
function retryKey(first: string, number: number): string {
  return number === 0 ? first : `${first}${retryMark}${number}`;
}

/** Why the newest try is the last one. */
function whyNot(tries: readonly InboxRow[]): string | undefined {
  const last = tries.at(-1);
  if (!last) return 'There is no such message.';
  const { inbound } = last.envelope;
  if (last.state === 'answered') return tries.length > 1 ? 'This message was answered when it was tried again.' : 'This message was answered.';
  if (last.state === 'refused') return 'This message was refused. Whoever is let in now has to send it again.';
  if (last.state === 'accepted' || last.state === 'assigned') return 'This message is being worked on.';
  if (inbound.kind !== 'message') return 'Only a message can be tried again.';
  if (inbound.text === '' && (inbound.attachments ?? []).length === 0) return 'The words of this message were not kept, so it cannot be tried again.';
  return undefined;
}
