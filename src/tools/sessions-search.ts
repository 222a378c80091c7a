// sessions_search: finds what was said in earlier conversations, and reads on from a found place.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { localText } from './local-time.ts';

/** Characters of all messages that are read at once, and of the shortest part of one. */
const mostText = 12_000;

export const sessionsSearch = defineTool({
  name: 'sessions_search',
  description: 'Search word for word what was said in earlier conversations, or read on at a found place. For this conversation use recall.',
  input: z
    .strictObject({
      query: z.string().min(1).max(1000).optional().describe('Words to look for'),
      place: z.string().min(3).max(300).optional().describe('A found place, to read what is around it'),
      limit: z.int().min(1).max(20).optional().describe('Messages; default 6. 1 with a place: all of it'),
    })
    .refine(({ query, place }) => (query === undefined) !== (place === undefined), 'Give a query or a place.'),
  sideEffect: 'none',
  effects: () => [{ kind: 'memory', access: 'read' }],
  async run({ query, place, limit = 6 }, hands) {
    const line = (at: number, role: string, where: string): string =>
      `[${where}] ${localText(at, hands.place.timezone)}, ${role === 'user' ? 'the person' : 'you'}:`;
    if (place !== undefined) {
      const { title, tainted, messages } = await hands.sessions.read(place, limit);
      const most = Math.floor(mostText / Math.max(1, messages.length));
      const texts = messages.map(({ place: where, at, role, text }) => `${line(at, role, where)}\n${cut(text, most)}`);
      return { text: [`Conversation "${title}"`, ...texts].join('\n\n'), tainted };
    }
    const hits = await hands.sessions.search(query ?? '', limit);
    if (hits.length === 0) return { text: 'Nothing found.' };
    const texts = hits.map(({ place: where, at, role, title, excerpt }) => `${line(at, role, where)} (conversation "${title}")\n${excerpt}`);
    return { text: texts.join('\n\n'), tainted: hits.some((hit) => hit.tainted) };
  },
});

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most).toWellFormed()}\n[${text.length - most} characters cut; read it with limit 1]`;
