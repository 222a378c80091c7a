// The middle of the path, wired: inbox → admit → route → lanes → turn → log and outbox. Also recovery after a crash.

import { describeTools, runTurn } from '../agent/turn.ts';
import type { Address } from '../core/address.ts';
import type { Admitted } from '../core/brand.ts';
import type { Inbox, IncomingFile, Outgoing } from '../core/channel.ts';
import { CoPawError, isMachineCode, toCoPawError } from '../core/error.ts';
import type { Envelope, Inbound } from '../core/inbound.ts';
import type { Transition } from '../core/journal.ts';
import { noUsage, type ToolDefinition } from '../core/model.ts';
import type { Accepted } from '../core/operator.ts';
import type { Admission } from '../core/sender-rules.ts';
import type { InboxRow, OutboxRow, QueueMode, Session, Turn } from '../core/session.ts';
import type { Batch } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import { changeWaiting } from './change-waiting.ts';
import { mayCommand, needsQuiet } from './commands.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { Lanes, type LaneTurn } from './lanes.ts';
import { Merge } from './merge.ts';
import { createRegenerate, type Regenerate } from './regenerate.ts';
import { inboxKey, keyOf, type Route, route, sessionKey } from './route.ts';
import { titleOf, titleOfMessage } from './session-title.ts';
import { createSpokenTurns } from './spoken-turn.ts';
import { finishUndo, type TakeBackParts } from './take-back.ts';
import { type Attempt, createTurnIo, inTime, onlyCompacts, userMessage } from './turn-io.ts';

/** How often a turn that found no room to write looks again. */
const roomRetryMs = 15_000;

type AcceptOptions = { readonly tell?: boolean; readonly files?: readonly IncomingFile[] | undefined };

