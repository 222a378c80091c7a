// Texts as vectors, over the wire formats that have them. The SDK is loaded on first use.
import type { ProviderConfig } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import { type Embedding, type EmbedRequest, noUsage } from '../core/model.ts';
import type { SdkEmbedder, WireParts } from './sdk.ts';

type Kind = ProviderConfig['kind'];

const embedders: Readonly<Partial<Record<Kind, (parts: WireParts, model: string) => Promise<SdkEmbedder>>>> = {
  async 'openai-compatible'({ name, baseUrl, headers, fetch }, model) {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    return createOpenAICompatible({ name, baseURL: baseUrl, headers: { ...headers }, fetch }).embeddingModel(model);
  },
  async openai({ baseUrl, headers, fetch }, model) {
    const { createOpenAI } = await import('@ai-sdk/openai');
    return createOpenAI({ baseURL: baseUrl, apiKey: 'none', headers: { ...headers }, fetch }).embeddingModel(model);
  },
  async google({ baseUrl, headers, fetch }, model) {
    const { createGoogle } = await import('@ai-sdk/google');
    return createGoogle({ baseURL: baseUrl, apiKey: 'none', headers: { ...headers }, fetch }).embeddingModel(model);
  },
};

export function hasEmbeddings(kind: Kind): boolean {
  return embedders[kind] !== undefined;
}

/** Throws what the SDK throws, and `model-answer` where the answer does not fit the texts. */
export async function embedTexts(kind: Kind, wire: WireParts, { model, texts }: EmbedRequest, signal: AbortSignal): Promise<Embedding> {
  const make = embedders[kind];
  if (make === undefined)
    throw new CoPawError('model-request', 'This provider has no embeddings.', { next: 'Choose a model of another provider for memory.embedding.' });
  const { embeddings, usage } = await (await make(wire, model)).doEmbed({ values: [...texts], abortSignal: signal });
  const length = embeddings[0]?.length ?? 0;
  if (embeddings.length !== texts.length || length === 0 || embeddings.some((vector) => vector.length !== length || !vector.every(Number.isFinite)))
    throw new CoPawError('model-answer', 'The provider sent vectors that do not fit the texts.');
  return { vectors: embeddings, usage: { ...noUsage, input: usage?.tokens ?? 0 } };
}
