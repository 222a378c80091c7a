// What tests look for in the events of a turn, and their order as docs/architecture.md promises it, checked event by event.
import { expect } from 'vitest';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { compareIds } from '../../src/http/event-stream.ts';

/** Fails at the first event that is out of place. `late`: whoever listened may have joined behind the draft of a step, and then sees its message alone. */
export function expectDocumentedOrder(events: readonly PlacedEvent[], late = false): void {
  const first = events[0];
  const last = events.at(-1);
  expect([first?.type, last?.type]).toEqual(['turn-start', 'turn-end']);
  expect(new Set(events.map((event) => event.turnId)).size).toBe(1);
  let drafted = '';
  let step = -1;
  const called = new Map<string, string>();
  const running = new Set<string>();
  const asked = new Set<string>();
  events.forEach((event, index) => {
    const before = events[index - 1];
    const place = `${event.type} ${event.id}`;
    if (before) expect(compareIds(before.id, event.id), place).toBeLessThan(0);
    if (event.type === 'turn-start') expect(index, place).toBe(0);
    if (event.type === 'turn-end') expect([index, running.size, called.size], place).toEqual([events.length - 1, 0, 0]);
    if (event.type === 'draft-reset') drafted = '';
    if (event.type === 'text-delta') {
      expect(event.step, place).toBe(step + 1);
      expect(called.size, place).toBe(0);
      drafted += event.text;
    }
    if (event.type === 'message' && event.message.role === 'user') expect(before?.type, place).toMatch(/^turn-start$|^message$|^tool-end$/u);
    if (event.type === 'message' && event.message.role === 'assistant') {
      expect(called.size, place).toBe(0);
      expect(event.message.step, place).toBe(step + 1);
      if (!late || drafted !== '') expect(drafted, place).toBe(event.message.text);
      step = event.message.step;
      drafted = '';
      for (const call of event.message.toolCalls) called.set(call.id, call.name);
    }
    if (event.type === 'approval-request') asked.add(event.approval.id);
    if (event.type === 'approval-answer') expect(asked.delete(event.approvalId), place).toBe(true);
    if (event.type === 'tool-start') {
      expect(called.get(event.callId), place).toBe(event.name);
      running.add(event.callId);
    }
    if (event.type === 'tool-progress') expect(running.has(event.callId), place).toBe(true);
    if (event.type === 'tool-end') {
      expect([running.delete(event.callId), called.get(event.callId)], place).toEqual([true, event.name]);
      called.delete(event.callId);
    }
  });
  expect(asked.size).toBe(0);
}

/** The types of the events that are kept. */
export function keptTypes(events: readonly PlacedEvent[]): readonly string[] {
  return events.flatMap((event) => (event.id.includes('.') ? [] : [event.type]));
}

/** The assistant's messages, oldest first. */
export function spoken(events: readonly PlacedEvent[]) {
  return events.flatMap((event) => (event.type === 'message' && event.message.role === 'assistant' ? [event.message] : []));
}

/** All events of one type. */
export function only<T extends PlacedEvent['type']>(events: readonly PlacedEvent[], type: T): readonly Extract<PlacedEvent, { type: T }>[] {
  return events.filter((event): event is Extract<PlacedEvent, { type: T }> => event.type === type);
}
