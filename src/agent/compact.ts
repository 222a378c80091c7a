// Compaction: what a session's next request leaves out is summed up in an event of the log. Nothing is removed, and an undo brings it back.
import type { Anchor, Compaction, CompactionReason, Summary } from '../core/compaction.ts';
import { toCoPawError } from '../core/error.ts';
import { costOf, noUsage, type ReadyModel, type Usage } from '../core/model.ts';
import type { UsageRow } from '../core/session.ts';
import type { DurableEvent, Entry, UserMessage } from '../core/turn-event.ts';
import { redactDeep } from '../lib/redactor.ts';
import { anchorsOf, mergeAnchors } from './anchors.ts';
import { overspent } from './budget.ts';
import { entryTokens, type Window } from './context.ts';
import { cutPoint, isMessage, type Keep } from './cut-point.ts';
import { fallbackSummary } from './fallback-summary.ts';
import { hiddenTurns } from './history.ts';
import type { AgentParts, TurnIo, TurnRequest } from './parts.ts';
import { type Room, roomOf } from './room.ts';
import { urlsOf } from './seen-urls.ts';
import { type Summarised, summarise } from './summarise.ts';
import { compactionText } from './summary-text.ts';
import { estimateTokens } from './tokens.ts';
import { shorten, transcriptOf } from './transcript.ts';

/** Addresses of covered messages that stay named. */
const mostUrls = 200;
/** Characters of what was asked last, where it is covered. */
const mostAsked = 2_000;

export interface CompactTask {
  readonly request: TurnRequest;
  readonly window: Window;
  readonly room: Room;
  /** The model that answers; another may be set for summaries. */
  readonly model: ReadyModel;
  readonly why: CompactionReason;
  readonly keep: Keep;
  /** What the request's history was: messages and estimated tokens. */
  readonly before: { readonly messages: number; readonly tokens: number };
  /** Makes its id: a compaction is named by its turn, the step, and what it covers. */
  readonly step: number;
  readonly used: Usage;
  readonly focus?: string;
}

export interface Compacted {
  /** Undefined where nothing could be covered, or it was stopped. */
  readonly compaction?: Compaction;
  /** What the summary took, also where it came to nothing. */
  readonly usage: readonly UsageRow[];
}

/** Covers what can be left out and commits that. What a stop left unfinished is not committed; its usage is handed back. */
export async function compact(parts: AgentParts, io: TurnIo, task: CompactTask): Promise<Compacted> {
  const { window, room, request, why, step } = task;
  const { turn } = request;
  const previous = window.compaction?.event;
  const behind = window.entries.filter(({ seq }) => seq > (previous?.through ?? 0));
  const open = why === 'asked' ? undefined : turn.id;
  const cut = cutPoint(behind, task.keep, entryTokens, open !== undefined);
  if (cut === undefined) return { usage: [] };
  const rest = behind.slice(cut);
  const covered = [...window.entries.filter(({ seq }) => seq <= (previous?.through ?? 0)), ...behind.slice(0, cut)];
  const through = covered.at(-1)?.seq ?? 0;
  const hidden = hiddenTurns(window.entries);
  const visible = covered.filter(({ turnId }) => !hidden.has(turnId));
  const split = rest.find(({ turnId }) => visible.some((entry) => entry.turnId === turnId))?.turnId;
  const asked = visible.flatMap((entry) => (isAsked(entry) && entry.turnId === split ? [{ seq: entry.seq, at: entry.at, message: entry.event.message }] : []));
  const last = [...visible, ...rest].filter(isAsked).findLast(({ turnId }) => !hidden.has(turnId));
  const openTask = last?.event.message.text ?? '';
  const anchors = keptAnchors(previous?.anchors ?? [], visible, last !== undefined && last.seq <= through && split !== last.turnId ? last : undefined, room);
  const written = await write(parts, io, task, visible, anchors, previous?.summary, openTask);
  const usage = written.calls.map((one) => usageRow(parts, task, written.model, one));
  if (io.signal.aborted) return { usage };

  const summary = written.summary ?? fallbackSummary(visible, previous?.summary, openTask, split);
  const shown = [
    ...visible.filter((entry) => isAsked(entry) && entry.turnId === split),
    ...rest.filter(({ event, turnId }) => isMessage(event) && !hidden.has(turnId)),
  ];
  const counts = { messagesBefore: task.before.messages, messagesAfter: shown.length + 1, tokensBefore: task.before.tokens, tokensAfter: 0 };
  const how = written.summary ? ('model' as const) : ('fallback' as const);
  const kept = shown.reduce((sum, entry) => sum + entryTokens(entry), 0);
  // Once too much, always: no later summary holds it either.
  const from = previous ? previous.from : window.cut ? covered[0]?.seq : undefined;
  const left = from === undefined ? {} : { from };
  const urls = [...new Set([...(previous?.urls ?? []), ...urlsOf(visible)])].slice(-mostUrls);
  const compaction: Compaction = redactDeep(
    {
      compactionId: `${turn.id}.${step}.${through}`,
      through,
      ...left,
      counts: { ...counts, tokensAfter: kept + estimateTokens(compactionText({ summary, anchors, counts, how, ...left })) },
      summary,
      anchors,
      how,
      why,
      ...(how === 'model' ? { model: written.model.ref } : {}),
      ...(task.focus === undefined ? {} : { focus: task.focus }),
      ...(split === undefined || asked.length === 0 ? {} : { request: { turnId: split, messages: asked } }),
      ...(urls.length === 0 ? {} : { urls }),
      ...(written.usage.input + written.usage.output === 0 ? {} : { usage: written.usage }),
    },
    parts.redact,
  );
  const said: DurableEvent[] = previous || from === undefined ? [] : [tooMuch(from)];
  await io.commit('context-compacted', [{ type: 'compaction', ...compaction }, ...said], { usage });
  parts.log('info', 'context-compacted', { turnId: turn.id, sessionId: turn.sessionId, why, how, ...compaction.counts });
  return { compaction, usage };
}

