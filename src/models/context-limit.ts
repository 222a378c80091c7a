// How many tokens a model takes, as providers say it: in the refusal of a request that is too long, and in their lists of models. Data.
import { z } from 'zod';

/** Whether a refusal is about the length of the request. */
export function saysTooLong(text: string): boolean {
  return /context.{0,10}(?:length|window|size|limit)|(?:prompt|input|request).{0,24} (?:is|are) too (?:long|large)|maximum.{0,20}tokens|input token count|exceed_context_size|model token limit|range of input length|too large for model/iu.test(
    text,
  );
}

/** The number is the first group. Sizes of the request stand near it in most of these; only what is named as the limit counts. */
const limits: readonly RegExp[] = [
  // OpenAI, vLLM, DeepSeek, OpenRouter and most that speak its format
  /maximum context length (?:is|of) (\d+)/iu,
  /maximum context length \((\d+)\)/iu,
  /with (\d+) maximum context length/iu,
  /\(context length (\d+)\)/iu,
  // llama.cpp
  /"n_ctx":\s*(\d+)/u,
  /available context size \((\d+)/iu,
  // Anthropic
  /prompt is too long: \d+ tokens > (\d+)/iu,
  /exceed context limit: \d+ \+ \d+ > (\d+)/iu,
  // Google
  /maximum number of tokens allowed \((\d+)\)/iu,
  // DashScope, Moonshot
  /range of input length should be \[\d+, ?(\d+)\]/iu,
  /model token limit: (\d+)/iu,
  // LM Studio, gateways
  /context (?:length|window|size)(?: of| is|:)?(?: only)? (\d+)(?: tokens)?/iu,
];

/** What a refusal names as the limit; empty where it names none. */
export function contextLimitIn(text: string): { readonly contextTokens?: number } {
  const plain = text.replace(/(\d)[,_](?=\d{3})/gu, '$1');
  for (const pattern of limits) {
    const tokens = Number(pattern.exec(plain)?.[1]);
    if (isLimit(tokens)) return { contextTokens: tokens };
  }
  return {};
}

/** Members of a row in a list of models: OpenRouter and Together, vLLM, Groq, Mistral, LM Studio, Google, llama.cpp. */
const members = ['context_length', 'max_model_len', 'context_window', 'max_context_length', 'inputTokenLimit', 'loaded_context_length'] as const;
const llamaMeta = z.looseObject({ n_ctx: z.number().optional() });

/** What a list says of a model, the least where it says several things; empty where it says nothing. */
export function contextLimitOf(row: Readonly<Record<string, unknown>>): { readonly contextTokens?: number } {
  const meta = llamaMeta.safeParse(row.meta);
  const said = [...members.map((member) => row[member]), meta.success ? meta.data.n_ctx : undefined]
    .filter((value) => typeof value === 'number')
    .filter(isLimit);
  return said.length === 0 ? {} : { contextTokens: Math.min(...said) };
}

/** No model takes less than some hundreds, and none more than this yet. */
const isLimit = (tokens: number): boolean => Number.isInteger(tokens) && tokens >= 256 && tokens <= 100_000_000;
