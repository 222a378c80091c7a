// The middle of the path, wired: inbox → admit → route → lanes → turn → log and outbox. Also recovery after a crash.

import type { AgentParts } from '../agent/parts.ts';
import { describeTools, runTurn } from '../agent/turn.ts';
import { type Address, addressKey } from '../core/address.ts';
import type { Admitted } from '../core/brand.ts';
import type { Inbox, Outgoing } from '../core/channel.ts';
import { chatCommand } from '../core/chat-command.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { Envelope, Inbound } from '../core/inbound.ts';
import type { Transition } from '../core/journal.ts';
import { noUsage, type ToolDefinition } from '../core/model.ts';
import type { Accepted } from '../core/operator.ts';
import { type Admission, isSenderId } from '../core/sender-rules.ts';
import type { InboxRow, OutboxRow, Session, Turn } from '../core/session.ts';
import type { Batch, Store } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import type { Ids } from '../lib/ids.ts';
import { type CommandParts, type CommandResult, createCommands, needsQuiet } from './commands.ts';
import type { Delivery } from './deliver.ts';
import { Lanes, type LaneTurn } from './lanes.ts';
import type { Composer } from './outgoing.ts';
import { inboxKey, type Route, route, spokenText } from './route.ts';
import type { TurnBus } from './turn-bus.ts';
import { type Attempt, createTurnIo, inTime, isDiskFailure, userMessage } from './turn-io.ts';
import type { Words } from './words.ts';

type Spoken = Exclude<Route, { kind: 'turn' | 'ignored' | 'change' }>;

