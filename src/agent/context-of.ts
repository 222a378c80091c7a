// What people are told of a conversation's context: how much of the model's window its history takes, and what stands in for earlier messages.
import type { Compaction } from '../core/compaction.ts';
import type { KnownWindow, ReadyModel } from '../core/model.ts';
import { entryTokens } from './context.ts';
import type { AgentParts } from './parts.ts';
import { compactionText } from './summary-text.ts';
import { estimateTokens } from './tokens.ts';

export interface SessionContext {
  /** Estimated tokens of the history. */
  readonly tokens: number;
  /** What the model takes. */
  readonly window: KnownWindow;
  /** The newest compaction that counts. */
  readonly compaction?: Compaction;
}

export async function contextOf(parts: Pick<AgentParts, 'windows' | 'store' | 'modelWindows'>, sessionId: string, model: ReadyModel): Promise<SessionContext> {
  const { entries, compaction } = await parts.windows.load(parts.store, sessionId);
  const window = await parts.modelWindows.of(model);
  const summed = compaction ? estimateTokens(compactionText(compaction.event)) : 0;
  const tokens = entries.reduce((sum, entry) => sum + entryTokens(entry), summed);
  return { tokens, window, ...(compaction ? { compaction: compaction.event } : {}) };
}
