import { describe, expect, test } from 'vitest';
import { contextLimitIn, contextLimitOf, saysTooLong } from './context-limit.ts';
import { classifyFailure } from './failure.ts';

const said: readonly (readonly [provider: string, words: string, limit: number | undefined])[] = [
  ['openai', "This model's maximum context length is 128000 tokens. However, your messages resulted in 130012 tokens.", 128_000],
  ['openai responses', 'Your input exceeds the context window of this model. Please adjust your input and try again.', undefined],
  ['vllm', 'The prompt (total length 5000) is too long to fit into the model (context length 4096).', 4_096],
  ['vllm', "Input length (5000) exceeds model's maximum context length (4096).", 4_096],
  ['anthropic', 'prompt is too long: 205000 tokens > 200000 maximum', 200_000],
  ['anthropic', 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length', 200_000],
  ['google', 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', 1_048_576],
  ['llama.cpp', '{"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":5000,"n_ctx":4096}', 4_096],
  ['mistral', 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length', 32_768],
  ['dashscope', 'Range of input length should be [1, 30720]', 30_720],
  ['moonshot', 'Invalid request: Your request exceeded model token limit: 8192', 8_192],
  ['with commas', 'maximum context length is 1,048,576 tokens', 1_048_576],
];

describe('what a refusal says of the window', () => {
  test.each(said)('%s: %s', (_provider, words, limit) => {
    expect(saysTooLong(words)).toBe(true);
    expect(contextLimitIn(words)).toEqual(limit === undefined ? {} : { contextTokens: limit });
    const { failure } = classifyFailure(Object.assign(new Error(words), { statusCode: 400 }), { redact: (text) => text, now: 0, aborted: false });
    expect([failure.code, failure.contextTokens]).toEqual(['model-context', limit]);
  });

  test('the size of the request is no limit, nor is a number that cannot be one', () => {
    for (const words of ['you sent 130012 tokens', 'maximum context length is 12', 'rate limit of 40000 tokens per minute'])
      expect(contextLimitIn(words)).toEqual({});
  });
});

test('of a list of models the least is taken that it says', () => {
  expect(contextLimitOf({ id: 'm', context_length: 8_192, max_model_len: 4_096 })).toEqual({ contextTokens: 4_096 });
  expect(contextLimitOf({ id: 'm', meta: { n_ctx: 2_048, n_ctx_train: 131_072 } })).toEqual({ contextTokens: 2_048 });
  expect(contextLimitOf({ id: 'm', inputTokenLimit: 1_048_576 })).toEqual({ contextTokens: 1_048_576 });
  expect(contextLimitOf({ id: 'm', context_length: 'large', max_model_len: 0 })).toEqual({});
});