/** How often a turn that found no room to write looks again. */
const roomRetryMs = 15_000;

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
  readonly composer: Composer;
  readonly commands: CommandParts;
  /** What CoPaw itself says. */
  words(): Words;
  /** The sender is one of the operator's own ids, also in a group. */
  operates(envelope: Admitted): boolean;
  /** Ends the background commands of a session, and says how many there were. */
  stopCommands(sessionId: string): Promise<number>;
  /** Longest a turn may run. */
  turnMinutes(): number;
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
  readonly #command: ReturnType<typeof createCommands>;
  /** Shutting down: open turns stay open in the journal and are resumed at the next start. */
  #suspended = false;
  readonly #suspending = new AbortController();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#command = createCommands(parts.commands);
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
    const envelope: Envelope = { key: keyOf(channel, account, inbound), channel, account, inbound, receivedAt: this.#parts.agent.clock.now() };
    const before = await this.#known(envelope);
    if (before) return before;
    const admission = await this.#parts.admit(envelope);
    if (!admission.admitted) {
      await this.#parts.turnAway(envelope, admission);
      return { sessionId: '', messageId: inbound.id, turnId: '', duplicate: false };
    }
    return this.#take(envelope, admission, envelope.receivedAt);
  }

  /** A message that was stored before, under a key of its own: asked about at the door as it arrived then, and given a turn of its own. */
  async again(envelope: Envelope): Promise<Accepted> {
    const admission = await this.#parts.admit(envelope, true);
    if (!admission.admitted) throw new CoPawError('forbidden', admission.reason, { rule: admission.rule, next: 'See `copaw pairing list`.' });
    return this.#take(envelope, admission, this.#parts.agent.clock.now());
  }

  async #known({ key, channel, account, inbound }: Envelope): Promise<Accepted | undefined> {
    const { store, agent } = this.#parts;
    const known = key === '' ? undefined : await store.inbox.get(key);
    if (!known) return undefined;
    agent.log('info', 'message-duplicate', { key, channel, account, turnId: known.turnId });
    return { sessionId: known.sessionId ?? inbound.chat.id, messageId: inbound.id, turnId: known.turnId ?? '', duplicate: true };
  }

  async #take(envelope: Envelope, admission: Extract<Admission, { admitted: true }>, receivedAt: number): Promise<Accepted> {
    const { store, agent } = this.#parts;
    const { key, channel, account, inbound } = envelope;
    const way = route(admission.envelope);
    const sessionId = 'sessionId' in way ? way.sessionId : '';
    if (way.kind === 'turn') this.lanes.checkRoom(sessionId);
    // Where a turn can begin at once, message and turn are one transaction; else the message waits in the inbox.
    const lane = way.kind === 'turn' ? this.lanes.begin(sessionId) : undefined;
    try {
      const row = { key, envelope, receivedAt };
      if (lane) lane.opened = await this.#open(lane, [admission.envelope], [{ ...row, state: 'assigned', sessionId, turnId: lane.turnId }]);
      else await store.commit({ transition: 'message-accepted', inbox: [{ ...row, state: 'accepted' }] });
    } catch (error) {
      if (lane) this.lanes.abandon(lane);
      // The same id, delivered twice at once: the other one was first.
      const meanwhile = toCoPawError(error).code === 'conflict' ? await this.#known(envelope) : undefined;
      if (meanwhile) return meanwhile;
      throw error;
    }
    const accepted = (turnId: string): Accepted => {
      agent.log('info', 'message-accepted', { key, channel, account, kind: inbound.kind, sessionId, turnId });
      return { sessionId, messageId: inbound.id, turnId, duplicate: false };
    };
    if (!lane) return accepted(await this.#dispatch(envelope, admission));
    const answer = accepted(lane.turnId);
    this.lanes.start(lane);
    return answer;
  }

  /** At start: resume open turns, hand on accepted messages, settle what was half sent. */
  async recover(): Promise<void> {
    const { store } = this.#parts;
    await this.#parts.delivery.recover();
    for (const turn of await store.turns.open()) this.lanes.resume(turn.sessionId, turn.id);
    for (const row of await store.inbox.open()) if (row.state === 'accepted') await this.#dispatch(row.envelope, await this.#parts.admit(row.envelope, true));
  }

  /** Ends all that runs in a session: its turn and its background commands, of which it says how many; undefined where nothing ran. */
  async stop(sessionId: string): Promise<number | undefined> {
    const running = this.lanes.stop(sessionId);
    const commands = await this.#parts.stopCommands(sessionId);
    return running || commands > 0 ? commands : undefined;
  }

  /** Lets go of running turns without ending them. */
  async suspend(): Promise<void> {
    this.#suspended = true;
    this.#suspending.abort();
    await this.lanes.drain();
  }

  async #dispatch(envelope: Envelope, admission: Admission): Promise<string> {
    const { store, agent } = this.#parts;
    if (!admission.admitted) {
      agent.log('warn', 'message-refused', { key: envelope.key, channel: envelope.channel, account: envelope.account, rule: admission.rule });
      await store.commit({ transition: 'message-refused', inboxStates: [{ key: envelope.key, state: 'refused', rule: admission.rule, dropText: true }] });
      return '';
    }
    const way = route(admission.envelope);
    if (way.kind === 'turn') {
      const mode = way.mode ?? (await store.sessions.get(way.sessionId))?.mode;
      return this.lanes.push(way.sessionId, admission.envelope, mode);
    }
    if (way.kind === 'ignored') {
      await store.commit({ transition: 'message-refused', inboxStates: [{ key: envelope.key, state: 'refused', rule: 'ignored', dropText: true }] });
      return '';
    }
    if (way.kind === 'change') {
      await this.#change(admission.envelope, way);
      return '';
    }
    const say = (): Promise<string> => this.#say(admission.envelope, way);
    return way.kind === 'command' && needsQuiet(way.name) && this.#mayCommand(admission.envelope, way.name) ? this.lanes.quietly(way.sessionId, say) : say();
  }

  /** A turn that no model answers: a command, a reminder. One transaction. */
  async #say(envelope: Admitted, way: Spoken): Promise<string> {
    const { store, bus, ids, agent } = this.#parts;
    const turnId = ids('turn');
    const own: Address = 'address' in way ? way.address : { channel: 'console', account: 'local', chat: way.sessionId };
    const { text, events = [], batch = {}, change } = await this.#sayTo(envelope, way);
    const session = batch.archive || batch.drop !== undefined ? undefined : await store.sessions.get(way.sessionId);
    const address = own.peer === undefined ? (session?.address ?? own) : own;
    const turn = this.#newTurn(turnId, way.sessionId, address, envelope);
    const user: DurableEvent[] = way.kind !== 'remind' ? [{ type: 'message', message: userMessage(envelope) }] : [];
    const before = session
      ? { ...session, updatedAt: turn.startedAt }
      : this.#newSession(way.sessionId, address, way.kind === 'remind' ? titleOf(text) : '', turn.startedAt);
    const command = way.kind === 'remind' ? {} : { command: way.kind === 'command' ? way.name : way.kind };
    await bus.commit(
      way.sessionId,
      turnId,
      [
        { type: 'turn-start', origin: turn.origin, answerId: turn.answerId, resumed: false, ...command },
        ...user,
        ...events,
        { type: 'message', message: { role: 'assistant', id: turn.answerId, step: 0, text, toolCalls: [] } },
        { type: 'turn-end', outcome: 'answered', answerId: turn.answerId, usage: noUsage },
      ],
      {
        transition: 'command-answered',
        ...batch,
        session: change?.(before) ?? before,
        turn,
        outbox: await this.#outboxRows(turn, { text }),
        inboxStates: [{ key: envelope.key, state: 'answered', sessionId: way.sessionId, turnId }],
        turnEnd: { turnId, outcome: 'answered', at: turn.startedAt },
      },
    );
    agent.log('info', 'turn-end', { turnId, sessionId: way.sessionId, answerId: turn.answerId, outcome: 'answered' });
    this.#parts.delivery.wake();
    return turnId;
  }

  async #sayTo(envelope: Admitted, way: Spoken): Promise<CommandResult> {
    if (way.kind === 'remind') return { text: `⏰ ${way.text}` };
    if (way.kind === 'answer') return { text: await this.#parts.answerApproval(envelope, way) };
    if (way.kind === 'unknown-command') return { text: this.#parts.words().unknownCommand };
    if (!this.#mayCommand(envelope, way.name)) return { text: this.#parts.words().notYours };
    const running = {
      running: this.lanes.active(way.sessionId) !== undefined,
      waiting: this.lanes.waiting(way.sessionId),
      stop: () => this.stop(way.sessionId),
    };
    return this.#command(way, this.#parts.agentId(), running);
  }

  #mayCommand(envelope: Admitted, name: string): boolean {
    const { origin } = envelope;
    const whose = chatCommand(name)?.whose;
    if (whose === 'operator') return origin === 'operator';
    return whose === 'everyone' || origin === 'operator' || origin === 'direct' || this.#parts.operates(envelope);
  }

  /** An edit or a withdrawal counts while the message waits, and only for whoever wrote it; later it is written down and nothing runs again. */
  async #change(envelope: Admitted, { sessionId, target, text }: Extract<Route, { kind: 'change' }>): Promise<void> {
    const { store } = this.#parts;
    const row = await store.inbox.get(target);
    const waits = row?.state === 'accepted' && row.envelope.inbound.sender.id === envelope.inbound.sender.id && this.lanes.change(sessionId, target, text);
    await store.commit({
      transition: 'message-changed',
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
      if (before) await this.#commit(turn, 'turn-resumed', [{ type: 'turn-start', origin: turn.origin, answerId: turn.answerId, resumed: true }], {});
      agent.log('info', 'turn-start', { turnId: turn.id, sessionId: turn.sessionId, answerId: turn.answerId, resumed: before !== undefined });
      this.#tools ??= describeTools(agent.tools.values());
      const io = createTurnIo(turn, lane, attempt, {
        ...{ store, clock: agent.clock, words: this.#parts.words, minutes: this.#parts.turnMinutes },
        commit: (...what) => this.#commit(turn, ...what),
        pass: (event) => this.#parts.bus.pass(turn.sessionId, turn.id, event),
        bringTaint: (messages) => this.#bringTaint(turn, messages),
        outboxRows: (outgoing) => this.#outboxRows(turn, outgoing),
      });
      const work = runTurn(agent, { turn, origin: turn.origin, sender: turn.sender, resumed: before !== undefined }, io, this.#tools);
      if ((await inTime(lane, work, agent.clock, this.#parts.turnMinutes())) === 'too late') await io.cut();
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
    const title = titleOf(spokenText(first));
    const before = session
      ? { ...session, title: session.title || title, updatedAt: turn.startedAt }
      : this.#newSession(lane.sessionId, address, title, turn.startedAt);
    const tainted = await this.#bringTaint(turn, messages);
    await this.#commit(
      turn,
      'turn-begun',
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

  /** Whether one of these messages holds strangers' words; their files are marked. */
  async #bringTaint(turn: Turn, messages: readonly Admitted[]): Promise<boolean> {
    const each = await Promise.all(messages.map((envelope) => this.#parts.agent.taint.ofMessage(turn, envelope)));
    return each.includes(true);
  }

  async #commit(turn: Turn, transition: Transition, events: readonly DurableEvent[], batch: Omit<Batch, 'entries' | 'transition'>): Promise<void> {
    if (this.#suspended) throw new CoPawError('cancelled', 'CoPaw is stopping; the turn goes on at the next start.');
    await this.#parts.bus.commit(turn.sessionId, turn.id, events, { ...batch, transition });
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

  #newSession(id: string, address: Address, title: string, at: number): Session {
    const agentId = this.#parts.agentId();
    return { id, agentId, key: `${agentId}:${addressKey(address)}`, address, title, tainted: false, createdAt: at, updatedAt: at };
  }

  async #outboxRows(turn: Turn, outgoing: Outgoing): Promise<readonly OutboxRow[]> {
    const { composer, delivery, agent } = this.#parts;
    const nextAt = agent.clock.now();
    const { answerId, sessionId, address } = turn;
    const rows = (await composer.answer(turn, outgoing)).map((part, index) => ({ answerId, part: index, sessionId, address, outgoing: part }));
    return rows.map((row) => ({ ...row, attempts: 0, nextAt, ...delivery.initial(address) }));
  }
}

const titleOf = (text: string): string => text.trim().split('\n', 1)[0]?.slice(0, 60) ?? '';

/** Empty where an id cannot be one; the door refuses such an event. A message and an edit of it may carry the same id. */
function keyOf(channel: string, account: string, inbound: Inbound): string {
  const { id, chat, kind } = inbound;
  if (![id, chat.id, chat.thread ?? '-'].every(isSenderId)) return '';
  const key = inboxKey({ channel, account, inbound }, id);
  return kind === 'message' || kind === 'command' ? key : `${key}#${kind}`;
}
