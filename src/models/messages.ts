// Our messages as the SDK's prompt. Provider data (signatures, encrypted reasoning) comes back through `echo`, to the same wire API only.
import { z } from 'zod';
import type { ModelImage, ModelMessage, ModelRequest } from '../core/model.ts';
import { repairHistory } from './repair.ts';
import type { SdkAssistantPart, SdkMessage, SdkOptions } from './sdk.ts';

const options = z.record(z.string(), z.record(z.string(), z.json())).optional();
const echoSchema = z.object({
  kind: z.string(),
  parts: z.array(
    z.union([
      z.object({ type: z.enum(['text', 'reasoning']), text: z.string(), options }),
      z.object({ type: z.literal('tool-call'), id: z.string(), options }),
    ]),
  ),
});

/** What `finish.echo` holds: the answer's parts in order, with the provider's own data. */
export type Echo = z.infer<typeof echoSchema>;

/** The prompt, its tools, and the cache marks of the wire API. */
export function toSdkOptions(kind: string, request: ModelRequest): SdkOptions {
  const cached = kind === 'anthropic' ? { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } } : {};
  const system: SdkMessage[] = request.system === '' ? [] : [{ role: 'system', content: request.system, ...cached }];
  const last = request.tools.length - 1;
  return {
    prompt: [...system, ...repairHistory(request.messages).map((message) => toSdkMessage(kind, message))],
    ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens }),
    ...(last < 0
      ? {}
      : {
          tools: request.tools.map((tool, index) => ({
            type: 'function' as const,
            name: tool.name,
            description: tool.description,
            inputSchema: { ...tool.schema },
            ...(index === last ? cached : {}),
          })),
        }),
    ...(kind === 'openai'
      ? { providerOptions: { openai: { store: false, ...(request.cacheKey === undefined ? {} : { promptCacheKey: request.cacheKey }) } } }
      : {}),
  };
}

function toSdkMessage(kind: string, message: ModelMessage): SdkMessage {
  if (message.role === 'user') return { role: 'user', content: [{ type: 'text', text: message.text }, ...(message.images ?? []).map(imagePart)] };
  if (message.role === 'assistant') return { role: 'assistant', content: assistantParts(kind, message) };
  const images = message.images ?? [];
  const output =
    images.length > 0
      ? { type: 'content' as const, value: [{ type: 'text' as const, text: message.text }, ...images.map(imagePart)] }
      : { type: message.failed ? ('error-text' as const) : ('text' as const), value: message.text };
  return { role: 'tool', content: [{ type: 'tool-result', toolCallId: message.callId, toolName: message.name, output }] };
}

function imagePart(image: ModelImage) {
  return { type: 'file' as const, mediaType: image.mediaType, data: { type: 'data' as const, data: image.data } };
}

function assistantParts(kind: string, message: Extract<ModelMessage, { role: 'assistant' }>): SdkAssistantPart[] {
  const parts: SdkAssistantPart[] = [];
  const calls = new Map(message.toolCalls.map((call) => [call.id, call]));
  const addCall = (id: string, data?: z.infer<typeof options>): void => {
    const call = calls.get(id);
    calls.delete(id);
    if (call) parts.push({ type: 'tool-call', toolCallId: id, toolName: call.name, input: call.input ?? {}, ...(data ? { providerOptions: data } : {}) });
  };
  const echo = echoSchema.safeParse(message.echo);
  if (echo.success && echo.data.kind === kind) {
    for (const part of echo.data.parts) {
      if (part.type === 'tool-call') addCall(part.id, part.options);
      else parts.push({ type: part.type, text: part.text, ...(part.options ? { providerOptions: part.options } : {}) });
    }
  } else if (message.text !== '') parts.push({ type: 'text', text: message.text });
  for (const id of [...calls.keys()]) addCall(id);
  return parts;
}
