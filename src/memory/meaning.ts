// Memory by meaning, where a model for vectors is configured: vectors are made in the background, and are searched beside the words. Without it nothing is lost.
import type { FoundChunk, MemoryIndex } from '../core/memory.ts';
import { breath, type Clock } from '../lib/clock.ts';
import { quantize, similarity } from './vectors.ts';

/** Makes vectors with the configured model; counts what it costs. */
export interface Embedder {
  /** "provider/model": vectors of another are of no use. */
  readonly model: string;
  /** Rejects where the provider fails. */
  embed(agentId: string, texts: readonly string[]): Promise<readonly (readonly number[])[]>;
}

export interface Meaning {
  /** Chunks near a question, the nearest first; none where vectors cannot be had. */
  near(agentId: string, question: string, limit: number): Promise<readonly { readonly chunk: FoundChunk; readonly similarity: number }[]>;
  /** Makes the vectors that are missing, in the background, one run at a time. */
  fill(agentId: string): void;
  /** Resolves when no run is going on. */
  idle(): Promise<void>;
}

/** Texts of one call. */
const batch = 64;
/** Characters of a text that are sent. */
const mostCharacters = 2_000;
/** Rows compared before others get their turn: about three milliseconds. */
const page = 2_000;
/** Less is chance. */
const leastSimilarity = 0.35;
/** After a failure the provider is left alone so long. */
const restMs = 5 * 60_000;

export function createMeaning(parts: {
  readonly index: MemoryIndex;
  readonly clock: Pick<Clock, 'steady'>;
  /** Undefined: by words alone. */
  readonly embedder: () => Embedder | undefined;
  /** Called for the first failure after a success. */
  readonly onFailure: (error: unknown) => void;
}): Meaning {
  const { index } = parts;
  const running = new Map<string, Promise<void>>();
  let restUntil = Number.NEGATIVE_INFINITY;
  let failing = false;
  const embed = async (embedder: Embedder, agentId: string, texts: readonly string[]): Promise<readonly Int8Array[] | undefined> => {
    if (parts.clock.steady() < restUntil) return undefined;
    try {
      const vectors = await embedder.embed(
        agentId,
        texts.map((text) => text.slice(0, mostCharacters)),
      );
      failing = false;
      return vectors.map(quantize);
    } catch (error) {
      restUntil = parts.clock.steady() + restMs;
      if (!failing) parts.onFailure(error);
      failing = true;
      return undefined;
    }
  };
  const fillAll = async (agentId: string): Promise<void> => {
    for (;;) {
      const embedder = parts.embedder();
      const missing = embedder === undefined ? [] : await index.withoutVector(agentId, embedder.model, batch);
      if (embedder === undefined || missing.length === 0) return;
      const vectors = await embed(
        embedder,
        agentId,
        missing.map(({ text }) => text),
      );
      if (vectors === undefined) return;
      await index.putVectors(
        agentId,
        embedder.model,
        missing.flatMap(({ hash }, at) => (vectors[at] === undefined ? [] : [{ hash, vector: vectors[at] }])),
      );
    }
  };
  return {
    fill(agentId) {
      if (running.has(agentId) || parts.embedder() === undefined) return;
      const run = fillAll(agentId)
        .catch(parts.onFailure)
        .finally(() => running.delete(agentId));
      running.set(agentId, run);
    },
    async idle() {
      await Promise.all(running.values());
    },
    async near(agentId, question, limit) {
      const embedder = parts.embedder();
      const asked = embedder === undefined ? undefined : (await embed(embedder, agentId, [question]))?.[0];
      if (embedder === undefined || asked === undefined) return [];
      let best: { readonly hash: string; readonly similarity: number }[] = [];
      for (let after = ''; ; ) {
        const rows = await index.vectors(agentId, embedder.model, { after, limit: page });
        const near = rows.map(({ hash, vector }) => ({ hash, similarity: similarity(asked, vector) })).filter((row) => row.similarity >= leastSimilarity);
        best = [...best, ...near].sort((a, b) => b.similarity - a.similarity).slice(0, limit);
        const last = rows.at(-1);
        if (last === undefined || rows.length < page) break;
        after = last.hash;
        await breath();
      }
      const chunks = await index.byHash(
        agentId,
        best.map(({ hash }) => hash),
      );
      const byHash = new Map(chunks.map((chunk) => [chunk.hash, chunk]));
      return best.flatMap(({ hash, similarity: of }) => {
        const chunk = byHash.get(hash);
        return chunk === undefined ? [] : [{ chunk, similarity: of }];
      });
    },
  };
}
