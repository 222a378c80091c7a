// Learning as the operator sees it: on or off and what that costs, and the answer to each proposal.
import type { ConfigSource } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { Dream, DreamSummary, LearningAdmin, LearningState, ShownDream } from '../core/learning.ts';
import type { ReadyModel } from '../core/model.ts';
import type { Redact } from '../core/secret.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { redactDeep } from '../lib/redactor.ts';
import { unifiedDiff } from '../lib/unified-diff.ts';
import { type Learning, stampOf } from './learning.ts';
import { estimateDays, estimateLearning } from './learning-estimate.ts';

interface AdminParts {
  readonly store: Pick<Store, 'learning' | 'sessions' | 'entries' | 'usage'>;
  readonly config: ConfigSource;
  readonly clock: Pick<Clock, 'now'>;
  readonly dreamNow: Learning['dreamNow'];
  files(agentId: string): Files;
  model(agentId: string): ReadyModel;
  audit(kind: string, detail: Readonly<Record<string, string | number>>): Promise<unknown>;
  readonly by: string;
  readonly redact: Redact;
  /** Does this while nobody else writes to the memory of that agent. */
  alone<T>(agentId: string, work: () => Promise<T>): Promise<T>;
}

const dayMs = 24 * 60 * 60_000;

const stateTexts: Readonly<Record<Dream['state'], string>> = {
  proposed: 'This proposal is not decided yet.',
  applied: 'This proposal is applied.',
  discarded: 'This proposal is discarded.',
  reverted: 'This proposal is reverted.',
};

export function createLearningAdmin({ store, config, clock, dreamNow, files, model, audit, by, redact, alone }: AdminParts): LearningAdmin {
  const shown = (dream: Dream): ShownDream => redactDeep({ ...dream, diff: unifiedDiff('MEMORY.md', dream.before, dream.after) }, redact);
  const stateOf = async (agentId: string): Promise<LearningState> => {
    const now = clock.now();
    const wished = config.current().agents[agentId]?.learning;
    const ready = model(agentId);
    const memoryBytes = (await files(agentId).stat('MEMORY.md'))?.size ?? 0;
    return {
      agentId,
      name: config.current().agents[agentId]?.name ?? agentId,
      facts: wished?.facts ?? false,
      dreams: wished?.dreams ?? false,
      model: ready.ref,
      estimate: await estimateLearning({ store, now, memoryBytes }, agentId, ready),
      spent: await store.usage.beside('learn_', agentId, now - estimateDays * dayMs),
      proposed: (await store.learning.dreams(agentId)).filter(({ state }) => state === 'proposed').length,
    };
  };
  const find = async (id: string): Promise<Dream> => {
    const dream = await store.learning.dream(id);
    if (!dream) throw new CoPawError('not-found', `There is no proposal ${id}.`, { next: 'See `copaw learning dreams`.' });
    return dream;
  };
  /** MEMORY.md becomes `to`, where it still is `from`; the proposal moves with it. */
  const swap = async (dream: Dream, was: Dream['state'], becomes: Dream['state'], from: string, to: string): Promise<ShownDream> => {
    if (dream.state !== was) throw new CoPawError('conflict', stateTexts[dream.state], { next: 'See `copaw learning dreams`.' });
    const place = files(dream.agentId);
    // First the file: where CoPaw dies in between, the proposal still waits, and says that the file was changed.
    await alone(dream.agentId, async () => {
      const now = (await place.stat('MEMORY.md')) === undefined ? '' : await place.readText('MEMORY.md');
      if (now !== from)
        throw new CoPawError('conflict', 'MEMORY.md was changed since.', { next: 'Keep it, or ask for another proposal: copaw learning dream' });
      await place.write('MEMORY.md', to);
    });
    await store.learning.settleDream(dream.id, was, becomes);
    // What was applied is nothing new.
    const [seen, info] = [await store.learning.seen(dream.agentId), await place.stat('MEMORY.md')];
    if (seen && info) await store.learning.setSeen(dream.agentId, new Map([...seen, ['MEMORY.md', stampOf(info)]]));
    await audit(`dream-${becomes}`, { id: dream.id, agentId: dream.agentId, by });
    return shown({ ...dream, state: becomes });
  };
  return {
    state: () => Promise.all(Object.keys(config.current().agents).map(stateOf)),
    async set(agentId, change) {
      if (config.current().agents[agentId] === undefined)
        throw new CoPawError('not-found', `There is no agent ${agentId}.`, { next: 'See `copaw config get agents`.' });
      await config.commit(
        by,
        Object.entries(change).map(([key, value]) => ({ path: ['agents', agentId, 'learning', key], value })),
      );
      return stateOf(agentId);
    },
    dreams: async (agentId) => (await store.learning.dreams(agentId)).map(summaryOf),
    dream: async (id) => shown(await find(id)),
    async dreamNow(agentId) {
      const dream = await dreamNow(agentId);
      return dream && shown(dream);
    },
    async apply(id) {
      const dream = await find(id);
      return swap(dream, 'proposed', 'applied', dream.before, dream.after);
    },
    async discard(id) {
      const dream = await find(id);
      if (!(await store.learning.settleDream(id, 'proposed', 'discarded'))) throw new CoPawError('conflict', stateTexts[dream.state]);
      await audit('dream-discarded', { id, agentId: dream.agentId, by });
      return shown({ ...dream, state: 'discarded' });
    },
    async revert(id) {
      const dream = await find(id);
      return swap(dream, 'applied', 'reverted', dream.after, dream.before);
    },
  };
}

function summaryOf({ id, agentId, at, state, before, after }: Dream): DreamSummary {
  const [old, fresh] = [new Set(before.split('\n')), new Set(after.split('\n'))];
  const count = (lines: ReadonlySet<string>, others: ReadonlySet<string>): number =>
    [...lines].filter((line) => line.trim() !== '' && !others.has(line)).length;
  return { id, agentId, at, state, added: count(fresh, old), removed: count(old, fresh) };
}
