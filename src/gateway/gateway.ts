// The middle of the path, wired: inbox → admit → route → lanes → turn → log and outbox. Also recovery after a crash.

import type { AgentParts, TurnIo } from '../agent/parts.ts';
import { describeTools, runTurn } from '../agent/turn.ts';
import { type Address, addressKey } from '../core/address.ts';
import type { Admitted } from '../core/brand.ts';
import type { Inbox } from '../core/channel.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { Envelope, Inbound } from '../core/inbound.ts';
import { noUsage, type ToolDefinition } from '../core/model.ts';
import type { Accepted } from '../core/operator.ts';
import { type Admission, isSenderId } from '../core/sender-rules.ts';
import type { InboxRow, OutboxRow, Session, Turn } from '../core/session.ts';
import type { Batch, Store } from '../core/store.ts';
import type { DurableEvent, UserMessage } from '../core/turn-event.ts';
import type { Ids } from '../lib/ids.ts';
import type { Delivery } from './deliver.ts';
import { Lanes, type LaneTurn } from './lanes.ts';
import { inboxKey, type Route, route } from './route.ts';
import type { TurnBus } from './turn-bus.ts';

/** How often a turn that found no room to write looks again. */
const roomRetryMs = 15_000;

/** One run of a turn: messages it took that are not assigned yet, and whether another run has taken its place. */
interface Attempt {
  loose: Admitted[];
  over: boolean;
}

export interface GatewayParts {
  readonly store: Store;
  readonly bus: TurnBus;
  readonly agent: AgentParts;
  readonly ids: Ids;
  readonly delivery: Delivery;
  /** `again`: asked about a stored event, at a start. */
  admit(envelope: Envelope, again?: boolean): Promise<Admission>;
  /** Whom the door refused. */
  turnAway(envelope: Envelope, refusal: Extract<Admission, { admitted: false }>): Promise<void>;
  /** Answers an approval from a chat, or refuses to; returns what is said. */
  answerApproval(envelope: Admitted, answer: Extract<Route, { kind: 'answer' }>): Promise<string>;
  /** What is said to a command that does not exist. */
  unknownCommand(): string;
  agentId(): string;
  parallelTurns(): number;
  /** Faults of CoPaw itself; people have already been told where they can be. */
  onFault(error: unknown): void;
}

