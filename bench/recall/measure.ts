// Plants facts into a conversation, compacts it again and again through the whole app, and looks for each: in the request, or one call of recall away.
import { createConversationLog } from '../../src/agent/conversation-log.ts';
import { type ModelEvent, type ModelRequest, noUsage } from '../../src/core/model.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { aboutSaid } from '../../tests/app/about-said.ts';
import { openWorld } from '../../tests/app/harness.ts';
import type { Fact, FactKind } from './facts.ts';
import { makeHistory, type Planted } from './history.ts';
import { type Summariser, summarisers } from './summarisers.ts';

export interface RecallRow {
  readonly summariser: Summariser;
  /** Compactions so far. */
  readonly after: number;
  readonly kind: FactKind | 'all';
  readonly planted: number;
  /** Word for word in the next request. */
  readonly inContext: number;
  /** Found by one call of recall with the words of a question. */
  readonly oneCallAway: number;
  readonly lost: number;
}

export interface RecallReport {
  readonly rows: readonly RecallRow[];
  /** After each of those compactions: every rule said so far, and what was asked last, word for word in the request. */
  readonly intact: readonly {
    readonly summariser: Summariser;
    readonly after: number;
    readonly rules: boolean;
    readonly task: boolean;
    readonly how: string;
  }[];
  /** Values that were not found, for whoever looks why. */
  readonly missing: readonly string[];
}

export interface RecallOptions {
  readonly summariser: Summariser;
  /** After which compactions it is looked. */
  readonly after: readonly number[];
  readonly turnsEach: number;
  readonly window: number;
  readonly all: readonly Fact[];
}

const isSummary = (request: ModelRequest): boolean => request.tools.length === 0;
const finish: ModelEvent = { type: 'finish', reason: 'stop', usage: noUsage };

export async function measureRecall({ summariser, after, turnsEach, window, all }: RecallOptions): Promise<RecallReport> {
  const script = createFakeModel((request) => [{ type: 'text-delta', text: isSummary(request) ? summarisers[summariser](request) : 'I see.' }, finish]);
  const world = await openWorld({ provider: script, sessionId: 's' });
  const rows: RecallRow[] = [];
  const intact: RecallReport['intact'][number][] = [];
  const missing: string[] = [];
  try {
    await world.app.store.modelWindows.put({ ref: 'offline/copaw', tokens: window, source: 'list', declared: 0, at: 0 });
    const task = 'Plan the move of the beehives to the orchard for order OBST-2291, step by step.';
    await world.ask(task);
    const said: Planted[] = [];
    for (const [index, segment] of makeHistory(Math.max(...after), turnsEach, 's', all).entries()) {
      await world.app.store.commit({ entries: segment.entries });
      said.push(...segment.planted);
      const asked = `Go on with the beehives, part ${index + 1} of the move to the orchard.`;
      await world.ask(asked);
      const events = await world.ask('/compact');
      const made = events.find((event) => event.type === 'compaction');
      if (!after.includes(index + 1)) continue;
      await world.ask('What do you know?');
      const context =
        script.requests
          .findLast((request) => !isSummary(request))
          ?.messages.flatMap((message) => message.text)
          .join('\n') ?? '';
      const log = createConversationLog({ store: world.app.store, about: aboutSaid(world.app.store) }, 's', 'none');
      const places = new Map<Planted, 'inContext' | 'oneCallAway' | 'lost'>();
      for (const fact of said) {
        const found = context.includes(fact.value) || (await log.search(fact.question, 8)).hits.some(({ text }) => text.includes(fact.value));
        places.set(fact, context.includes(fact.value) ? 'inContext' : found ? 'oneCallAway' : 'lost');
        if (!found) missing.push(`${summariser} after ${index + 1}: ${fact.kind} ${fact.value}`);
      }
      const count = (kind: RecallRow['kind']): RecallRow => {
        const own = [...places].filter(([fact]) => kind === 'all' || fact.kind === kind).map(([, place]) => place);
        const of = (place: string): number => own.filter((one) => one === place).length;
        return { summariser, after: index + 1, kind, planted: own.length, inContext: of('inContext'), oneCallAway: of('oneCallAway'), lost: of('lost') };
      };
      const kinds = [...new Set(said.map(({ kind }) => kind))].toSorted();
      rows.push(...kinds.map(count), count('all'));
      const rules = said.filter(({ kind }) => kind === 'rule').every(({ value }) => context.includes(value));
      intact.push({ summariser, after: index + 1, rules, task: context.includes(asked), how: made?.type === 'compaction' ? made.how : 'none' });
    }
    if (world.faults.length > 0) throw world.faults[0];
    return { rows, intact, missing };
  } finally {
    await world.close();
  }
}
