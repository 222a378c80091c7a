// Anthropic's Messages API. The SDK is loaded on first use.
import type { SdkModel, WireParts } from './sdk.ts';

export async function anthropicModel(parts: WireParts, model: string): Promise<SdkModel> {
  const { createAnthropic } = await import('@ai-sdk/anthropic');
  return createAnthropic({ baseURL: parts.baseUrl, apiKey: 'none', headers: { ...parts.headers }, fetch: parts.fetch })(model);
}
