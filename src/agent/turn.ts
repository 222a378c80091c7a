// Step 6 of the path: one turn from its first event to its terminal state, fresh or resumed after a crash.
import { toJSONSchema } from 'zod';
import { groupFolder } from '../core/address.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { ToolDefinition, Usage } from '../core/model.ts';
import { addUsage, noUsage } from '../core/model.ts';
import type { Tool } from '../core/tool.ts';
import type { AssistantMessage, DurableEvent, Entry, TurnOutcome } from '../core/turn-event.ts';
import { columnsOf } from '../core/verdict-table.ts';
import { chosenModel } from './chosen-model.ts';
import { type LoopEnd, loop, runCalls } from './loop.ts';
import type { AgentParts, TurnIo, TurnRequest } from './parts.ts';
import { compactNow } from './request.ts';
import { savedNothing } from './save-claim.ts';
import { seenUrls } from './seen-urls.ts';

/** A turn that was resumed so often and came to nothing dies with the process each time: say so instead. */
const mostResumes = 3;

/** Runs a turn whose `turn-start` is already in the log. Never throws: every turn ends in a terminal state that people can read. */
export async function runTurn(parts: AgentParts, request: TurnRequest, io: TurnIo, definitions: readonly ToolDefinition[]): Promise<TurnOutcome> {
  const { turn } = request;
  let ended: LoopEnd;
  try {
    // Counted before anything is loaded: loading may be what the process dies of.
    if (request.resumed && (await parts.store.turns.vainStarts(turn.id)) > mostResumes) {
      throw new CoPawError('internal', 'This message was interrupted again and again, so I gave up on it.', {
        next: 'Send it once more, perhaps in smaller steps.',
      });
    }
    const before = request.resumed ? await parts.store.entries.ofTurn(turn.id) : [];
    const progress = await pickUp(parts, request, io, before);
    const group = columnsOf(turn.origin, turn.address).includes('group') ? groupFolder(turn.address) : undefined;
    const digest = parts.seesMemory(turn) ? () => parts.memoryDigest(turn.agentId) : undefined;
    const system = await parts.prompts.of(turn.agentId, parts.files(turn.agentId), digest, parts.sandboxed(), group);
    await taintByPrompt(parts, turn, io);
    const focus = request.compact ?? askedFocus(before);
    if (focus !== undefined) ended = await compactTurn(parts, request, io, { system, tools: definitions, before, focus });
    else ended = await honest(parts, turn.id, await whole(parts, turn.id, await loop(parts, request, io, { system, tools: definitions, ...progress })));
  } catch (error) {
    if (!io.signal.aborted) parts.log('error', 'turn-failed', { turnId: turn.id, err: error });
    ended = fault(turn.id, io, error);
  }
  const final: DurableEvent = {
    type: 'turn-end',
    outcome: ended.outcome,
    answerId: turn.answerId,
    usage: ended.used,
    ...(ended.cost === undefined ? {} : { cost: ended.cost }),
  };
  io.close();
  parts.log('info', 'turn-end', {
    turnId: turn.id,
    sessionId: turn.sessionId,
    answerId: turn.answerId,
    outcome: ended.outcome,
    usage: ended.used,
    ms: parts.clock.now() - turn.startedAt,
  });
  await io.end(ended.outcome, {
    events: [...ended.events, final],
    ...(ended.answer ? { answer: ended.answer } : {}),
    ...(ended.compactions.length > 0 ? { compactions: ended.compactions } : {}),
    ...(ended.journal ? { also: ended.journal } : {}),
  });
  return ended.outcome;
}

/** What was asked to be kept in mind by a turn that only compacts; undefined for any other. */
function askedFocus(before: readonly Entry[]): string | undefined {
  const start = before[0]?.event;
  if (start?.type !== 'turn-start' || start.command !== 'compact') return undefined;
  const said = before.find(({ event }) => event.type === 'message')?.event;
  return said?.type === 'message' ? said.message.text.trim().replace(/^\/compact\s*/u, '') : '';
}

/** A turn that compacts and answers nothing else. One that was interrupted after its compaction is not made again. */
async function compactTurn(
  parts: AgentParts,
  request: TurnRequest,
  io: TurnIo,
  {
    system,
    tools,
    before,
    focus,
  }: { readonly system: string; readonly tools: readonly ToolDefinition[]; readonly before: readonly Entry[]; readonly focus: string },
): Promise<LoopEnd> {
  const { turn } = request;
  const made = before.flatMap(({ event }) => (event.type === 'compaction' ? [event] : []));
  if (made.length > 0) return { outcome: 'answered', events: [], answer: { text: '' }, used: noUsage, cost: undefined, compactions: made };
  const { model } = await chosenModel(parts, turn);
  const asking = { parts, request, io, model, system, tools, step: 0, used: noUsage };
  const { compaction, usage } = await compactNow(asking, focus === '' ? undefined : focus);
  const used = usage.reduce((sum, row) => addUsage(sum, row.usage), noUsage);
  const costs = usage.flatMap(({ cost }) => cost ?? []);
  const spent = { used, cost: costs.length === usage.length && usage.length > 0 ? costs.reduce((sum, cost) => sum + cost, 0) : undefined };
  if (io.signal.aborted) return { outcome: 'cancelled', events: [], ...spent, compactions: [], journal: { usage } };
  if (compaction) return { outcome: 'answered', events: [], answer: { text: '' }, ...spent, compactions: [compaction] };
  const text = 'There is nothing to compact yet.';
  return { outcome: 'answered', events: [{ type: 'notice', level: 'info', code: 'compaction', text }], answer: { text }, ...spent, compactions: [] };
}

