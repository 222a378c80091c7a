// The SDK's types, taken from the packages we depend on. They stay inside src/models.
import type { OpenAIProvider } from '@ai-sdk/openai';

export type SdkModel = ReturnType<OpenAIProvider['responses']>;
export type SdkOptions = Parameters<SdkModel['doStream']>[0];
export type SdkEmbedder = ReturnType<OpenAIProvider['embeddingModel']>;
type SdkPrompt = SdkOptions['prompt'];
export type SdkMessage = SdkPrompt[number];
export type SdkAssistantPart = Extract<SdkMessage, { role: 'assistant' }>['content'][number];
type SdkStream = Awaited<ReturnType<SdkModel['doStream']>>['stream'];
export type SdkPart = SdkStream extends ReadableStream<infer Part> ? Part : never;

/** What every wire file needs to make its model. */
export interface WireParts {
  readonly name: string;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Puts the key into its header; the SDK never holds it. */
  readonly fetch: typeof globalThis.fetch;
}
