// Step 9 of the path, and the only place a tool runs: parse → effects → gate → approval → run → redact → audit.
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { ToolCall } from '../core/model.ts';
import type { Verdict } from '../core/policy.ts';
import type { Turn } from '../core/session.ts';
import type { Place, Tool, ToolResult } from '../core/tool.ts';
import type { DurableEvent, ToolOutcome } from '../core/turn-event.ts';
import type { AgentParts, TurnIo } from './parts.ts';

/** What the model may read of one result; the rest goes to a file it can read on. */
const resultLimit = 16_000;
/** What people are shown of one change; the journal keeps it, and every view of the turn loads it. */
const diffLimit = 64_000;

export interface CallContext {
  readonly turn: Turn;
  readonly io: TurnIo;
  readonly tainted: () => boolean;
  readonly seenUrl: (url: string) => boolean;
  /** The same call was made twice already in this turn. */
  readonly repeated: boolean;
}

export type ToolEnd = Extract<DurableEvent, { type: 'tool-end' }>;

/** A call that passed the gate, or its refusal. Running it emits `tool-start` and `tool-end` in the journal and never throws. */
export type GatedCall = { readonly sideEffect: Tool['sideEffect']; run(): Promise<ToolEnd> };

/** Parses, judges and, where the verdict asks, waits for the person. Calls are gated one after the other. */
export async function gateCall(parts: AgentParts, context: CallContext, call: ToolCall): Promise<GatedCall> {
  const { turn } = context;
  const refuse = (outcome: ToolOutcome, code: string, text: string): GatedCall => ({
    sideEffect: 'none',
    run: async () => {
      const end: ToolEnd = { type: 'tool-end', callId: call.id, name: call.name, outcome, text, code };
      await parts.audit('tool-refused', { turnId: turn.id, callId: call.id, tool: call.name, code });
      await context.io.commit('tool-refused', [{ type: 'tool-start', callId: call.id, name: call.name, args: call.input ?? call.broken ?? null }, end]);
      return end;
    },
  });

  const tool = parts.tools.get(call.name);
  if (!tool) return refuse('failed', 'tool-unknown', `There is no tool named "${call.name}". Available: ${[...parts.tools.keys()].join(', ')}.`);
  if (call.broken !== undefined) return refuse('failed', 'tool-arguments', 'The arguments were not valid JSON. Write the call again.');
  const parsed = tool.input.safeParse(call.input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`).join('; ');
    return refuse('failed', 'tool-arguments', `Invalid arguments. ${problems}`);
  }

  const written = JSON.stringify(parsed.data);
  if (parts.redact(written) !== written)
    return refuse('denied', 'R23', 'Refused: the arguments hold the value of a secret. Name the secret instead; CoPaw puts it in.');

  const { timezone, network } = parts.settings(turn.agentId);
  const place: Place = {
    agentId: turn.agentId,
    sessionId: turn.sessionId,
    turnId: turn.id,
    callId: call.id,
    address: turn.address,
    timezone,
    now: parts.clock.now(),
    sandbox: parts.sandboxed(),
    ...(network === undefined ? {} : { network }),
  };
  let verdict: Verdict;
  try {
    verdict = await parts.gate.check({
      tool: { name: tool.name, sideEffect: tool.sideEffect },
      args: parsed.data,
      effects: tool.effects(parsed.data, place),
      place,
      origin: turn.origin,
      sender: turn.sender,
      tainted: context.tainted(),
      seenUrl: context.seenUrl,
      repeated: context.repeated,
    });
    if (verdict.verdict === 'ask') {
      const answer = await parts.ask(turn, verdict, context.io);
      if (answer.decision === 'expired') return refuse('denied', 'R15', 'Nobody answered the approval in time, so it was not done.');
      if (answer.decision === 'deny') return refuse('denied', 'R15', 'The operator said no.');
      verdict = await parts.gate.confirm(verdict.plan, answer.approvalId);
    }
  } catch (error) {
    if (context.io.signal.aborted) return refuse('cancelled', 'cancelled', 'Stopped.');
    const failure = toCoPawError(error);
    return refuse('denied', failure.rule ?? failure.code, `Refused: ${failure.message}`);
  }
  if (verdict.verdict !== 'allow') {
    const why = verdict.verdict === 'deny' ? verdict.reason : 'the approval did not match the plan';
    return refuse('denied', verdict.verdict === 'deny' ? verdict.rule : 'R15', `Refused: ${why}`);
  }
  const { plan } = verdict;
  return { sideEffect: tool.sideEffect, run: () => runJudged(parts, context, call, tool, parsed.data, plan) };
}

async function runJudged(
  parts: AgentParts,
  context: CallContext,
  call: ToolCall,
  tool: Tool,
  args: unknown,
  plan: Extract<Verdict, { verdict: 'allow' }>['plan'],
): Promise<ToolEnd> {
  const { turn, io } = context;
  const step = (state: 'started' | 'finished') => ({
    turnId: turn.id,
    kind: 'tool' as const,
    ref: call.id,
    sideEffect: tool.sideEffect,
    state,
    at: parts.clock.now(),
  });
  const live = { signal: io.signal, progress: (text: string) => io.pass({ type: 'tool-progress', callId: call.id, text: parts.redact(text) }) };
  const watched = parts.taint.watch(parts.hands(plan, live), context.tainted);
  const kept = parts.versions.watch(watched.hands);
  let result: ToolResult;
  let outcome: ToolOutcome = 'ok';
  let code: string | undefined;
  try {
    if (tool.sideEffect !== 'none')
      await parts.audit('tool-call', { turnId: turn.id, callId: call.id, tool: tool.name, plan: plan.digest, origin: turn.origin });
    await io.commit('tool-started', [{ type: 'tool-start', callId: call.id, name: tool.name, args }], { steps: [step('started')] });
    io.signal.throwIfAborted();
    result = await tool.run(args, kept.hands);
    if (result.failed) outcome = io.signal.aborted ? 'cancelled' : 'failed';
  } catch (error) {
    const failure = toCoPawError(error);
    outcome = io.signal.aborted ? 'cancelled' : failure.rule === undefined ? 'failed' : 'denied';
    code = failure.rule ?? failure.code;
    result = { text: io.signal.aborted ? 'Stopped.' : `${failure.message}${failure.next === undefined ? '' : ` ${failure.next}`}` };
    if (outcome === 'denied') await parts.audit('tool-refused', { turnId: turn.id, callId: call.id, tool: tool.name, code });
  }
  const tainted = result.tainted === true || watched.read();
  const told = [result.text, ...kept.notes()].join('\n');
  const capped = await capResult(parts, turn, call.id, parts.redact(told), tainted || context.tainted());
  const end: ToolEnd = {
    type: 'tool-end',
    callId: call.id,
    name: tool.name,
    outcome,
    ...capped,
    ...(result.diff === undefined ? {} : { diff: capDiff(parts.redact(result.diff)) }),
    ...(result.files === undefined ? {} : { files: result.files }),
    ...(result.images === undefined ? {} : { images: result.images }),
    ...(tainted ? { tainted: true } : {}),
    ...(kept.changed().length === 0 ? {} : { changed: kept.changed() }),
    ...(result.fetched === undefined ? {} : { fetched: result.fetched }),
    ...(code === undefined ? {} : { code }),
  };
  const session = tainted ? await parts.store.sessions.get(turn.sessionId) : undefined;
  await io.commit('tool-finished', [end], { steps: [step('finished')], ...(session ? { session: { ...session, tainted: true } } : {}) });
  return end;
}

function capDiff(diff: string): string {
  return diff.length <= diffLimit ? diff : `${diff.slice(0, diffLimit)}\n[${diff.length - diffLimit} characters cut]\n`;
}

async function capResult(parts: AgentParts, turn: Turn, callId: string, text: string, tainted: boolean): Promise<{ text: string; fullText?: string }> {
  if (text.length <= resultLimit) return { text };
  const path = `.copaw/output/${callId.replace(/[^A-Za-z0-9_-]/g, '_')}.txt`;
  const half = resultLimit / 2;
  const cut = (note: string): string => `${text.slice(0, half)}\n[${text.length - resultLimit} characters cut${note}]\n${text.slice(-half)}`;
  try {
    if (tainted) await parts.taint.mark(turn, path);
    await parts.files(turn.agentId).write(path, text);
    return { text: cut(`; all of it: read_file ${path}`), fullText: path };
  } catch (error) {
    if (error instanceof CoPawError) return { text: cut('') };
    throw error;
  }
}
