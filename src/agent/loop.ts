// Step 8 of the path: model stream → events → tool calls → again, until the model has nothing more to do or a cap says stop.
import type { Outgoing } from '../core/channel.ts';
import type { Compaction } from '../core/compaction.ts';
import type { ModelRequest, ToolCall, ToolDefinition, Usage } from '../core/model.ts';
import { addUsage, costOf } from '../core/model.ts';
import type { Batch } from '../core/store.ts';
import type { AssistantMessage, DurableEvent, TurnOutcome, UserMessage } from '../core/turn-event.ts';
import { overspent } from './budget.ts';
import { chosenModel } from './chosen-model.ts';
import { hear, isSound } from './hear.ts';
import { callModel, type ModelStep } from './model-step.ts';
import type { AgentParts, TurnIo, TurnRequest } from './parts.ts';
import { type Prepared, prepare } from './request.ts';
import { seenUrls } from './seen-urls.ts';
import { type CallContext, gateCall, type ToolEnd } from './tool-call.ts';

export interface LoopStart {
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  /** Steps already made before a crash. */
  readonly step: number;
  readonly used: Usage;
  /** An answer that was stored before a crash and never sent: it is not asked for again. */
  readonly said?: string;
}

export interface LoopEnd {
  readonly outcome: TurnOutcome;
  readonly events: readonly DurableEvent[];
  readonly answer?: Outgoing;
  readonly used: Usage;
  readonly cost: number | undefined;
  readonly compactions: readonly Compaction[];
  /** Of a last model call that came to nothing: its tokens count all the same. */
  readonly journal?: Pick<Batch, 'usage' | 'steps'>;
}

/** Runs until the turn is over. Throws only for faults of CoPaw itself. */
export async function loop(parts: AgentParts, request: TurnRequest, io: TurnIo, start: LoopStart): Promise<LoopEnd> {
  const { turn } = request;
  const { stepLimit } = parts.settings(turn.agentId);
  const { model, gone } = await chosenModel(parts, turn);
  /** What people are told with the next words. */
  let notes: readonly DurableEvent[] = gone ? [gone] : [];
  const calls = new Map<string, number>();
  const compactions: Compaction[] = [];
  let used = start.used;
  /** There may be sound that nobody listened to yet. */
  let sounds = true;
  const join = async (notes: readonly UserMessage[]): Promise<void> => {
    for (const note of notes) await io.commit('message-joined', [{ type: 'message', message: note }]);
    sounds ||= notes.some(({ attachments }) => attachments.some(isSound));
  };
  const end = (outcome: TurnOutcome, events: readonly DurableEvent[], answer?: Outgoing): LoopEnd => ({
    outcome,
    events: [...notes, ...events],
    used,
    cost: costOf(used, model.info.price),
    compactions,
    ...(answer ? { answer } : {}),
  });
  const fail = (notice: Omit<Extract<DurableEvent, { type: 'notice' }>, 'type' | 'level' | 'reference'>, before: readonly DurableEvent[] = []): LoopEnd => {
    const text = [notice.text, notice.next, `(reference ${turn.id})`].filter(Boolean).join(' ');
    return end('failed', [...before, { type: 'notice', level: 'error', ...notice, reference: turn.id }], { text });
  };

  if (start.said !== undefined) {
    if (io.close()) return end('answered', [], await answerOf(parts, turn.id, start.said));
    await join(io.takeSteered());
  }
  for (let step = start.step; ; step++) {
    if (io.signal.aborted) return end('cancelled', []);
    if (step >= stepLimit) return fail({ code: 'step-limit', text: `I stopped after ${stepLimit} steps.`, next: 'Say "go on" to continue.' });
    if (sounds) await hear(parts, turn, io);
    sounds = false;
    if (io.signal.aborted) return end('cancelled', []);
    const over = await overspent(parts, turn.agentId, used);
    if (over) return fail(over);

    const ready = async (refused: boolean): Promise<Prepared> => {
      const prepared = await prepare({ parts, request, io, model, system: start.system, tools: start.tools, step, used }, refused);
      used = prepared.used;
      compactions.push(...prepared.compactions);
      return prepared;
    };
    const call = (asked: ModelRequest): Promise<ModelStep> =>
      callModel(model, asked, step, io, ({ code, detail }) => {
        if (code !== 'cancelled') parts.log('warn', 'model-failed', { turnId: turn.id, model: model.ref, step, code, detail });
      });
    /** What the model makes of the conversation as it is now, or how the turn ends where it is not asked. */
    const attempt = async (refused: boolean): Promise<Attempt | LoopEnd> => {
      const prepared = await ready(refused);
      if (io.signal.aborted) return { ...end('cancelled', []), journal: { usage: prepared.uncommitted } };
      if (!prepared.asked) return fail(prepared.refused ?? { code: 'model-context', text: 'The conversation does not fit this model.' });
      return { prepared, asked: prepared.asked, made: await call(prepared.asked) };
    };
    let tried = await attempt(false);
    if ('outcome' in tried) return tried;
    if (tried.made.failure?.code === 'model-context') {
      // The provider knows best: from now on it is held against what it said, and tried once more.
      await parts.modelWindows.refused(model, tried.prepared.tokens, tried.made.failure.contextTokens);
      io.pass({ type: 'draft-reset', step });
      tried = await attempt(true);
      if ('outcome' in tried) return tried;
    }
    if (tried.made.failure?.code === 'model-request' && model.info.images === undefined && hasImages(tried.asked)) {
      // Nobody said whether it takes pictures. It is asked again without, and is shown none until the next start.
      parts.blindModels.add(model.ref);
      notes = [...notes, blindNotice(model.ref)];
      io.pass({ type: 'draft-reset', step });
      tried = await attempt(false);
      if ('outcome' in tried) return tried;
    }
    const { prepared, made } = tried;
    parts.calibration.learn(model.ref, prepared.tokens, made.usage);
    used = addUsage(used, made.usage);
    const cost = costOf(made.usage, model.info.price);
    parts.spending.add(made.usage, cost);
    const usage = [
      {
        turnId: turn.id,
        sessionId: turn.sessionId,
        agentId: turn.agentId,
        model: model.ref,
        usage: made.usage,
        at: parts.clock.now(),
        ...(cost === undefined ? {} : { cost }),
      },
    ];
    const message: AssistantMessage = {
      role: 'assistant',
      id: turn.answerId,
      step,
      text: made.text,
      toolCalls: made.toolCalls,
      model: model.ref,
      usage: made.usage,
      ...(made.thinking === '' ? {} : { thinking: made.thinking }),
      ...(made.echo === undefined ? {} : { echo: made.echo }),
    };
    const said: DurableEvent = { type: 'message', message };
    const journal = {
      usage,
      steps: [{ turnId: turn.id, kind: 'model' as const, ref: String(step), sideEffect: 'none' as const, state: 'finished' as const, at: parts.clock.now() }],
    };

    if (io.signal.aborted) return { ...end('cancelled', made.text === '' ? [] : [said]), journal };
    if (made.failure) {
      const { code, message: text, next } = made.failure;
      return { ...fail({ code, text, ...(next === undefined ? {} : { next }) }, made.text === '' ? [] : [said]), journal };
    }
    if (made.toolCalls.length > 0) {
      await io.commit('model-finished', [...notes, said], journal);
      notes = [];
      await runCalls(parts, request, io, made.toolCalls, () => seenUrls(prepared.window.entries, prepared.window.compaction?.event.urls), calls);
    } else {
      const cut: DurableEvent[] =
        made.reason === 'length'
          ? [{ type: 'notice', level: 'warning', code: 'truncated', text: 'The model reached its output limit; the answer may be cut.' }]
          : [];
      if (made.reason === 'filter' && made.text === '')
        return { ...fail({ code: 'model-answer', text: 'The provider withheld the answer.', next: 'Ask in other words, or use another model.' }), journal };
      if (made.text === '' && (step === 0 || (await resultsOf(parts, turn.id)).length === 0))
        return { ...fail({ code: 'model-answer', text: 'The model answered with nothing.', next: 'Try again, or use another model.' }), journal };
      const answer = step === 0 ? { text: made.text } : await answerOf(parts, turn.id, made.text);
      // The last words, the answer and the end of the turn are one transaction, unless somebody spoke meanwhile.
      if (io.close()) return { ...end('answered', [said, ...cut], answer), journal };
      await io.commit('model-finished', [...notes, said, ...cut], journal);
      notes = [];
    }
    // What comes after a stop is no part of this turn.
    if (!io.signal.aborted) await join(io.takeSteered());
  }
}

