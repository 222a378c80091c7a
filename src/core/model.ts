// The model contract. A provider never rejects for model or network reasons: the last event is `finish` or `error`.
import type { ErrorCode } from './error.ts';

/** A tool call as the model made it. `broken` holds the raw text when the arguments were not JSON; `input` is then undefined. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly broken?: string;
}

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string; readonly images?: readonly ModelImage[] }
  | { readonly role: 'assistant'; readonly text: string; readonly thinking?: string; readonly toolCalls: readonly ToolCall[]; readonly echo?: unknown }
  | {
      readonly role: 'tool';
      readonly callId: string;
      readonly name: string;
      readonly text: string;
      readonly failed: boolean;
      readonly images?: readonly ModelImage[];
    };

export interface ModelImage {
  readonly mediaType: string;
  readonly data: Uint8Array;
}

/** Bytes of the largest picture that a model is shown. */
export const mostImageBytes = 10 * 1024 * 1024;

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  /** The provider's own model id. */
  readonly model: string;
  /** Byte-stable between turns unless its sources changed. */
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolDefinition[];
  readonly maxOutputTokens?: number;
  /** Stable per session; providers that cache by key use it. */
  readonly cacheKey?: string;
}

/** Tokens. `input` includes `cachedInput`; `output` includes `reasoning`. Unknown numbers are 0. */
export interface Usage {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface ModelFailure {
  readonly code: ErrorCode;
  /** For people; never raw provider text, never a secret. */
  readonly message: string;
  readonly next?: string;
  readonly retryable: boolean;
  /** Of `model-context`: how many tokens the model takes, where the provider said so. */
  readonly contextTokens?: number;
  /** The provider's words, redacted and capped, for logs only. */
  readonly detail?: string;
}

export type ModelEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'thinking-delta'; readonly text: string }
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  /** The request is being sent again from the start: whatever was streamed before is void. */
  | { readonly type: 'retry'; readonly failure: ModelFailure; readonly waitMs: number; readonly attempt: number }
  /** `echo` is opaque provider data (signatures, encrypted reasoning) to hand back with this message; plain JSON. */
  | { readonly type: 'finish'; readonly reason: 'stop' | 'tool-calls' | 'length' | 'filter'; readonly usage: Usage; readonly echo?: unknown }
  | { readonly type: 'error'; readonly failure: ModelFailure; readonly usage?: Usage };

/** declared: by config. list: from the provider's list of models. refusal: the provider refused a request for its length. default: nobody said, so little is assumed. */
export const windowSources = ['declared', 'list', 'refusal', 'default'] as const;

/** How many tokens a model takes, request and answer together, and from where that is known. */
export interface KnownWindow {
  readonly tokens: number;
  readonly source: (typeof windowSources)[number];
}

export interface ModelInfo {
  /** The provider's own model id. */
  readonly id: string;
  /** Tokens; undefined when not known. Never guessed upward. */
  readonly contextTokens?: number;
  readonly images?: boolean;
  readonly tools?: boolean;
  /** US dollars per million tokens; `minute`: a minute of sound. */
  readonly price?: { readonly input: number; readonly cachedInput?: number; readonly output: number; readonly minute?: number };
}

/** Texts to turn into vectors, all of one model. */
export interface EmbedRequest {
  /** The provider's own model id. */
  readonly model: string;
  /** At most 100. */
  readonly texts: readonly string[];
}

export interface Embedding {
  /** One for each text, in their order; all of one length. */
  readonly vectors: readonly (readonly number[])[];
  readonly usage: Usage;
}

/** What nearly every model that writes speech down takes, by the bytes, and the ending a provider knows it by. */
export const spokenTypes: Readonly<Record<string, string>> = {
  'audio/flac': 'flac',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/webm': 'webm',
};

/** Sound whose words are to be written down. */
export interface SpeechRequest {
  /** The provider's own model id. */
  readonly model: string;
  readonly sound: Uint8Array;
  /** One of `spokenTypes`. */
  readonly mediaType: string;
  /** ISO 639-1; absent: the model finds out. */
  readonly language?: string;
  /** Milliseconds for all of it: every try, and the waits between them. */
  readonly limitMs: number;
}

export interface Speech {
  /** Empty where nothing was said. */
  readonly text: string;
  /** Tokens, where the provider counts those. */
  readonly usage: Usage;
  /** Length of the sound, where the provider says it. */
  readonly seconds?: number;
}

export interface ModelProvider {
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
  /** What the provider offers. Throws a CoPawError with a `model-…` code. */
  models(signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /** Absent where the wire format has no embeddings. Throws a CoPawError with a `model-…` code; is not tried again. */
  embed?(request: EmbedRequest, signal: AbortSignal): Promise<Embedding>;
  /** Writes down what is said. Absent where the wire format has no such thing. Throws a CoPawError with a `model-…` code, or `cancelled`; tries again where that helps. */
  transcribe?(request: SpeechRequest, signal: AbortSignal): Promise<Speech>;
}

/** A model ready to be called: "provider/model" as config names it. */
export interface ReadyModel {
  readonly ref: string;
  readonly provider: ModelProvider;
  readonly info: ModelInfo;
}

export const noUsage: Usage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return { input: a.input + b.input, cachedInput: a.cachedInput + b.cachedInput, output: a.output + b.output, reasoning: a.reasoning + b.reasoning };
}

/** US dollars, or undefined when the price is not known. */
export function costOf(usage: Usage, price: ModelInfo['price']): number | undefined {
  if (!price) return undefined;
  const fresh = usage.input - usage.cachedInput;
  return (fresh * price.input + usage.cachedInput * (price.cachedInput ?? price.input) + usage.output * price.output) / 1_000_000;
}

/** What it cost to write speech down; undefined when the price, or what it counts, is not known. */
export function speechCost({ usage, seconds }: Pick<Speech, 'usage' | 'seconds'>, price: ModelInfo['price']): number | undefined {
  if (price?.minute !== undefined) return seconds === undefined ? undefined : (seconds / 60) * price.minute;
  return usage.input + usage.output > 0 ? costOf(usage, price) : undefined;
}
