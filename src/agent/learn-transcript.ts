// What was said in a conversation, as learning reads it: the words of the operator and of the assistant, nothing of tools and of strangers.
import type { Entry } from '../core/turn-event.ts';

export interface Said {
  readonly role: 'person' | 'assistant';
  readonly text: string;
  readonly turnId: string;
}

/** Characters of one message. */
const mostOfOne = 4_000;

/** Turns of the operator alone; without commands and what was taken back. */
export function chatTurns(entries: readonly Entry[]): readonly Said[] {
  const undone = new Set(entries.flatMap(({ event }) => (event.type === 'turn-undone' ? [event.target] : [])));
  const heard = new Set(
    entries.flatMap(({ event, turnId }) =>
      event.type === 'turn-start' && event.origin === 'operator' && event.command === undefined && !undone.has(turnId) ? [turnId] : [],
    ),
  );
  return entries.flatMap(({ event, turnId }) => {
    if (!heard.has(turnId) || event.type !== 'message') return [];
    const { message } = event;
    if (message.text.trim() === '' || (message.role === 'user' && message.origin !== 'operator')) return [];
    return [{ role: message.role === 'user' ? ('person' as const) : ('assistant' as const), text: message.text.slice(0, mostOfOne), turnId }];
  });
}

/** Material between marks that nothing inside can end. */
export function inMarks(name: string, text: string): string {
  return `<${name}>\n${text.replace(new RegExp(`<(?=/?${name}\\b)`, 'giu'), '‹')}\n</${name}>`;
}
