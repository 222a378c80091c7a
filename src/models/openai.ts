// OpenAI's Responses API. The SDK is loaded on first use.
import type { SdkModel, WireParts } from './sdk.ts';

export async function openaiModel(parts: WireParts, model: string): Promise<SdkModel> {
  const { createOpenAI } = await import('@ai-sdk/openai');
  return createOpenAI({ baseURL: parts.baseUrl, apiKey: 'none', headers: { ...parts.headers }, fetch: parts.fetch }).responses(model);
}