export class Gateway {
  readonly #parts: GatewayParts;
  /** What the model is told of the tools; made for the first turn. */
  #tools: readonly ToolDefinition[] | undefined;
  readonly lanes: Lanes;
  /** Shutting down: open turns stay open in the journal and are resumed at the next start. */
  #suspended = false;
  readonly #suspending = new AbortController();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.lanes = new Lanes({ limit: parts.parallelTurns, newTurnId: () => parts.ids('turn'), run: (turn) => this.#run(turn) });
  }

  /** The way in for one channel account. */
  inbox(channel: string, account: string): Inbox {
    return {
      receive: async (event) => {
        await this.accept(channel, account, event);
      },
      alive: () => undefined,
    };
  }

  /** Step 2: durable when it resolves. A message id seen before is recorded nowhere twice and answered once. */
  async accept(channel: string, account: string, inbound: Inbound): Promise<Accepted> {
    const { store, agent } = this.#parts;
    const key = keyOf(channel, account, inbound);
    const duplicate = async (): Promise<Accepted | undefined> => {
      const known = key === '' ? undefined : await store.inbox.get(key);
      return known && { sessionId: known.sessionId ?? inbound.chat.id, messageId: inbound.id, turnId: known.turnId ?? '', duplicate: true };
    };
    const before = await duplicate();
    if (before) return before;
    const envelope: Envelope = { key, channel, account, inbound, receivedAt: agent.clock.now() };
    const admission = await this.#parts.admit(envelope);
    if (!admission.admitted) {
      await this.#parts.turnAway(envelope, admission);
      return { sessionId: '', messageId: inbound.id, turnId: '', duplicate: false };
    }
    const way = route(admission.envelope);
    const sessionId = 'sessionId' in way ? way.sessionId : '';
    if (way.kind === 'turn') this.lanes.checkRoom(sessionId);
    // Where a turn can begin at once, message and turn are one transaction; else the message waits in the inbox.
    const lane = way.kind === 'turn' ? this.lanes.begin(sessionId) : undefined;
    try {
      const row = { key, envelope, receivedAt: envelope.receivedAt };
      if (lane) lane.opened = await this.#open(lane, [admission.envelope], [{ ...row, state: 'assigned', sessionId, turnId: lane.turnId }]);
      else await store.commit({ inbox: [{ ...row, state: 'accepted' }] });
    } catch (error) {
      if (lane) this.lanes.abandon(lane);
      // The same id, delivered twice at once: the other one was first.
      const meanwhile = toCoPawError(error).code === 'conflict' ? await duplicate() : undefined;
      if (meanwhile) return meanwhile;
      throw error;
    }
    if (lane) this.lanes.start(lane);
    const turnId = lane?.turnId ?? (await this.#dispatch(envelope, admission));
    return { sessionId, messageId: inbound.id, turnId, duplicate: false };
  }

  /** At start: resume open turns, hand on accepted messages, settle what was half sent. */
  async recover(): Promise<void> {
    const { store } = this.#parts;
    await this.#parts.delivery.recover();
    for (const turn of await store.turns.open()) this.lanes.resume(turn.sessionId, turn.id);
    for (const row of await store.inbox.open()) if (row.state === 'accepted') await this.#dispatch(row.envelope, await this.#parts.admit(row.envelope, true));
  }

  /** Lets go of running turns without ending them. */
  async suspend(): Promise<void> {
    this.#suspended = true;
    this.#suspending.abort();
    await this.lanes.drain();
  }

  async #dispatch(envelope: Envelope, admission: Admission): Promise<string> {
    const { store, bus, ids } = this.#parts;
    if (!admission.admitted) {
      await store.commit({ inboxStates: [{ key: envelope.key, state: 'refused', rule: admission.rule, dropText: true }] });
      return '';
    }
    const way = route(admission.envelope);
    if (way.kind === 'turn') return this.lanes.push(way.sessionId, admission.envelope);
    if (way.kind === 'ignored') {
      await store.commit({ inboxStates: [{ key: envelope.key, state: 'refused', rule: 'ignored', dropText: true }] });
      return '';
    }
    if (way.kind === 'change') {
      await this.#change(admission.envelope, way);
      return '';
    }
    const turnId = ids('turn');
    const stopped = way.kind === 'stop' && this.lanes.stop(way.sessionId);
    const session = await store.sessions.get(way.sessionId);
    const own: Address = 'address' in way ? way.address : { channel: 'console', account: 'local', chat: way.sessionId };
    const address = own.peer === undefined ? (session?.address ?? own) : own;
    const said = await this.#sayTo(admission.envelope, way, stopped);
    const turn = this.#newTurn(turnId, way.sessionId, address, admission.envelope);
    const user: DurableEvent[] = way.kind !== 'remind' ? [{ type: 'message', message: userMessage(admission.envelope) }] : [];
    await bus.commit(
      way.sessionId,
      turnId,
      [
        { type: 'turn-start', origin: turn.origin, answerId: turn.answerId, resumed: false },
        ...user,
        { type: 'message', message: { role: 'assistant', id: turn.answerId, step: 0, text: said, toolCalls: [] } },
        { type: 'turn-end', outcome: 'answered', answerId: turn.answerId, usage: noUsage },
      ],
      {
        session: session ? { ...session, updatedAt: turn.startedAt } : this.#newSession(way.sessionId, address, said, turn.startedAt),
        turn,
        outbox: [this.#outboxRow(turn, { text: said })],
        inboxStates: [{ key: envelope.key, state: 'answered', sessionId: way.sessionId, turnId }],
        turnEnd: { turnId, outcome: 'answered', at: turn.startedAt },
      },
    );
    this.#parts.delivery.wake();
    return turnId;
  }

  async #sayTo(envelope: Admitted, way: Exclude<Route, { kind: 'turn' | 'ignored' | 'change' }>, stopped: boolean): Promise<string> {
    if (way.kind === 'remind') return `⏰ ${way.text}`;
    if (way.kind === 'answer') return this.#parts.answerApproval(envelope, way);
    if (way.kind === 'unknown-command') return this.#parts.unknownCommand();
    return stopped ? 'Stopped.' : 'Nothing is running.';
  }

  /** An edit or a withdrawal counts while the message waits, and only for whoever wrote it; later it is written down and nothing runs again. */
  async #change(envelope: Admitted, { sessionId, target, text }: Extract<Route, { kind: 'change' }>): Promise<void> {
    const { store } = this.#parts;
    const row = await store.inbox.get(target);
    const waits = row?.state === 'accepted' && row.envelope.inbound.sender.id === envelope.inbound.sender.id && this.lanes.change(sessionId, target, text);
    await store.commit({
      inboxStates: [
        ...(waits && text === undefined ? [{ key: target, state: 'cancelled' as const, dropText: true }] : []),
        { key: envelope.key, state: 'refused', rule: waits ? 'applied' : 'recorded' },
      ],
      ...(waits && text !== undefined ? { inboxTexts: [{ key: target, text }] } : {}),
    });
  }

  /** Step 6: runs the turn. One that the disk has no room for stays open in the journal, keeps its place, and goes on when there is room. */
  async #run(lane: LaneTurn): Promise<void> {
    const { store, agent, onFault } = this.#parts;
    for (let tries = 0; ; tries++) {
      try {
        return await this.#attempt(lane, tries === 0 ? lane.opened : undefined);
      } catch (error) {
        if (this.#suspended) return;
        onFault(error);
        if (!isDiskFailure(error)) return;
      }
      do {
        await agent.clock.sleep(roomRetryMs * 2 ** Math.min(tries, 5), this.#suspending.signal).catch(() => undefined); // a stop is seen below
        if (this.#suspended) return;
      } while (store.storage() !== 'ok');
    }
  }

  /** Opens or resumes the turn and runs the agent on it. */
  async #attempt(lane: LaneTurn, opened: Turn | undefined): Promise<void> {
    const { store, agent } = this.#parts;
    const attempt: Attempt = { loose: [], over: false };
    try {
      const before = opened ? undefined : await store.turns.get(lane.turnId);
      if (!opened && !before) attempt.loose = lane.take();
      const turn = opened ?? before ?? (await this.#open(lane, attempt.loose));
      attempt.loose = [];
      if (before) await this.#commit(turn, [{ type: 'turn-start', origin: turn.origin, answerId: turn.answerId, resumed: true }], {});
      this.#tools ??= describeTools(agent.tools.values());
      await runTurn(agent, { turn, origin: turn.origin, sender: turn.sender, resumed: before !== undefined }, this.#io(turn, lane, attempt), this.#tools);
    } catch (error) {
      attempt.over = true;
      if (isDiskFailure(error)) lane.waiting.unshift(...attempt.loose);
      throw error;
    }
    this.#parts.delivery.wake();
  }

  /** `inbox`: rows of messages that are stored only now. */
  async #open(lane: LaneTurn, messages: readonly Admitted[], inbox: readonly InboxRow[] = []): Promise<Turn> {
    const { store } = this.#parts;
    const fresh = new Set(inbox.map(({ key }) => key));
    const first = messages[0];
    if (!first) throw new CoPawError('internal', `Turn ${lane.turnId} has no message.`);
    const way = route(first);
    const address: Address = 'address' in way ? way.address : { channel: first.channel, account: first.account, chat: lane.sessionId };
    const turn = this.#newTurn(lane.turnId, lane.sessionId, address, first);
    const session = await store.sessions.get(lane.sessionId);
    const title = first.inbound.kind === 'message' ? first.inbound.text : '';
    const before = session ? { ...session, updatedAt: turn.startedAt } : this.#newSession(lane.sessionId, address, title, turn.startedAt);
    const tainted = await this.#bringTaint(turn, messages);
    await this.#commit(
      turn,
      [
        { type: 'turn-start', origin: turn.origin, answerId: turn.answerId, resumed: false },
        ...messages.map((envelope) => ({ type: 'message' as const, message: userMessage(envelope) })),
      ],
      {
        session: { ...before, tainted: before.tainted || tainted },
        turn,
        inbox,
        inboxStates: messages
          .filter(({ key }) => !fresh.has(key))
          .map(({ key }) => ({ key, state: 'assigned' as const, sessionId: lane.sessionId, turnId: turn.id })),
      },
    );
    return turn;
  }

  #io(turn: Turn, lane: LaneTurn, attempt: Attempt): TurnIo {
    const { store, bus, agent } = this.#parts;
    return {
      signal: lane.abort.signal,
      commit: async (events, also) => {
        if (attempt.over) throw new CoPawError('cancelled', 'The turn has been taken up again.');
        // A steering message is assigned in the same transaction that writes it to the log.
        const keys = new Set(events.flatMap((event) => (event.type === 'message' && event.message.role === 'user' ? [event.message.id] : [])));
        const joining = attempt.loose.filter(({ key }) => keys.has(key));
        const inboxStates = joining.map(({ key }) => ({ key, state: 'assigned' as const, sessionId: turn.sessionId, turnId: turn.id }));
        const session = (await this.#bringTaint(turn, joining)) ? (also?.session ?? (await store.sessions.get(turn.sessionId))) : undefined;
        const tainted = session === undefined ? {} : { session: { ...session, tainted: true } };
        await this.#commit(turn, events, { ...also, ...tainted, ...(inboxStates.length > 0 ? { inboxStates } : {}) });
        attempt.loose = attempt.loose.filter((one) => !joining.includes(one));
      },
      pass: (event) => bus.pass(turn.sessionId, turn.id, event),
      takeSteered: () => {
        const taken = lane.take();
        attempt.loose.push(...taken);
        return taken.map(userMessage);
      },
      close: () => lane.close(),
      end: async (outcome, last) => {
        // A full disk is no end: the turn waits for room.
        const code = last.events.find((event) => event.type === 'notice')?.code ?? '';
        if (outcome === 'failed' && (isDiskCode(code) || store.storage() !== 'ok'))
          throw new CoPawError(isDiskCode(code) ? code : 'disk-full', 'The turn waits until it can be written down.');
        const open = (await store.inbox.ofTurn(turn.id)).filter((row: InboxRow) => row.state === 'assigned');
        await this.#commit(turn, last.events, {
          ...last.also,
          inboxStates: open.map(({ key }) => ({ key, state: outcome, sessionId: turn.sessionId, turnId: turn.id })),
          turnEnd: { turnId: turn.id, outcome, at: agent.clock.now() },
          ...(last.answer ? { outbox: [this.#outboxRow(turn, last.answer)] } : {}),
        });
      },
    };
  }

  /** Whether one of these messages holds strangers' words; their files are marked. */
  async #bringTaint(turn: Turn, messages: readonly Admitted[]): Promise<boolean> {
    const each = await Promise.all(messages.map((envelope) => this.#parts.agent.taint.ofMessage(turn, envelope)));
    return each.includes(true);
  }

  async #commit(turn: Turn, events: readonly DurableEvent[], batch: Omit<Batch, 'entries'>): Promise<void> {
    if (this.#suspended) throw new CoPawError('cancelled', 'CoPaw is stopping; the turn goes on at the next start.');
    await this.#parts.bus.commit(turn.sessionId, turn.id, events, batch);
  }

  #newTurn(id: string, sessionId: string, address: Address, envelope: Admitted): Turn {
    const { sender } = envelope.inbound;
    return {
      id,
      sessionId,
      agentId: this.#parts.agentId(),
      address,
      origin: envelope.origin,
      sender,
      answerId: this.#parts.ids('ans'),
      startedAt: this.#parts.agent.clock.now(),
    };
  }

  #newSession(id: string, address: Address, text: string, at: number): Session {
    const agentId = this.#parts.agentId();
    const title = text.trim().split('\n', 1)[0]?.slice(0, 60) ?? '';
    return { id, agentId, key: `${agentId}:${addressKey(address)}`, address, title, tainted: false, createdAt: at, updatedAt: at };
  }

  #outboxRow(turn: Turn, outgoing: OutboxRow['outgoing']): OutboxRow {
    return {
      answerId: turn.answerId,
      part: 0,
      sessionId: turn.sessionId,
      address: turn.address,
      outgoing,
      attempts: 0,
      nextAt: this.#parts.agent.clock.now(),
      ...this.#parts.delivery.initial(turn.address),
    };
  }
}

const isDiskCode = (code: string): code is 'disk-full' | 'disk-read-only' => code === 'disk-full' || code === 'disk-read-only';
const isDiskFailure = (error: unknown): boolean => isDiskCode(toCoPawError(error).code);

function userMessage(envelope: Admitted): UserMessage {
  const { inbound } = envelope;
  const message = inbound.kind === 'message' ? inbound : undefined;
  return {
    role: 'user',
    id: envelope.key,
    text: message?.text ?? '',
    attachments: message?.attachments ?? [],
    sender: inbound.sender,
    origin: envelope.origin,
  };
}

/** Empty where an id cannot be one; the door refuses such an event. A message and an edit of it may carry the same id. */
function keyOf(channel: string, account: string, inbound: Inbound): string {
  const { id, chat, kind } = inbound;
  if (![id, chat.id, chat.thread ?? '-'].every(isSenderId)) return '';
  const key = inboxKey({ channel, account, inbound }, id);
  return kind === 'message' || kind === 'command' ? key : `${key}#${kind}`;
}
