// What the log and the tables say of one message, put together for people.
import type { ArrivedMessage, LifeStep, LifeTurn, SentPart } from '../core/messages.ts';
import type { InboxRow, OutboxRow, Step, Turn } from '../core/session.ts';
import type { Entry } from '../core/turn-event.ts';

/** Characters of a text that are shown. */
const mostText = 200;
const beginning = (text: string): string => (text.length <= mostText ? text : `${text.slice(0, mostText - 1).toWellFormed()}…`);

export function arrived({ key, seq, state, envelope, receivedAt, rule, sessionId, turnId }: InboxRow & { readonly seq?: number }): ArrivedMessage {
  const { channel, account, inbound } = envelope;
  return {
    ...{ key, state, channel, account, chat: inbound.chat, sender: inbound.sender, kind: inbound.kind, receivedAt },
    text: beginning('text' in inbound ? inbound.text : ''),
    ...(seq === undefined ? {} : { seq }),
    ...(rule === undefined ? {} : { rule }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(turnId === undefined ? {} : { turnId }),
  };
}

export function sentPart({ answerId, part, seq, sessionId, address, state, attempts, nextAt, ref, outgoing }: OutboxRow & { readonly seq?: number }): SentPart {
  return {
    ...{ answerId, part, sessionId, to: address, state, attempts },
    ...{ text: beginning(outgoing.text), files: outgoing.files?.length ?? 0 },
    ...(seq === undefined ? {} : { seq }),
    ...(state === 'pending' ? { nextAt } : {}),
    ...(ref === undefined ? {} : { ref }),
  };
}

export function lifeOf(turn: Turn, entries: readonly Entry[], journal: readonly Step[]): LifeTurn {
  const { id, sessionId, agentId, answerId, startedAt, endedAt, outcome, origin } = turn;
  const ended = { ...(endedAt === undefined ? {} : { endedAt }), ...(outcome === undefined ? {} : { outcome }) };
  return { id, sessionId, agentId, answerId, startedAt, origin, ...ended, steps: stepsOf(entries, journal) };
}

function stepsOf(entries: readonly Entry[], journal: readonly Step[]): readonly LifeStep[] {
  const sideEffects = new Map(journal.map(({ kind, ref, sideEffect }) => [`${kind} ${ref}`, sideEffect]));
  const steps: LifeStep[] = [];
  /** Where the step is that an end belongs to. */
  const open = new Map<string, number>();
  const begin = (key: string, step: LifeStep): void => {
    open.set(key, steps.length);
    steps.push(step);
  };
  const finish = (key: string, end: Partial<LifeStep>, otherwise: LifeStep): void => {
    const at = open.get(key);
    const step = at === undefined ? undefined : steps[at];
    if (at === undefined || step === undefined) steps.push(otherwise);
    else steps[at] = { ...step, ...end };
  };
  for (const { at, event } of entries) {
    switch (event.type) {
      case 'turn-start':
        steps.push({ kind: 'start', at, name: event.resumed ? 'resumed' : 'started' });
        break;
      case 'message':
        if (event.message.role === 'assistant' && event.message.model !== undefined) {
          const { model, usage } = event.message;
          steps.push({ kind: 'model', at, name: model, ...(usage === undefined ? {} : { detail: `${usage.input} + ${usage.output}` }) });
        }
        break;
      case 'tool-start': {
        const sideEffect = sideEffects.get(`tool ${event.callId}`);
        begin(`tool ${event.callId}`, { kind: 'tool', at, name: event.name, ...(sideEffect === undefined ? {} : { sideEffect }) });
        break;
      }
      case 'tool-end': {
        const end = { endedAt: at, outcome: event.outcome, ...(event.code === undefined ? {} : { detail: event.code }) };
        finish(`tool ${event.callId}`, end, { kind: 'tool', at, name: event.name, ...end });
        break;
      }
      case 'approval-request':
        begin(`approval ${event.approval.id}`, { kind: 'approval', at, name: event.approval.plan.tool });
        break;
      case 'approval-answer': {
        const end = { endedAt: at, outcome: event.decision, ...(event.by === undefined ? {} : { detail: event.by }) };
        finish(`approval ${event.approvalId}`, end, { kind: 'approval', at, name: event.approvalId, ...end });
        break;
      }
      case 'notice':
        steps.push({ kind: 'notice', at, name: event.code, outcome: event.level, detail: beginning(event.text) });
        break;
    }
  }
  return steps;
}
