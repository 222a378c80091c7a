// What was said in a conversation, as learning reads it: the words of the operator and of the assistant, nothing of tools, of strangers, and of what was passed on.
import type { Entry } from '../core/turn-event.ts';
import { hiddenTurns } from './history.ts';

export interface Said {
  readonly role: 'person' | 'assistant';
  readonly text: string;
  readonly turnId: string;
}

/** Characters of one message. */
const mostOfOne = 4_000;

/** Turns of the operator alone; without commands and what was taken back. */
export function chatTurns(entries: readonly Entry[]): readonly Said[] {
  const hidden = hiddenTurns(entries);
  const heard = new Set(
    entries.flatMap(({ event, turnId }) => (event.type === 'turn-start' && event.origin === 'operator' && !hidden.has(turnId) ? [turnId] : [])),
  );
  return entries.flatMap(({ event, turnId }) => {
    if (!heard.has(turnId) || event.type !== 'message') return [];
    const { message } = event;
    if (
      message.text.trim() === '' ||
      (message.role === 'user' && (message.origin !== 'operator' || message.forwarded || message.imported || message.heard?.failed))
    )
      return [];
    return [{ role: message.role === 'user' ? ('person' as const) : ('assistant' as const), text: message.text.slice(0, mostOfOne), turnId }];
  });
}
