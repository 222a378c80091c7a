// Turns that no model answers: chat commands, answers to approvals, reminders. Each is one transaction.
import type { Address } from '../core/address.ts';
import type { Admitted } from '../core/brand.ts';
import type { Outgoing } from '../core/channel.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import { noUsage } from '../core/model.ts';
import type { OutboxRow, Session, Turn } from '../core/session.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import { type CommandResult, createCommands, mayCommand, needsQuiet } from './commands.ts';
import type { GatewayParts } from './gateway-parts.ts';
import type { Lanes } from './lanes.ts';
import type { Route } from './route.ts';
import { userMessage } from './turn-io.ts';

export type Spoken = Exclude<Route, { kind: 'turn' | 'ignored' | 'change' }>;

export interface SpokenParts
  extends Pick<GatewayParts, 'store' | 'bus' | 'ids' | 'agent' | 'delivery' | 'commands' | 'words' | 'operates' | 'answerApproval' | 'agentId'> {
  readonly lanes: Lanes;
  stop(sessionId: string): Promise<number | undefined>;
  quietly<T>(sessionId: string, work: () => Promise<T>): Promise<T>;
  newTurn(id: string, sessionId: string, address: Address, envelope: Admitted): Turn;
  newSession(id: string, address: Address, title: string, at: number): Session;
  outboxRows(turn: Turn, outgoing: Outgoing): Promise<readonly OutboxRow[]>;
}

/** Resolves with the turn's id. `late`: it is a command that stops and forgets, and other things were said since: it is not done. */
export function createSpokenTurns(parts: SpokenParts): (envelope: Admitted, way: Spoken, late: boolean) => Promise<string> {
  const { store, bus, ids, agent, lanes } = parts;
  const command = createCommands(parts.commands);

  const may = (envelope: Admitted, name: string): boolean => mayCommand(envelope, name, parts.operates(envelope));

  const answerTo = async (envelope: Admitted, way: Spoken, late: boolean): Promise<CommandResult> => {
    if (way.kind === 'remind') return { text: `⏰ ${way.text}` };
    if (way.kind === 'answer') return { text: await parts.answerApproval(envelope, way) };
    if (way.kind === 'unknown-command') return { text: parts.words().unknownCommand };
    if (!may(envelope, way.name)) return { text: parts.words().notYours };
    if (late) return { text: parts.words().notDone };
    const running = { running: lanes.active(way.sessionId) !== undefined, waiting: lanes.waiting(way.sessionId), stop: () => parts.stop(way.sessionId) };
    try {
      const { key } = envelope;
      return await command(way, parts.agentId('address' in way ? way.address : undefined), running, (turnId) =>
        store.commit({ transition: 'undo-begun', inboxTakesBack: { key, turnId } }),
      );
    } catch (error) {
      const { code, message, next } = toCoPawError(error);
      if (!(error instanceof CoPawError) || code === 'audit-unwritable') throw error;
      return { text: [message, next].filter(Boolean).join(' ') };
    }
  };

  const say = async (envelope: Admitted, way: Spoken, late: boolean): Promise<string> => {
    const turnId = ids('turn');
    const own: Address = 'address' in way ? way.address : { channel: 'console', account: 'local', chat: way.sessionId };
    const { text, events = [], batch = {}, change } = await answerTo(envelope, way, late);
    const old = await store.sessions.get(way.sessionId);
    const session = batch.archive || batch.drop !== undefined ? undefined : old;
    // A reminder goes where it was asked for; a command is answered where it was given.
    const asked = way.kind === 'remind' ? await store.jobs.get(envelope.inbound.sender.id) : undefined;
    const address = way.kind === 'remind' ? (asked?.address ?? old?.address ?? own) : own;
    const turn = parts.newTurn(turnId, way.sessionId, address, envelope);
    const user: DurableEvent[] = way.kind !== 'remind' ? [{ type: 'message', message: userMessage(envelope) }] : [];
    const before = session
      ? { ...session, updatedAt: turn.startedAt }
      : parts.newSession(way.sessionId, old?.address ?? own, way.kind === 'remind' ? text : '', turn.startedAt);
    // What a tainted conversation set to be said later will be said in this one.
    const tainted = session === undefined && old?.tainted === true && (await store.jobs.countScheduled(way.sessionId)) > 0;
    const named = way.kind === 'remind' ? {} : { command: way.kind === 'command' ? way.name : way.kind };
    await bus.commit(
      way.sessionId,
      turnId,
      [
        { type: 'turn-start', origin: turn.origin, answerId: turn.answerId, resumed: false, ...named },
        ...user,
        ...events,
        { type: 'message', message: { role: 'assistant', id: turn.answerId, step: 0, text, toolCalls: [] } },
        { type: 'turn-end', outcome: 'answered', answerId: turn.answerId, usage: noUsage },
      ],
      {
        transition: 'command-answered',
        ...batch,
        session: { ...(change?.(before) ?? before), ...(tainted ? { tainted } : {}) },
        turn,
        outbox: await parts.outboxRows(turn, { text }),
        inboxStates: [{ key: envelope.key, state: 'answered', sessionId: way.sessionId, turnId }],
        turnEnd: { turnId, outcome: 'answered', at: turn.startedAt },
      },
    );
    agent.log('info', 'turn-end', { turnId, sessionId: way.sessionId, answerId: turn.answerId, outcome: 'answered' });
    parts.delivery.wake();
    return turnId;
  };

  return async (envelope, way, late) => {
    if (late || way.kind !== 'command' || !needsQuiet(way.name) || !may(envelope, way.name)) return say(envelope, way, late);
    return parts.quietly(way.sessionId, () => say(envelope, way, false));
  };
}
