// Google's Gemini API. The SDK is loaded on first use.
import type { SdkModel, WireParts } from './sdk.ts';

export async function googleModel(parts: WireParts, model: string): Promise<SdkModel> {
  const { createGoogle } = await import('@ai-sdk/google');
  return createGoogle({ baseURL: parts.baseUrl, apiKey: 'none', headers: { ...parts.headers }, fetch: parts.fetch })(model);
}
