// One turn's connection to the gateway: what it commits, what joins it, how it ends, and that it does end.
import type { TurnIo } from '../agent/parts.ts';
import type { Admitted } from '../core/brand.ts';
import type { Outgoing } from '../core/channel.ts';
import { ownChannels } from '../core/channel-config.ts';
import type { Compaction } from '../core/compaction.ts';
import { CoPawError, isMachineCode } from '../core/error.ts';
import type { Transition } from '../core/journal.ts';
import { noUsage } from '../core/model.ts';
import type { OutboxRow, Turn } from '../core/session.ts';
import type { Batch, Store } from '../core/store.ts';
import type { DurableEvent, PassingEvent, TurnOutcome, UserMessage } from '../core/turn-event.ts';
import type { Clock } from '../lib/clock.ts';
import type { LaneTurn } from './lanes.ts';
import { spokenText } from './route.ts';
import type { Words } from './words.ts';

/** How long a stopped turn may take to let go, milliseconds. */
const letGoMs = 800;

/** One run of a turn: messages it took that are not assigned yet, and whether it is over, or another run has taken its place. */
export interface Attempt {
  loose: readonly Admitted[];
  over: boolean;
}

export interface TurnIoParts {
  readonly store: Pick<Store, 'sessions' | 'storage'>;
  readonly clock: Clock;
  words(): Words;
  /** Longest a turn may run. */
  minutes(): number;
  commit(transition: Transition, events: readonly DurableEvent[], batch: Omit<Batch, 'entries' | 'transition'>): Promise<void>;
  pass(event: PassingEvent): void;
  /** Whether one of these messages holds strangers' words; their files are marked. */
  bringTaint(messages: readonly Admitted[]): Promise<boolean>;
  outboxRows(outgoing: Outgoing): Promise<readonly OutboxRow[]>;
}

type Last = Parameters<TurnIo['end']>[1];

/** `cut` ends the turn from outside; whatever it was still doing can commit nothing any more. */
export function createTurnIo(turn: Turn, lane: LaneTurn, attempt: Attempt, parts: TurnIoParts): TurnIo & { cut(): Promise<void> } {
  const { store, clock } = parts;
  let ending: Promise<void> | undefined;
  const io: ReturnType<typeof createTurnIo> = {
    signal: lane.abort.signal,
    commit: async (transition, events, also) => {
      if (attempt.over) throw new CoPawError('cancelled', 'This turn is over.');
      // A steering message is assigned in the same transaction that writes it to the log.
      const keys = new Set(events.flatMap((event) => (event.type === 'message' && event.message.role === 'user' ? [event.message.id] : [])));
      const joining = attempt.loose.filter(({ key }) => keys.has(key));
      const inboxStates = joining.map(({ key }) => ({ key, state: 'assigned' as const, sessionId: turn.sessionId, turnId: turn.id }));
      const session = (await parts.bringTaint(joining)) ? (also?.session ?? (await store.sessions.get(turn.sessionId))) : undefined;
      const tainted = session === undefined ? {} : { session: { ...session, tainted: true } };
      await parts.commit(transition, events, { ...also, ...tainted, ...(inboxStates.length > 0 ? { inboxStates } : {}) });
      attempt.loose = attempt.loose.filter((one) => !joining.includes(one));
    },
    pass: (event) => {
      if (!attempt.over) parts.pass(event);
    },
    takeSteered: () => {
      const taken = lane.take();
      attempt.loose = [...attempt.loose, ...taken];
      return taken.map(userMessage);
    },
    close: () => lane.close(),
    cut: () => ending ?? io.end('cancelled', { events: [{ type: 'turn-end', outcome: 'cancelled', answerId: turn.answerId, usage: noUsage }] }),
    end: (reached, reachedBy) => {
      ending ??= end(reached, reachedBy);
      return ending;
    },
  };
  const end: TurnIo['end'] = async (reached, reachedBy) => {
    attempt.over = true;
    const { outcome, last } = lane.overdue ? overdue(turn, reachedBy, parts) : { outcome: reached, last: reachedBy };
    // A full disk is no end: the turn waits for room.
    const code = last.events.find((event) => event.type === 'notice')?.code ?? '';
    if (outcome === 'failed' && (isMachineCode(code) || store.storage() !== 'ok'))
      throw new CoPawError(isMachineCode(code) ? code : 'disk-full', 'The turn waits until it can be written down.');
    await parts.commit('turn-ended', last.events, {
      ...last.also,
      turnEnd: { turnId: turn.id, outcome, at: clock.now() },
      ...(last.answer ? { outbox: await parts.outboxRows(withCompaction(turn, last.answer, last.compactions?.at(-1), parts.words())) } : {}),
    });
  };
  return io;
}

/** In a chat the answer says that earlier messages were summed up; console and command line show the event itself. */
function withCompaction({ address }: Turn, answer: Outgoing, compaction: Compaction | undefined, words: Words): Outgoing {
  if (!compaction || ownChannels.has(address.channel)) return answer;
  return { ...answer, text: [answer.text, words.compacted(compaction.counts, compaction.anchors.length)].filter(Boolean).join('\n\n') };
}

/** The end of a turn whose time was up: people are told. */
function overdue(turn: Turn, last: Last, { words, minutes }: TurnIoParts): { readonly outcome: TurnOutcome; readonly last: Last } {
  const { text, next } = words().overdue(minutes());
  const notice: DurableEvent = { type: 'notice', level: 'error', code: 'turn-overdue', text, next, reference: turn.id };
  const events = last.events.map((event): DurableEvent => (event.type === 'turn-end' ? { ...event, outcome: 'failed' } : event));
  return { outcome: 'failed', last: { ...last, events: [notice, ...events], answer: { text: `${text} ${next} (reference ${turn.id})` } } };
}

/** A turn has its minutes, and once it was stopped a moment to let go. "too late": it did not. */
export async function inTime(lane: LaneTurn, work: Promise<unknown>, clock: Clock, minutes: number): Promise<unknown> {
  const late = Promise.withResolvers<'too late'>();
  const timers = [
    clock.after(minutes * 60_000, () => {
      lane.overdue = true;
      lane.abort.abort();
    }),
  ];
  const onAbort = (): void => void timers.push(clock.after(letGoMs, () => late.resolve('too late')));
  lane.abort.signal.addEventListener('abort', onAbort, { once: true });
  if (lane.abort.signal.aborted) onAbort();
  work.catch(() => undefined); // left behind, it may still fail
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    lane.abort.signal.removeEventListener('abort', onAbort);
    for (const timer of timers) timer.cancel();
  }
}

/** Whether an open turn was begun by `/compact`: other commands are answered in one transaction. */
export async function onlyCompacts({ entries }: Pick<Store, 'entries'>, turnId: string): Promise<boolean> {
  const [first] = await entries.after({ turnId, after: 0, limit: 1 });
  return first?.event.type === 'turn-start' && first.event.command === 'compact';
}

export function userMessage(envelope: Admitted): UserMessage {
  const { inbound } = envelope;
  return {
    role: 'user',
    id: envelope.key,
    text: spokenText(envelope),
    attachments: inbound.kind === 'message' ? (inbound.attachments ?? []) : [],
    sender: inbound.sender,
    origin: envelope.origin,
    ...(inbound.kind === 'message' && inbound.forwarded === true ? { forwarded: true as const } : {}),
  };
}
