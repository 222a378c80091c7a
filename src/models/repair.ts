// Makes any history one that every wire API accepts: each call has exactly one result, right behind it, and no result stands alone.
import type { ModelMessage, ToolCall } from '../core/model.ts';

type ToolMessage = Extract<ModelMessage, { role: 'tool' }>;

/** Drops orphan and second results and second calls of one id, moves results behind their call, and gives calls without one a failed result. */
export function repairHistory(messages: readonly ModelMessage[]): ModelMessage[] {
  const results = new Map<string, ToolMessage>();
  const called = new Set<string>();
  for (const message of messages) {
    if (message.role === 'assistant') for (const call of message.toolCalls) called.add(call.id);
    // A result before its call answers nothing.
    if (message.role === 'tool' && called.has(message.callId) && !results.has(message.callId)) results.set(message.callId, message);
  }
  const seen = new Set<string>();
  const repaired: ModelMessage[] = [];
  for (const message of messages) {
    if (message.role === 'tool') continue;
    if (message.role === 'user') {
      repaired.push(message);
      continue;
    }
    const toolCalls: ToolCall[] = [];
    for (const call of message.toolCalls) {
      if (seen.has(call.id)) continue;
      seen.add(call.id);
      toolCalls.push(call);
    }
    if (toolCalls.length === 0 && message.text === '' && message.echo === undefined) continue;
    repaired.push(toolCalls.length === message.toolCalls.length ? message : { ...message, toolCalls });
    for (const call of toolCalls) {
      const result = results.get(call.id);
      repaired.push(
        result ? { ...result, name: call.name } : { role: 'tool', callId: call.id, name: call.name, text: 'No result was recorded.', failed: true },
      );
    }
  }
  return repaired;
}
