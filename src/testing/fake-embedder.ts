// A model for vectors without a model: the same words give the same vector, and words that a test calls the same lie together.
import type { Embedding, EmbedRequest } from '../core/model.ts';
import { noUsage } from '../core/model.ts';

export interface FakeEmbedder {
  /** As `ModelProvider.embed`; one token a text. */
  embed(request: EmbedRequest): Promise<Embedding>;
  /** Every text so far, oldest first. */
  readonly texts: readonly string[];
  /** From here on each call rejects with this; undefined: none does. */
  fail(error: Error | undefined): void;
}

const dimensions = 64;

/** `same`: groups of words that mean the same. */
export function createFakeEmbedder(same: readonly (readonly string[])[] = []): FakeEmbedder {
  const first = new Map(same.flatMap((words) => words.map((word) => [word, words[0] ?? word] as const)));
  const texts: string[] = [];
  let failure: Error | undefined;
  return {
    texts,
    fail(error) {
      failure = error;
    },
    async embed(request) {
      if (failure) throw failure;
      texts.push(...request.texts);
      const vectors = request.texts.map((text) => {
        const vector = new Array<number>(dimensions).fill(0);
        for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
          for (const at of placesOf(first.get(word) ?? word)) vector[at] = (vector[at] ?? 0) + 1;
        return vector;
      });
      return { vectors, usage: { ...noUsage, input: request.texts.length } };
    },
  };
}

/** Three places of a vector, by a hash of the word (FNV-1a). */
function placesOf(word: string): number[] {
  let hash = 2_166_136_261;
  for (const character of word) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return [hash % dimensions, (hash >>> 8) % dimensions, (hash >>> 16) % dimensions];
}
