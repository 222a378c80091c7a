// Composition of memory by meaning: the configured model for vectors, what it costs, and the day's limits.
import type { ConfigSource } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import { costOf, type ReadyModel } from './core/model.ts';
import type { Store } from './core/store.ts';
import type { Clock } from './lib/clock.ts';
import type { Embedder } from './memory/meaning.ts';

interface EmbeddingParts {
  readonly config: Pick<ConfigSource, 'current'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly resolve: (agentId: string, asked: string) => ReadyModel;
  readonly spending: import('./agent/day-spending.ts').DaySpending;
}

/** Undefined while `memory.embedding` is not set. Each call is one row of usage, of no turn. */
export function createEmbedding({ config, store, clock, resolve, spending }: EmbeddingParts): () => Embedder | undefined {
  return () => {
    const model = config.current().memory.embedding?.model;
    if (model === undefined) return undefined;
    return {
      model,
      async embed(agentId, texts) {
        const { limits, timezone } = config.current();
        const today = await spending.today(clock.now(), timezone);
        if (today.tokens >= limits.dayTokens || today.cost >= limits.dayCost)
          throw new CoPawError('budget-day', 'Today\u2019s limit is reached: no vectors are made.', {
            next: 'Wait until tomorrow, or raise limits.dayTokens.',
          });
        const { provider, info } = resolve(agentId, model);
        if (!provider.embed) throw new CoPawError('model-request', `${model} makes no vectors.`, { next: 'Choose another model for memory.embedding.' });
        const { vectors, usage } = await provider.embed({ model: info.id, texts }, new AbortController().signal);
        const cost = costOf(usage, info.price);
        spending.add(usage, cost);
        await store.commit({ usage: [{ turnId: '', sessionId: '', agentId, model, usage, ...(cost === undefined ? {} : { cost }), at: clock.now() }] });
        return vectors;
      },
    };
  };
}