const tooMuch = (from: number): DurableEvent => ({
  ...({ type: 'notice', level: 'warning', code: 'compaction' } as const),
  text: `This conversation is longer than what can be summed up at once: what was said before #${from} stands in no summary.`,
  next: 'It is kept, and the agent finds it when it looks. What has to hold for ever belongs into AGENTS.md or PROFILE.md.',
});

type Asked = Entry & { readonly event: { readonly type: 'message'; readonly message: UserMessage } };
const isAsked = (entry: Entry): entry is Asked => entry.event.type === 'message' && entry.event.message.role === 'user';

/** Anchors of before and of what is covered now. What was asked last comes first, and only once: the one before is done, or stands in the summary. */
function keptAnchors(before: readonly Anchor[], visible: readonly Entry[], asked: Asked | undefined, room: Room): readonly Anchor[] {
  const tokens = Math.min(8_000, Math.max(200, Math.floor(room.soft * 0.14)));
  const request: Anchor[] = asked ? [{ kind: 'request', text: shorten(asked.event.message.text, mostAsked), seq: asked.seq }] : [];
  const taken = request.reduce((sum, { text }) => sum + estimateTokens(text), 0);
  const others = mergeAnchors(
    before.filter(({ kind }) => kind !== 'request'),
    anchorsOf(visible),
    Math.max(200, tokens - taken),
  );
  return [...others, ...request].toSorted((a, b) => a.seq - b.seq);
}

type Written = Summarised & { readonly model: ReadyModel };

/** The summary of a model, unless there is no money left for it or what came is not good enough. */
async function write(
  parts: AgentParts,
  io: TurnIo,
  task: CompactTask,
  visible: readonly Entry[],
  anchors: readonly Anchor[],
  before: Summary | undefined,
  asked: string,
): Promise<Written> {
  const { turn } = task.request;
  const model = summariser(parts, turn.agentId, task.model);
  if (await overspent(parts, turn.agentId, task.used)) return { model, usage: noUsage, calls: [], problem: 'budget' };
  const room = await roomOf(parts, model, '', []);
  const tokens = Math.min(1_500, Math.max(250, Math.floor(task.room.soft * 0.08)));
  const most = Math.max(600, room.hard - tokens * 2 - estimateTokens(JSON.stringify(before ?? '')) - 1_200);
  const written = await summarise(
    model,
    redactDeep(
      {
        transcript: transcriptOf(visible, most),
        task: asked,
        tokens,
        ...(before ? { before } : {}),
        ...(task.focus === undefined ? {} : { focus: task.focus }),
      },
      parts.redact,
    ),
    io.signal,
    ({ code, detail }) => {
      if (code !== 'cancelled') parts.log('warn', 'summary-failed', { turnId: turn.id, model: model.ref, code, detail });
    },
  );
  for (const used of written.calls) parts.spending.add(used, costOf(used, model.info.price));
  if (!written.summary && !io.signal.aborted)
    parts.log('warn', 'summary-refused', { turnId: turn.id, model: model.ref, problem: written.problem, anchors: anchors.length });
  return { ...written, model };
}

/** The model that is set for summaries; one that is not there any more is not waited for. */
function summariser(parts: AgentParts, agentId: string, own: ReadyModel): ReadyModel {
  const { compactionModel } = parts.settings(agentId);
  if (compactionModel === undefined) return own;
  try {
    return parts.model(agentId, compactionModel);
  } catch (error) {
    parts.log('warn', 'summary-model-missing', { model: compactionModel, code: toCoPawError(error).code });
    return own;
  }
}

function usageRow(parts: AgentParts, { request: { turn } }: CompactTask, { ref, info }: ReadyModel, usage: Usage): UsageRow {
  const cost = costOf(usage, info.price);
  const row = { turnId: turn.id, sessionId: turn.sessionId, agentId: turn.agentId, model: ref, usage, at: parts.clock.now() };
  return { ...row, ...(cost === undefined ? {} : { cost }) };
}
