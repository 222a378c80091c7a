// Step 7 of the path: the request of the next model call. It is held against the model's window first, each time, and compacted where it is too long.
import type { Compaction, CompactionReason } from '../core/compaction.ts';
import type { ModelMessage, ModelRequest, ReadyModel, ToolDefinition, Usage } from '../core/model.ts';
import { addUsage, mostImageBytes } from '../core/model.ts';
import type { UsageRow } from '../core/session.ts';
import type { Entry } from '../core/turn-event.ts';
import { redactDeep } from '../lib/redactor.ts';
import type { Compacted, CompactTask } from './compact.ts';
import type { Window } from './context.ts';
import type { LoadImage } from './history.ts';
import type { AgentParts, TurnIo, TurnRequest } from './parts.ts';
import { type Room, roomOf } from './room.ts';
import { compactionText } from './summary-text.ts';

/** Messages a request may grow to, and what a compaction leaves of them: a long conversation of short messages stays quick. */
const mostMessages = 500;
const keptMessages = 100;
/** Messages it may have where the person undid a compaction. */
const mostUndone = 4_000;
/** A longer request to a model of which nothing is known is not sent before its provider's list was asked, once. Hardly a model takes less. */
const unaskedTokens = 8_192;
/** Share of the room that stays as it is behind a compaction. */
const keptShare = 0.3;
/** Share of the room that must have come since the last compaction, while all fits. */
const leastGain = 0.1;
/** Of one that was asked for: share of what is there. The newest exchanges stay whole all the same, where they take no more than a part of the room. */
const askedShare = 0.25;
const wholeExchanges = { exchanges: 2, share: 0.5 } as const;

export interface Asking {
  readonly parts: AgentParts;
  readonly request: TurnRequest;
  readonly io: TurnIo;
  readonly model: ReadyModel;
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly step: number;
  readonly used: Usage;
}

/** A request that fits, or why there is none. */
export interface Prepared {
  readonly asked?: ModelRequest;
  /** As it is estimated, rules and tools included. */
  readonly tokens: number;
  readonly window: Window;
  readonly compactions: readonly Compaction[];
  /** Usage of summaries, already committed unless the turn was stopped. */
  readonly used: Usage;
  readonly uncommitted: readonly UsageRow[];
  readonly refused?: { readonly code: 'model-context'; readonly text: string; readonly next: string };
}

interface History {
  readonly window: Window;
  readonly messages: readonly ModelMessage[];
  readonly tokens: number;
}

/** `refused`: the provider said that the last request was too long. */
export async function prepare(asking: Asking, refused = false): Promise<Prepared> {
  const { parts, model, io, request } = asking;
  let room = await roomOf(parts, model, asking.system, asking.tools);
  let history = await build(asking, room);
  if (history.tokens + room.fixed > unaskedTokens && room.source === 'default') {
    await parts.modelWindows.ask(model, io.signal);
    room = await roomOf(parts, model, asking.system, asking.tools);
    history = await build(asking, room);
  }
  let used = asking.used;
  const compactions: Compaction[] = [];
  let why: CompactionReason | undefined = refused ? 'overflow' : room.tooSmall ? undefined : reasonOf(history, room);
  // The second time leaves less behind, for what one message alone fills.
  for (let tries = 0; why !== undefined && tries < 2 && !io.signal.aborted; tries++) {
    const keep = { tokens: Math.floor(room.soft * keptShare * (tries === 0 ? 1 : 0.2)), messages: keptMessages };
    const before = { messages: history.messages.length, tokens: history.tokens };
    const done = await compacted(asking, { request, window: history.window, room, model, why, keep, before, step: asking.step, used });
    used = sumOf(used, done);
    if (io.signal.aborted) return { ...nothing(history, compactions, used), uncommitted: done.usage };
    if (!done.compaction) break;
    compactions.push(done.compaction);
    history = await build(asking, room);
    why = history.tokens > room.soft ? 'window' : undefined;
  }
  for (const as of ['cut', 'stub'] as const) if (history.tokens > room.hard) history = await build(asking, room, as);
  if (room.tooSmall || history.tokens > room.hard) return { ...nothing(history, compactions, used), refused: tooLong(history, room) };
  // What was written down before a value became a secret is still in files and in the log; it does not go out again.
  const clean = redactDeep({ system: asking.system, messages: history.messages }, parts.redact);
  return {
    ...nothing(history, compactions, used),
    asked: { model: model.info.id, ...clean, tools: asking.tools, cacheKey: request.turn.sessionId },
    tokens: history.tokens + room.fixed,
  };
}

