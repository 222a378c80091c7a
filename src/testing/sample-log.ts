// Logs of conversations as they come about, for tests that look at any of them: turns with steps, calls and results, reminders between, commands, crashes.
import type { DurableEvent, Entry } from '../core/turn-event.ts';

/** What happens in one turn. */
export interface SampleTurn {
  readonly text: string;
  /** Calls of each step; a result of so many characters each, or none where it is negative: the turn was stopped or died there. */
  readonly steps: readonly (readonly number[])[];
  /** A reminder is said in the middle of its last step. */
  readonly reminded?: boolean;
  /** It only answers a command. */
  readonly command?: boolean;
  /** It was resumed after a crash. */
  readonly resumed?: boolean;
  /** It still runs. */
  readonly open?: boolean;
}

const start = (command: boolean, resumed = false): DurableEvent => ({
  ...({ type: 'turn-start', origin: 'operator', answerId: 'a', resumed } as const),
  ...(command ? { command: 'status' } : {}),
});
const end: DurableEvent = { type: 'turn-end', outcome: 'answered', answerId: 'a', usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 } };

export const sampleUser = (text: string, id = text): DurableEvent => ({
  type: 'message',
  message: { role: 'user', id, text, attachments: [], sender: { id: 'operator' }, origin: 'operator' },
});

export const sampleAssistant = (text: string, calls: readonly string[] = [], step = 0): DurableEvent => ({
  type: 'message',
  message: { role: 'assistant', id: 'a', step, text, toolCalls: calls.map((id) => ({ id, name: 'read_file', input: { path: id } })) },
});

export const sampleResult = (callId: string, text: string): DurableEvent => ({ type: 'tool-end', callId, name: 'read_file', outcome: 'ok', text });

/** Entries of these turns, one after the other; call ids repeat from turn to turn, as some providers make them. */
export function sampleLog(turns: readonly SampleTurn[], from = 1): readonly Entry[] {
  const entries: Entry[] = [];
  const add = (turnId: string, ...events: readonly DurableEvent[]): void => {
    for (const event of events) entries.push({ seq: from + entries.length, sessionId: 's', turnId, at: Date.UTC(2026, 0, 5, 8), event });
  };
  for (const [index, turn] of turns.entries()) {
    const id = `t${from}-${index}`;
    add(id, start(turn.command === true), sampleUser(turn.text));
    for (const [step, sizes] of turn.steps.entries()) {
      const calls = sizes.map((_, call) => `call-${step}-${call}`);
      add(id, sampleAssistant(`step ${step}`, calls, step));
      if (turn.reminded && step === turn.steps.length - 1) add(`${id}-reminder`, start(false), sampleAssistant('⏰ tea'), end);
      if (turn.resumed) add(id, start(false, true));
      for (const [call, size] of sizes.entries()) if (size >= 0) add(id, sampleResult(calls[call] ?? '', 'x'.repeat(size)));
    }
    if (!turn.open) add(id, sampleAssistant('done', [], turn.steps.length), end);
  }
  return entries;
}
