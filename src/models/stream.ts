// The SDK's stream parts as ModelEvents, and the echo of what was said.
import type { ModelEvent, ToolCall } from '../core/model.ts';
import type { Echo } from './messages.ts';
import type { SdkPart } from './sdk.ts';

type EchoPart = Echo['parts'][number];

/** Yields deltas, calls and one `finish`. Throws what the stream reports, and `StreamEnded` when it stops without a finish. */
export async function* toModelEvents(kind: string, parts: AsyncIterable<SdkPart>): AsyncGenerator<ModelEvent> {
  const echo: EchoPart[] = [];
  const open = new Map<string, EchoPart & { text: string }>();
  let calls = 0;
  for await (const part of parts) {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
      case 'text-delta':
      case 'reasoning-delta':
      case 'text-end':
      case 'reasoning-end': {
        const type = part.type.startsWith('text') ? 'text' : 'reasoning';
        let block = open.get(`${type} ${part.id}`);
        if (!block) {
          block = { type, text: '' };
          open.set(`${type} ${part.id}`, block);
          echo.push(block);
        }
        if (part.providerMetadata) block.options = { ...block.options, ...plain(part.providerMetadata) };
        if (part.type.endsWith('-end')) open.delete(`${type} ${part.id}`);
        if ('delta' in part && part.delta !== '') {
          block.text += part.delta;
          yield type === 'text' ? { type: 'text-delta', text: part.delta } : { type: 'thinking-delta', text: part.delta };
        }
        break;
      }
      case 'tool-call': {
        calls += 1;
        echo.push({ type: 'tool-call', id: part.toolCallId, ...(part.providerMetadata ? { options: plain(part.providerMetadata) } : {}) });
        yield { type: 'tool-call', call: readCall(part.toolCallId, part.toolName, part.input) };
        break;
      }
      case 'error':
        throw part.error;
      case 'finish': {
        const { inputTokens, outputTokens } = part.usage;
        const unified = part.finishReason.unified;
        if (unified === 'error') throw new StreamEnded('The model reported an error.');
        if (unified === 'other' && part.finishReason.raw === undefined && calls === 0) throw new StreamEnded('The stream ended early.');
        yield {
          type: 'finish',
          reason: calls > 0 ? 'tool-calls' : unified === 'length' ? 'length' : unified === 'content-filter' ? 'filter' : 'stop',
          usage: {
            input: inputTokens.total ?? 0,
            cachedInput: inputTokens.cacheRead ?? 0,
            output: outputTokens.total ?? 0,
            reasoning: outputTokens.reasoning ?? 0,
          },
          ...(echo.some((piece) => piece.options) ? { echo: { kind, parts: echo } satisfies Echo } : {}),
        };
        return;
      }
    }
  }
  throw new StreamEnded('The stream ended early.');
}

/** The connection closed before the answer was complete. */
export class StreamEnded extends Error {}

function plain(metadata: NonNullable<Extract<SdkPart, { type: 'text-end' }>['providerMetadata']>): NonNullable<EchoPart['options']> {
  return JSON.parse(JSON.stringify(metadata));
}

/** Arguments that are not JSON are kept as they came, in `broken`. */
function readCall(id: string, name: string, text: string): ToolCall {
  try {
    const input: unknown = text.trim() === '' ? {} : JSON.parse(text);
    return { id, name, input };
  } catch {
    return { id, name, input: undefined, broken: text };
  }
}