const nothing = ({ window, tokens }: History, compactions: readonly Compaction[], used: Usage): Prepared => ({
  tokens,
  window,
  compactions,
  used,
  uncommitted: [],
});
const sumOf = (used: Usage, { usage }: Compacted): Usage => usage.reduce((sum, row) => addUsage(sum, row.usage), used);

/** What compacts is loaded when something is compacted for the first time. */
async function compacted({ parts, io }: Asking, task: CompactTask): Promise<Compacted> {
  const { compact } = await import('./compact.ts');
  return compact(parts, io, task);
}

/** Why history has to be compacted before it is sent, if it has. Where the person undid that, only where it does not fit at all. */
function reasonOf({ tokens, messages, window }: History, room: Room): CompactionReason | undefined {
  const most = window.undone ? { tokens: room.hard, messages: mostUndone } : { tokens: room.soft, messages: mostMessages };
  // What the last one left is nearly all that is there: another would gain nothing, and cost a summary each step.
  const left = window.compaction?.event.counts.tokensAfter;
  if (left !== undefined && tokens <= room.hard && messages.length <= most.messages && tokens - left < room.soft * leastGain) return undefined;
  return tokens > most.tokens || messages.length > most.messages ? 'window' : undefined;
}

/** What a person asked to compact: all but the last part of what is there, and never a part of the newest exchanges. */
export async function compactNow(asking: Asking, focus: string | undefined): Promise<Compacted> {
  const { parts, request, model } = asking;
  const room = await roomOf(parts, model, asking.system, asking.tools);
  const history = await build(asking, room);
  const whole = { exchanges: wholeExchanges.exchanges, tokens: Math.floor(room.soft * wholeExchanges.share) };
  const keep = { tokens: Math.floor(Math.min(room.soft * keptShare, history.tokens * askedShare)), messages: keptMessages, whole };
  const before = { messages: history.messages.length, tokens: history.tokens };
  if (before.messages < 4) return { usage: [] };
  return compacted(asking, {
    ...{ request, window: history.window, room, model, why: 'asked', keep, before, step: asking.step, used: asking.used },
    ...(focus === undefined ? {} : { focus }),
  });
}

/** `all`: how every tool result is shown, since nothing else makes it fit. */
async function build({ parts, request, model }: Asking, room: Room, all?: 'cut' | 'stub'): Promise<History> {
  const { turn } = request;
  const { timezone } = parts.settings(turn.agentId);
  const window = await parts.windows.load(parts.store, turn.sessionId);
  const { entries, compaction } = window;
  const cut = all ? resultsOf(entries) : parts.tiers.cut(entries, room.steady);
  const options = { timezone, loadImage: loaderOf(parts, turn.agentId, model), running: turn.id, cut, ...(all ? { as: all } : {}) };
  const own = await parts.history.messages(entries, options);
  const messages: readonly ModelMessage[] = compaction ? [parts.history.once(compaction.event, compactionText), ...own] : own;
  return { window, messages, tokens: parts.history.tokens(messages) };
}

const resultsOf = (entries: readonly Entry[]): ReadonlySet<number> => new Set(entries.flatMap(({ seq, event }) => (event.type === 'tool-end' ? [seq] : [])));

/** Pictures for a model that sees them. What is too large for most providers, or is not there any more, is only named. */
function loaderOf(parts: AgentParts, agentId: string, { ref, info }: ReadyModel): LoadImage | undefined {
  if (info.images === false || parts.blindModels.has(ref)) return undefined;
  const files = parts.files(agentId);
  return async (path) => {
    const found = await files.stat(path);
    return found?.kind === 'file' && found.size <= mostImageBytes ? files.read(path) : undefined;
  };
}

function tooLong({ tokens }: History, { window, source, fixed, tooSmall }: Room): NonNullable<Prepared['refused']> {
  const known = source === 'default' ? `${window} tokens (assumed: nobody said how many it takes)` : `${window} tokens`;
  const next = source === 'default' ? 'Set contextTokens of this model, or choose one with a larger window.' : 'Choose a model with a larger window.';
  if (tooSmall) return { code: 'model-context', text: `Rules and tools alone are about ${fixed} tokens; this model takes ${known}.`, next };
  return {
    code: 'model-context',
    text: `What has to be read at once is about ${tokens} tokens, rules and tools about ${fixed}; this model takes ${known}.`,
    next,
  };
}