export class Gateway {
  readonly #parts: GatewayParts;
  /** What the model is told of the tools; made for the first turn. */
  #tools: readonly ToolDefinition[] | undefined;
  readonly lanes: Lanes;
  readonly #merge: Merge;
  readonly #spoken: ReturnType<typeof createSpokenTurns>;
  readonly #takeBack: TakeBackParts;
  /** Gives the last answer of the operator's own conversation again. */
  readonly regenerate: Regenerate;
  /** Shutting down: open turns stay open in the journal and are resumed at the next start. */
  #suspended = false;
  readonly #suspending = new AbortController();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    const held = (sessionId?: string): number => this.#merge.count(sessionId);
    this.lanes = new Lanes({ limit: parts.parallelTurns, newTurnId: () => parts.ids('turn'), run: (turn) => this.#run(turn), held });
    this.#merge = new Merge({ ...parts, clock: parts.agent.clock, lanes: this.lanes });
    this.#takeBack = { ...parts, undoFiles: parts.commands.undoFiles };
    this.regenerate = createRegenerate({ ...parts, ...this.#takeBack, lanes: this.lanes, clock: parts.agent.clock });
    this.#spoken = createSpokenTurns({
      ...parts,
      lanes: this.lanes,
      stop: (sessionId) => this.stop(sessionId),
      quietly: (sessionId, work) => this.quietly(sessionId, work),
      newTurn: (...turn) => this.#newTurn(...turn),
      newSession: (id, address, title, at) => this.#newSession(id, address, titleOf(title), at),
      outboxRows: (turn, outgoing) => this.#outboxRows(turn, outgoing),
    });
  }

  /** The way in for one channel account. */
  inbox(channel: string, account: string): Inbox {
    return {
      receive: async (event, files) => {
        await this.accept(channel, account, event, { tell: true, files });
      },
      alive: () => undefined,
    };
  }

  /**
   * Step 2: durable when it resolves. A message id seen before is recorded nowhere twice and answered once. Where the lane is full it throws `busy`;
   * `tell`: a person in a chat is told instead, since nobody there sees the throw. `files` are fetched once the door has let the sender in.
   */
  async accept(channel: string, account: string, inbound: Inbound, { tell = false, files }: AcceptOptions = {}): Promise<Accepted> {
    const envelope: Envelope = { key: keyOf(channel, account, inbound), channel, account, inbound, receivedAt: this.#parts.agent.clock.now() };
    const before = await this.#known(envelope);
    if (before) return before;
    const admitted = await this.#parts.admit(envelope);
    const admission: Admission = admitted.admitted && tell && this.#isFull(admitted.envelope) ? noRoom : admitted;
    if (!admission.admitted) {
      await this.#parts.turnAway(envelope, admission);
      return { sessionId: '', messageId: inbound.id, turnId: '', duplicate: false };
    }
    await this.#parts.welcome(admission.envelope);
    if (files === undefined || files.length === 0 || inbound.kind !== 'message') return this.#take(envelope, admission, envelope.receivedAt);
    return this.#merge.whileComing(admission.envelope, this.#way(admission.envelope), async () => {
      const whole: Envelope = { ...envelope, inbound: await this.#parts.keepFiles(envelope, inbound, files) };
      const again = await this.#parts.admit(whole, true); // fetching may have taken a while
      if (again.admitted) return this.#take(whole, again, envelope.receivedAt);
      await this.#parts.turnAway(envelope, again);
      return { sessionId: '', messageId: inbound.id, turnId: '', duplicate: false };
    });
  }

  /** Whether a message of this id was stored before. */
  async knows(channel: string, account: string, chat: Inbound['chat'], id: string): Promise<boolean> {
    return (await this.#parts.store.inbox.get(inboxKey({ channel, account, inbound: { chat } }, id))) !== undefined;
  }

  /** A conversation of the operator's own in which nothing was said yet. */
  newSession(id: string, channel: string, model: string): Session {
    return { ...this.#newSession(id, { channel, account: 'local', chat: id }, '', this.#parts.agent.clock.now()), model };
  }

  /** A message that was stored before, under a key of its own: asked about at the door as it arrived then, and given a turn of its own. */
  async again(envelope: Envelope): Promise<Accepted> {
    const admission = await this.#parts.admit(envelope, true);
    if (!admission.admitted) throw new CoPawError('forbidden', admission.reason, { rule: admission.rule, next: 'See `copaw pairing list`.' });
    return this.#take(envelope, admission, this.#parts.agent.clock.now(), 'queue');
  }

  /** Nobody is told of a reminder that finds no room: it is thrown back, and comes again. */
  #isFull(envelope: Admitted): boolean {
    const way = this.#way(envelope);
    return way.kind === 'turn' && envelope.origin !== 'unattended' && this.lanes.full(way.sessionId);
  }

  /**
   * A turn of its own, whatever the mode, is asked for with `/queue`: where the command is not the sender's, neither is this. A compaction asks a
   * model, so it is a turn of its own too; what only takes one back is a command like the others.
   */
  #way(envelope: Admitted): Route {
    const way = route(envelope, this.#parts.linked);
    if (way.kind === 'command' && way.name === 'compact' && way.text !== 'undo' && mayCommand(envelope, 'compact', this.#parts.operates(envelope))) {
      const { sessionId, address, text } = way;
      return { kind: 'turn', mode: 'queue', text: `/compact ${text}`.trim(), compact: text, sessionId, address };
    }
    if (way.kind !== 'turn' || way.mode !== 'queue' || mayCommand(envelope, 'queue', this.#parts.operates(envelope))) return way;
    const { mode: _, ...words } = way;
    return { ...words, kind: 'command', name: 'queue' };
  }

  async #known({ key, channel, account, inbound }: Envelope): Promise<Accepted | undefined> {
    const { store, agent } = this.#parts;
    const known = key === '' ? undefined : await store.inbox.get(key);
    if (!known) return undefined;
    agent.log('info', 'message-duplicate', { key, channel, account, turnId: known.turnId });
    return { sessionId: known.sessionId ?? inbound.chat.id, messageId: inbound.id, turnId: known.turnId ?? '', duplicate: true };
  }

  async #take(envelope: Envelope, admission: Extract<Admission, { admitted: true }>, receivedAt: number, mode?: QueueMode): Promise<Accepted> {
    const { store, agent } = this.#parts;
    const { key, channel, account, inbound } = envelope;
    const way = this.#way(admission.envelope);
    const sessionId = 'sessionId' in way ? way.sessionId : '';
    if (way.kind === 'turn') this.lanes.checkRoom(sessionId);
    const accepted = (turnId: string): Accepted => {
      agent.log('info', 'message-accepted', { key, channel, account, kind: inbound.kind, sessionId, turnId });
      return { sessionId, messageId: inbound.id, turnId, duplicate: false };
    };
    const row = { key, envelope, receivedAt };
    const accept = async () => void (await store.commit({ transition: 'message-accepted', inbox: [{ ...row, state: 'accepted' }] }));
    let lane: LaneTurn | undefined;
    try {
      if (await this.#merge.holds(admission.envelope, way, mode !== undefined, accept)) return accepted('');
      // Where a turn can begin at once, message and turn are one transaction; else the message waits in the inbox.
      lane = way.kind === 'turn' ? this.lanes.begin(sessionId, admission.envelope) : undefined;
      if (lane && way.kind === 'turn' && way.compact !== undefined) lane.open = false;
      if (lane) lane.opened = await this.#open(lane, [admission.envelope], [{ ...row, state: 'assigned', sessionId, turnId: lane.turnId }]);
      else await accept();
    } catch (error) {
      if (lane) this.lanes.abandon(lane);
      // The same id, delivered twice at once: the other one was first.
      const meanwhile = toCoPawError(error).code === 'conflict' ? await this.#known(envelope) : undefined;
      if (meanwhile) return meanwhile;
      throw error;
    }
    if (!lane) return accepted(await this.#dispatch(envelope, admission, { mode }));
    const answer = accepted(lane.turnId);
    this.lanes.start(lane);
    return answer;
  }

  /** At start: resume open turns, hand on accepted messages, settle what was half sent. */
  async recover(): Promise<void> {
    const { store } = this.#parts;
    await this.#parts.delivery.recover();
    const accepted = (await store.inbox.open()).filter(({ state }) => state === 'accepted');
    const isBegun = ({ envelope: { takesBack } }: InboxRow): boolean => takesBack !== undefined;
    // Files are half taken back: that comes to its end before anything is said there.
    for (const row of accepted.filter(isBegun)) await this.#takeUp(row).catch(this.#parts.onFault);
    for (const turn of await store.turns.open()) this.lanes.resume(turn, await onlyCompacts(store, turn.id));
    // What was said together is answered together: no turn begins with less than all that waits for it.
    await this.lanes.gather(async () => {
      for (const row of accepted) if (!isBegun(row)) await this.#takeUp(row);
    });
  }

  /** A message that was accepted and not yet handed on when the process ended. Nobody waits for a command that stops a turn which cannot end now. */
  async #takeUp(row: InboxRow): Promise<void> {
    const { envelope, receivedAt } = row;
    const admission = await this.#parts.admit(envelope, true);
    const way = admission.admitted ? this.#way(admission.envelope) : undefined;
    if (way?.kind === 'turn') await finishUndo(this.#takeBack, way.sessionId, row);
    if (way?.kind !== 'command' || !needsQuiet(way.name) || envelope.takesBack !== undefined) {
      await this.#dispatch(envelope, admission);
      return;
    }
    const late = ((await this.#parts.store.sessions.get(way.sessionId))?.updatedAt ?? 0) > receivedAt;
    void this.#dispatch(envelope, admission, { late }).catch(this.#parts.onFault);
  }

  /**
   * Ends all that runs in a session: its turn and its background commands, of which it says how many; undefined where nothing ran. What was held
   * there would be running if it had not been.
   */
  async stop(sessionId: string): Promise<number | undefined> {
    await this.#merge.end(sessionId);
    const running = this.lanes.stop(sessionId);
    const commands = await this.#parts.stopCommands(sessionId);
    return running || commands > 0 ? commands : undefined;
  }

  /** Stops all that runs in a session, and does this before anything else runs there. */
  async quietly<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    await this.#merge.end(sessionId);
    return this.lanes.quietly(sessionId, async () => {
      await this.#parts.stopCommands(sessionId);
      return work();
    });
  }

  /** Lets go of running turns without ending them. */
  async suspend(): Promise<void> {
    this.#suspended = true;
    this.#suspending.abort();
    this.#merge.stop();
    await this.lanes.drain();
  }

  /** `late`: a command that needs quiet, since which other things were said. */
  async #dispatch(envelope: Envelope, admission: Admission, how: { readonly mode?: QueueMode | undefined; readonly late?: boolean } = {}): Promise<string> {
    const { store, agent } = this.#parts;
    if (!admission.admitted) {
      agent.log('warn', 'message-refused', { key: envelope.key, channel: envelope.channel, account: envelope.account, rule: admission.rule });
      await store.commit({ transition: 'message-refused', inboxStates: [{ key: envelope.key, state: 'refused', rule: admission.rule, dropText: true }] });
      return '';
    }
    const way = this.#way(admission.envelope);
    if (way.kind === 'turn') {
      const mode = how.mode ?? way.mode ?? (await store.sessions.get(way.sessionId))?.mode;
      return this.lanes.push(way.sessionId, admission.envelope, mode, way.compact !== undefined);
    }
    if (way.kind === 'ignored') {
      await store.commit({ transition: 'message-refused', inboxStates: [{ key: envelope.key, state: 'refused', rule: 'ignored', dropText: true }] });
      return '';
    }
    if (way.kind === 'change') {
      const change = (...one: [string, string, string | undefined]) => this.#merge.change(...one) || this.lanes.change(...one);
      await changeWaiting({ store, change }, admission.envelope, way);
      return '';
    }
    return this.#spoken(admission.envelope, way, how.late === true);
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
        if (!isMachineCode(toCoPawError(error).code)) return await this.#giveUp(lane, error);
      }
      do {
        await agent.clock.sleep(roomRetryMs * 2 ** Math.min(tries, 5), this.#suspending.signal).catch(() => undefined); // a stop is seen below
        if (this.#suspended) return;
      } while (store.storage() !== 'ok');
    }
  }

  /** A fault of CoPaw itself is an end too, and people are told. */
  async #giveUp(lane: LaneTurn, error: unknown): Promise<void> {
    const { store, bus, words, agent, onFault } = this.#parts;
    try {
      const turn = await store.turns.get(lane.turnId);
      if (!turn || turn.outcome !== undefined) return;
      const text = `${words().broken} (reference ${turn.id})`;
      const notice: DurableEvent = { type: 'notice', level: 'error', code: toCoPawError(error).code, text: words().broken, reference: turn.id };
      const events: DurableEvent[] = [notice, { type: 'turn-end', outcome: 'failed', answerId: turn.answerId, usage: noUsage }];
      const turnEnd = { turnId: turn.id, outcome: 'failed' as const, at: agent.clock.now() };
      await bus.commit(turn.sessionId, turn.id, events, { transition: 'turn-ended', turnEnd, outbox: await this.#outboxRows(turn, { text }) });
      this.#parts.delivery.wake();
    } catch (fault) {
      onFault(fault); // it stays open in the journal, and is taken up at the next start
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
      const compact = lane.compact === undefined ? {} : { compact: lane.compact };
      const work = runTurn(agent, { turn, origin: turn.origin, sender: turn.sender, resumed: before !== undefined, ...compact }, io, this.#tools);
      const ended = this.#parts.showTurn(turn);
      if ((await inTime(lane, work, agent.clock, this.#parts.turnMinutes()).finally(ended)) === 'too late') await io.cut();
    } finally {
      attempt.over = true;
      // What it took and did not write down waits again.
      for (const one of attempt.loose.toReversed()) if ((await store.inbox.get(one.key))?.state === 'accepted') lane.waiting.unshift(one);
    }
    this.#parts.delivery.wake();
  }

  /** `inbox`: rows of messages that are stored only now. */
  async #open(lane: LaneTurn, messages: readonly Admitted[], inbox: readonly InboxRow[] = []): Promise<Turn> {
    const { store } = this.#parts;
    const fresh = new Set(inbox.map(({ key }) => key));
    const first = messages[0];
    if (!first) throw new CoPawError('internal', `Turn ${lane.turnId} has no message.`);
    const way = this.#way(first);
    const compact = way.kind === 'turn' ? way.compact : undefined;
    if (compact !== undefined) lane.compact = compact;
    const address: Address = 'address' in way ? way.address : { channel: first.channel, account: first.account, chat: lane.sessionId };
    const session = await store.sessions.get(lane.sessionId);
    const turn = this.#newTurn(lane.turnId, lane.sessionId, address, first, session?.agentId);
    const title = compact === undefined ? titleOfMessage(first) : '';
    const before = session
      ? { ...session, title: session.title || title, updatedAt: turn.startedAt }
      : this.#newSession(lane.sessionId, address, title, turn.startedAt);
    const tainted = await this.#bringTaint(turn, messages);
    await this.#commit(
      turn,
      'turn-begun',
      [
        { type: 'turn-start', origin: turn.origin, answerId: turn.answerId, resumed: false, ...(compact === undefined ? {} : { command: 'compact' }) },
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

  #newTurn(id: string, sessionId: string, address: Address, envelope: Admitted, agentId = this.#parts.agentId(address)): Turn {
    const { sender } = envelope.inbound;
    return {
      id,
      sessionId,
      agentId,
      address,
      origin: envelope.origin,
      sender,
      answerId: this.#parts.ids('ans'),
      startedAt: this.#parts.agent.clock.now(),
    };
  }

  #newSession(id: string, address: Address, title: string, at: number): Session {
    const agentId = this.#parts.agentId(address);
    return { id, agentId, key: sessionKey(agentId, id, address), address, title, tainted: false, createdAt: at, updatedAt: at };
  }

  async #outboxRows(turn: Turn, outgoing: Outgoing): Promise<readonly OutboxRow[]> {
    const { composer, delivery } = this.#parts;
    return delivery.rows(turn, await composer.answer(turn, outgoing));
  }
}

const noRoom: Admission = { admitted: false, rule: 'R11', reason: 'Too many messages wait in this conversation.', outcome: 'full' };
