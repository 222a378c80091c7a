// What learning would have cost in the last 30 days, as if it had been on: from what was said, without asking a model.
import type { LearningCost } from '../core/learning.ts';
import { costOf, type ReadyModel } from '../core/model.ts';
import type { Store } from '../core/store.ts';
import { mostNoteCharacters } from './learn-facts.ts';
import { chatTurns } from './learn-transcript.ts';
import { restMs } from './learning.ts';
import { estimateTokens } from './tokens.ts';

export const estimateDays = 30;
const dayMs = 24 * 60 * 60_000;
/** Of more conversations and entries than these the estimate stays below what it would cost; that many a month are not one person's. */
const mostSessions = 300;
const mostEntries = 2_000;
/** Instructions that go along, and what comes back; notes come on top. */
const around = 600;
const output = 300;

interface Parts {
  readonly store: Pick<Store, 'sessions' | 'entries'>;
  readonly now: number;
  /** Bytes of MEMORY.md. */
  readonly memoryBytes: number;
}

/** Both a day. */
export async function estimateLearning(
  { store, now, memoryBytes }: Parts,
  agentId: string,
  model: ReadyModel,
): Promise<{ facts: LearningCost; dreams: LearningCost }> {
  const since = now - estimateDays * dayMs;
  let calls = 0;
  let input = 0;
  const days = new Set<number>();
  const sessions = (await store.sessions.list({ limit: mostSessions })).filter((session) => session.agentId === agentId && session.updatedAt >= since);
  for (const { id, tainted } of sessions) {
    if (tainted) continue;
    const entries = (await store.entries.tail(id, mostEntries)).filter(({ at }) => at >= since);
    const said = chatTurns(entries);
    if (said.length === 0) continue;
    input += said.reduce((sum, { text }) => sum + estimateTokens(text), 0);
    const ends = entries.flatMap(({ event, at }) => (event.type === 'turn-end' ? [at] : []));
    for (const [index, at] of ends.entries()) {
      days.add(Math.floor(at / dayMs));
      if ((ends[index + 1] ?? Number.POSITIVE_INFINITY) - at >= restMs) calls++;
    }
  }
  const memory = memoryBytes / 3.5;
  return {
    facts: daily(model, calls, input + calls * (around + Math.min(memory, mostNoteCharacters / 3.5)), calls * output),
    dreams: daily(model, days.size, days.size * (memory + around), days.size * memory),
  };
}

function daily(model: ReadyModel, calls: number, input: number, out: number): LearningCost {
  const cost = costOf({ input, cachedInput: 0, output: out, reasoning: 0 }, model.info.price);
  return { calls: calls / estimateDays, tokens: Math.round((input + out) / estimateDays), ...(cost === undefined ? {} : { cost: cost / estimateDays }) };
}