interface Attempt {
  readonly prepared: Prepared;
  readonly asked: ModelRequest;
  readonly made: ModelStep;
}

const hasImages = ({ messages }: ModelRequest): boolean => messages.some((message) => message.role !== 'assistant' && (message.images ?? []).length > 0);

const blindNotice = (ref: string): DurableEvent => ({
  type: 'notice',
  level: 'warning',
  code: 'images-refused',
  text: `${ref} refused the request with its pictures, so it was asked without them.`,
  next: 'Set "images" of this model in config.json, or choose a model that sees pictures.',
});

/** Gated in order; read-only ones run side by side, the others one after the other. */
export async function runCalls(
  parts: AgentParts,
  request: TurnRequest,
  io: TurnIo,
  toolCalls: readonly ToolCall[],
  named: () => ReadonlySet<string>,
  counts: Map<string, number>,
): Promise<void> {
  let urls: ReadonlySet<string> | undefined;
  const seenUrl = (url: string): boolean => {
    urls ??= named();
    return urls.has(url);
  };
  let tainted = (await parts.store.sessions.get(request.turn.sessionId))?.tainted ?? false;
  const running: Promise<ToolEnd>[] = [];
  const settle = async (): Promise<void> => {
    for (const done of await Promise.all(running.splice(0))) tainted ||= done.tainted === true;
  };
  for (const call of toolCalls) {
    const key = `${call.name} ${JSON.stringify(call.input)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const context: CallContext = { turn: request.turn, io, tainted: () => tainted, seenUrl, repeated: count >= 3 };
    if (parts.tools.get(call.name)?.sideEffect !== 'none') await settle();
    const gated = await gateCall(parts, context, call);
    const run = gated.run();
    run.catch(() => undefined); // whoever settles hears of it; a throw before that is nobody's
    running.push(run);
    if (gated.sideEffect !== 'none') await settle();
  }
  await settle();
}

/** The answer with the files that tools sent into this conversation during the turn. */
async function answerOf(parts: AgentParts, turnId: string, text: string): Promise<Outgoing> {
  const files = (await resultsOf(parts, turnId)).flatMap((result) => result.files ?? []);
  return { text, ...(files.length > 0 ? { files } : {}) };
}

async function resultsOf(parts: AgentParts, turnId: string): Promise<readonly ToolEnd[]> {
  return (await parts.store.entries.ofTurn(turnId)).flatMap(({ event }) => (event.type === 'tool-end' ? [event] : []));
}
