// Any conversation, with compactions, undos and restarts in between: the window read anew is the one that grew, and no request parts a call from its result.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Compaction, emptySummary } from '../core/compaction.ts';
import type { ModelMessage } from '../core/model.ts';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { type SampleTurn, sampleLog } from '../testing/sample-log.ts';
import { ContextWindows, entryTokens, type Window } from './context.ts';
import { cutPoint, isMessage } from './cut-point.ts';
import { History } from './history.ts';
import { ResultTiers } from './tiers.ts';

const size = fc.integer({ min: -1, max: 3_000 });
const anyTurns: fc.Arbitrary<readonly SampleTurn[]> = fc
  .array(
    fc.record({
      text: fc.string({ maxLength: 200 }),
      steps: fc.array(fc.array(size, { maxLength: 3 }), { maxLength: 4 }),
      reminded: fc.boolean(),
      command: fc.boolean(),
      resumed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((turns) => turns.map((turn) => (turn.command ? { ...turn, steps: [], reminded: false } : turn)));

/** Calls that this half makes, and results it holds, of all turns. */
const callsIn = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap(({ event, turnId }) =>
    event.type === 'message' && event.message.role === 'assistant' ? event.message.toolCalls.map(({ id }) => `${turnId} ${id}`) : [],
  );
const resultsIn = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap(({ event, turnId }) => (event.type === 'tool-end' ? [`${turnId} ${event.callId}`] : []));

describe('where a compaction may end', () => {
  test('no call is parted from its result, and no command from its beginning, whatever the log and whatever is to be kept', () => {
    fc.assert(
      fc.property(anyTurns, fc.boolean(), fc.nat(4_000), fc.nat(30), (turns, open, tokens, messages) => {
        const entries = sampleLog(turns.map((turn, index) => ({ ...turn, open: open && index === turns.length - 1 && !turn.command })));
        const cut = cutPoint(entries, { tokens, messages }, entryTokens, open);
        if (cut === undefined) return;
        const [covered, rest] = [entries.slice(0, cut), entries.slice(cut)];
        const left = new Set(resultsIn(rest));
        expect(callsIn(covered).filter((call) => left.has(call))).toEqual([]);
        const commands = new Set(entries.flatMap(({ event, turnId }) => (event.type === 'turn-start' && event.command !== undefined ? [turnId] : [])));
        const both = [...commands].filter((id) => covered.some(({ turnId }) => turnId === id) && rest.some(({ turnId }) => turnId === id));
        expect(both).toEqual([]);
        expect(covered.length).toBeGreaterThan(0);
      }),
    );
  });

  test('as little is covered as leaves no more than what is to be kept', () => {
    fc.assert(
      fc.property(anyTurns, fc.nat(4_000), fc.nat(30), (turns, tokens, messages) => {
        const entries = sampleLog(turns);
        const sizeOf = (part: readonly Entry[]): { tokens: number; messages: number } => ({
          tokens: part.reduce((sum, entry) => sum + entryTokens(entry), 0),
          messages: part.filter(({ event }) => isMessage(event)).length,
        });
        const fits = (part: readonly Entry[]): boolean => sizeOf(part).tokens <= tokens && sizeOf(part).messages <= messages;
        const cut = cutPoint(entries, { tokens, messages }, entryTokens, false);
        // At rest everything can be covered, so what is left always fits.
        expect(fits(entries.slice(cut ?? 0))).toBe(true);
      }),
    );
  });

  test('the newest exchanges stay whole where that is asked for and they fit', () => {
    fc.assert(
      fc.property(anyTurns, fc.nat(4_000), fc.nat(30), fc.nat(8_000), (turns, tokens, messages, most) => {
        const entries = sampleLog(turns);
        const cut = cutPoint(entries, { tokens, messages, whole: { exchanges: 2, tokens: most } }, entryTokens, false);
        const starts = entries.flatMap(({ event }, index) => (event.type === 'turn-start' && !event.resumed && event.command === undefined ? [index] : []));
        const asked = starts.filter((start) =>
          entries.some(({ turnId, event }) => turnId === entries[start]?.turnId && event.type === 'message' && event.message.role === 'user'),
        );
        const fits = asked.slice(-2).filter((start) => entries.slice(start).reduce((sum, entry) => sum + entryTokens(entry), 0) <= most);
        const [kept] = fits;
        if (kept !== undefined) expect(cut ?? 0).toBeLessThanOrEqual(kept);
      }),
    );
  });

  test('a newest exchange that takes too much is covered like any other', () => {
    const entries = sampleLog([
      { text: 'one', steps: [[10]] },
      { text: 'two', steps: [[3_000], [3_000]] },
    ]);
    const cutWith = (most: number): number => cutPoint(entries, { tokens: 0, messages: 0, whole: { exchanges: 2, tokens: most } }, entryTokens, false) ?? 0;
    expect([entries[cutWith(5_000)]?.event.type, cutWith(5_000) < entries.length, cutWith(100)]).toEqual(['turn-start', true, entries.length]);
  });

  test('a turn that runs keeps its newest step', () => {
    const entries = sampleLog([{ text: 'go', steps: [[100], [100], [100, 100]], open: true }]);
    const cut = cutPoint(entries, { tokens: 0, messages: 0 }, entryTokens, true) ?? 0;
    expect(entries.slice(cut).map(({ event }) => event.type)).toEqual(['message', 'tool-end', 'tool-end']);
  });
});

function storeOf(entries: readonly Entry[]) {
  return {
    entries: {
      tail: async (_session: string, limit: number, before = Number.POSITIVE_INFINITY) => entries.filter(({ seq }) => seq < before).slice(-limit),
      after: async ({ after, limit }: { after: number; limit: number }) => entries.filter(({ seq }) => seq > after).slice(0, limit),
      ofTurn: async () => [],
      undone: async () => new Set<string>(),
      lastSeq: async () => entries.length,
    },
  };
}

/** What `compact` would commit, without a summary. */
function compactionOf(window: Window, keep: number): Extract<DurableEvent, { type: 'compaction' }> | undefined {
  const through = window.compaction?.event.through ?? 0;
  const behind = window.entries.filter(({ seq }) => seq > through);
  const cut = cutPoint(behind, { tokens: keep, messages: 50 }, entryTokens, false);
  if (cut === undefined) return undefined;
  const covered = [...window.entries.filter(({ seq }) => seq <= through), ...behind.slice(0, cut)];
  const rest = behind.slice(cut);
  const split = rest.find(({ turnId }) => covered.some((entry) => entry.turnId === turnId))?.turnId;
  const messages = covered.flatMap(({ seq, at, turnId, event }) =>
    event.type === 'message' && event.message.role === 'user' && turnId === split ? [{ seq, at, message: event.message }] : [],
  );
  const last = covered.at(-1)?.seq ?? 0;
  const made: Compaction = {
    ...{ compactionId: `c${last}`, through: last, summary: emptySummary, anchors: [], how: 'fallback', why: 'asked' },
    counts: { messagesBefore: 0, messagesAfter: 0, tokensBefore: 0, tokensAfter: 0 },
    ...(split === undefined || messages.length === 0 ? {} : { request: { turnId: split, messages } }),
  };
  return { type: 'compaction', ...made };
}

const happens = fc.oneof(
  fc.record({ kind: fc.constant('talk' as const), turns: anyTurns }),
  fc.record({ kind: fc.constant('compact' as const), keep: fc.nat(2_000) }),
  fc.record({ kind: fc.constant('undo' as const) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

test('the grown window is the one that is read anew, and every request has its results right behind their calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happens, { minLength: 1, maxLength: 10 }), async (story) => {
      const log: Entry[] = [];
      const history = new History();
      let windows = new ContextWindows();
      const add = (event: DurableEvent): number => log.push({ seq: log.length + 1, sessionId: 's', turnId: `x${log.length}`, at: 0, event });
      for (const part of story) {
        if (part.kind === 'talk') log.push(...sampleLog(part.turns, log.length + 1));
        if (part.kind === 'restart') windows = new ContextWindows();
        const before = await windows.load(storeOf(log), 's');
        if (part.kind === 'undo' && before.compaction) add({ type: 'compaction-undone', target: before.compaction.event.compactionId });
        const made = part.kind === 'compact' ? compactionOf(before, part.keep) : undefined;
        // A compaction has a turn of its own here; its id says what it covers, so one that was undone is not made again under the same.
        if (made && !log.some(({ event }) => event.type === 'compaction-undone' && event.target === made.compactionId)) add(made);
        const grown = await windows.load(storeOf(log), 's');
        const fresh = await new ContextWindows().load(storeOf(log), 's');
        expect(grown.entries).toEqual(fresh.entries);
        expect([grown.compaction, grown.undone]).toEqual([fresh.compaction, fresh.undone]);
        const options = { timezone: 'UTC', loadImage: async () => undefined, running: undefined, cut: new ResultTiers().cut(grown.entries, 2_000) };
        expectNoneLost(await history.messages(grown.entries, options), log);
      }
    }),
    { numRuns: 25 },
  );
});

/** A call without a result has none in the log either, since its turn was stopped there; a result follows the call it belongs to. */
function expectNoneLost(messages: readonly ModelMessage[], log: readonly Entry[]): void {
  for (const [index, message] of messages.entries()) {
    if (message.role === 'assistant') {
      const behind = messages.slice(index + 1);
      const end = behind.findIndex(({ role }) => role !== 'tool');
      const results = behind.slice(0, end < 0 ? behind.length : end).map((result) => (result.role === 'tool' ? result.callId : ''));
      const missing = message.toolCalls.filter(({ id }) => !results.includes(id));
      const stopped = log.some(({ event, turnId }) => {
        if (event.type !== 'message' || event.message.role !== 'assistant' || event.message.toolCalls !== message.toolCalls) return false;
        const own = log.flatMap((entry) => (entry.turnId === turnId && entry.event.type === 'tool-end' ? [entry.event.callId] : []));
        return missing.every(({ id }) => !own.includes(id));
      });
      expect(missing.length === 0 || stopped).toBe(true);
    }
    if (message.role === 'tool') {
      const caller = messages.slice(0, index).findLast(({ role }) => role === 'assistant');
      expect(caller?.role === 'assistant' && caller.toolCalls.some(({ id }) => id === message.callId)).toBe(true);
    }
  }
}
