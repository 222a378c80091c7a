// Chat Completions as most servers speak it. The SDK is loaded on first use.
import type { SdkModel, WireParts } from './sdk.ts';

export async function openaiCompatibleModel(parts: WireParts, model: string): Promise<SdkModel> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({
    name: parts.name,
    baseURL: parts.baseUrl,
    headers: { ...parts.headers },
    fetch: parts.fetch,
    includeUsage: true,
  }).chatModel(model);
}