/** A message that joined after an answer was made does not take that answer away: a chat is sent what was said to each. */
async function whole(parts: AgentParts, turnId: string, ended: LoopEnd): Promise<LoopEnd> {
  if (!ended.answer) return ended;
  const stored = (await parts.store.entries.ofTurn(turnId)).flatMap(({ event }) =>
    event.type === 'message' && event.message.role === 'assistant' && event.message.toolCalls.length === 0 ? [event.message.text] : [],
  );
  // An answer that was stored before a crash is the last of them already.
  const last = ended.outcome === 'answered' && !ended.events.some(({ type }) => type === 'message');
  const earlier = (last ? stored.slice(0, -1) : stored).filter((text) => text.trim() !== '');
  return earlier.length === 0 ? ended : { ...ended, answer: { ...ended.answer, text: [...earlier, ended.answer.text].join('\n\n') } };
}

/** Says so where an answer claims that something was kept and no call of the turn wrote anything. */
async function honest(parts: AgentParts, turnId: string, ended: LoopEnd): Promise<LoopEnd> {
  const text = ended.outcome === 'answered' ? savedNothing(ended.answer?.text ?? '') : undefined;
  if (text === undefined || !ended.answer) return ended;
  const results = (await parts.store.entries.ofTurn(turnId)).flatMap(({ event }) => (event.type === 'tool-end' && event.outcome === 'ok' ? [event.name] : []));
  if (results.some((name) => parts.tools.get(name)?.sideEffect !== 'none')) return ended;
  const notice: DurableEvent = { type: 'notice', level: 'warning', code: 'not-saved', text };
  return { ...ended, events: [...ended.events, notice], answer: { ...ended.answer, text: `${ended.answer.text}\n\n(${text})` } };
}

/** Persona and memory are in every prompt: strangers' words there are in every session. */
async function taintByPrompt(parts: AgentParts, turn: TurnRequest['turn'], io: TurnIo): Promise<void> {
  const session = (await parts.taint.ofPrompt(turn.agentId)) ? await parts.store.sessions.get(turn.sessionId) : undefined;
  if (session && !session.tainted) await io.commit('turn-tainted', [], { session: { ...session, tainted: true } });
}

/** What the tools look like to the model, in a fixed order. */
export function describeTools(tools: Iterable<Tool>): ToolDefinition[] {
  return [...tools].sort((a, b) => (a.name < b.name ? -1 : 1)).map((tool) => ({ name: tool.name, description: tool.description, schema: toolSchema(tool) }));
}

/** Bounds are checked when the call comes; a model does not need to read them with every request. */
const unsaid = ['additionalProperties', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems'] as const;

function toolSchema(tool: Tool): Record<string, unknown> {
  const { $schema: _, ...schema } = toJSONSchema(tool.input, {
    io: 'input',
    override: ({ jsonSchema }) => {
      for (const keyword of unsaid) delete jsonSchema[keyword];
    },
  });
  return schema;
}

/** After a crash: finished steps are not repeated, harmless ones in flight run again, the others are reported as unknown. */
async function pickUp(parts: AgentParts, request: TurnRequest, io: TurnIo, before: readonly Entry[]): Promise<{ step: number; used: Usage; said?: string }> {
  const messages = before.flatMap(({ event }) => (event.type === 'message' && event.message.role === 'assistant' ? [event.message] : []));
  const last: AssistantMessage | undefined = messages.at(-1);
  if (!last) return { step: 0, used: noUsage };
  const ended = new Set(before.flatMap(({ event }) => (event.type === 'tool-end' ? [event.callId] : [])));
  const steps = await parts.store.turns.steps(request.turn.id);
  const open = last.toolCalls.filter((call) => !ended.has(call.id));
  const inFlight = new Set(steps.filter((step) => step.kind === 'tool' && step.state === 'started' && step.sideEffect !== 'none').map((step) => step.ref));
  for (const call of open.filter((one) => inFlight.has(one.id))) {
    const text = 'CoPaw was interrupted while this ran; it may or may not have happened. Check before doing it again.';
    await io.commit('tool-unknown', [
      { type: 'tool-end', callId: call.id, name: call.name, outcome: 'unknown', text },
      { type: 'notice', level: 'warning', code: 'internal', text: `${call.name} was interrupted; its outcome is unknown.`, reference: request.turn.id },
    ]);
  }
  const repeatable = open.filter((call) => !inFlight.has(call.id));
  if (repeatable.length > 0) await runCalls(parts, request, io, repeatable, () => seenUrls(before), new Map());
  const summaries = before.flatMap(({ event }) => (event.type === 'compaction' ? [event.usage ?? noUsage] : []));
  const used = [...messages.map(({ usage }) => usage ?? noUsage), ...summaries].reduce(addUsage, noUsage);
  const newest = before.findLast(({ event }) => event.type === 'message')?.event;
  const answered = newest?.type === 'message' && newest.message === last && last.toolCalls.length === 0;
  return { step: last.step + 1, used, ...(answered ? { said: last.text } : {}) };
}

function fault(turnId: string, io: TurnIo, error: unknown): LoopEnd {
  if (io.signal.aborted) return { outcome: 'cancelled', events: [], used: noUsage, cost: undefined, compactions: [] };
  const { code, message, next } = toCoPawError(error);
  const text = code === 'internal' && !(error instanceof CoPawError) ? 'Something went wrong inside CoPaw.' : message;
  return {
    outcome: 'failed',
    events: [{ type: 'notice', level: 'error', code, text, reference: turnId, ...(next === undefined ? {} : { next }) }],
    answer: { text: [text, next, `(reference ${turnId})`].filter(Boolean).join(' ') },
    used: noUsage,
    cost: undefined,
    compactions: [],
  };
}
