// Covered messages as the text a summary is written from: who said what, each shortened as far as it must be.
import type { Entry } from '../core/turn-event.ts';
import { hiddenTurns } from './history.ts';
import { estimateTokens } from './tokens.ts';

/** Characters of one message, first try and last. */
const longest = 4_000;
const shortest = 120;

/** Fits so many tokens: messages are shortened alike, and if that is not enough the oldest are left out, which is said. */
export function transcriptOf(entries: readonly Entry[], tokens: number): string {
  for (let most = longest; ; most /= 2) {
    const lines = linesOf(entries, Math.max(shortest, most));
    const text = lines.join('\n');
    if (estimateTokens(text) <= tokens) return text;
    if (most <= shortest) return newest(lines, tokens);
  }
}

function newest(lines: readonly string[], tokens: number): string {
  let left = tokens - 30;
  let first = lines.length;
  while (first > 0) {
    left -= estimateTokens(lines[first - 1] ?? '') + 1;
    if (left < 0) break;
    first--;
  }
  return [`[${first} older messages are not shown]`, ...lines.slice(first)].join('\n');
}

function linesOf(entries: readonly Entry[], most: number): readonly string[] {
  const hidden = hiddenTurns(entries);
  return entries.flatMap(({ seq, event, turnId }) => {
    if (hidden.has(turnId)) return [];
    if (event.type === 'tool-end') return [`#${seq} result of ${event.name} (${event.outcome}): ${shorten(event.text, Math.min(most, 800))}`];
    if (event.type !== 'message') return [];
    const { message } = event;
    if (message.role === 'user') {
      const files = message.attachments.map(({ path }) => ` [attached: ${path}]`).join('');
      return [`#${seq} ${message.origin === 'operator' ? 'person' : `person ${JSON.stringify(message.sender.id)}`}: ${shorten(message.text, most)}${files}`];
    }
    const calls = message.toolCalls.map(({ name, input }) => `#${seq} assistant calls ${name}: ${shorten(JSON.stringify(input) ?? '', Math.min(most, 400))}`);
    return [...(message.text === '' ? [] : [`#${seq} assistant: ${shorten(message.text, most)}`]), ...calls];
  });
}

/** The beginning and the end. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor(most / 4);
  return `${text.slice(0, most - tail)} […] ${text.slice(-tail)}`.toWellFormed();
}
