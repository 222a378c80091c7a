// recall: reads this conversation's own log, also what the agent does not see any more.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { localText } from './local-time.ts';

const pageLength = 8_000;

export const recall = defineTool({
  name: 'recall',
  description:
    'Look up what was said, or what a tool returned, earlier in this conversation, also what you do not see any more: words finds it, id reads one message or result whole.',
  input: z.strictObject({
    words: z.string().min(1).max(1000).optional().describe('Words to look for'),
    id: z
      .string()
      .regex(/^#\d{1,15}$/u)
      .optional()
      .describe('A message or result, like "#12"'),
    offset: z.int().min(0).max(1e9).optional().describe('Of id: characters to skip'),
  }),
  sideEffect: 'none',
  // It is this conversation: nothing is read that was not in it.
  effects: () => [],
  async run({ words, id, offset = 0 }, hands) {
    const zone = hands.place.timezone;
    if (id !== undefined) {
      const found = await hands.log.read(Number(id.slice(1)));
      if (!found) return { text: `There is no ${id} in this conversation.`, failed: true };
      const { text, from, at, file } = found;
      const end = offset + pageLength;
      const more = end < text.length ? `\n[${text.length - end} more characters: offset ${end}]` : '';
      const whole = file === undefined ? '' : `\n[The whole output is longer: read_file ${file}]`;
      return { text: `${id}, ${from}, ${localText(at, zone)}:\n${text.slice(offset, end)}${more}${whole}` };
    }
    if (words === undefined) return { text: 'Say words, or an id.', failed: true };
    const { hits, complete } = await hands.log.search(words, 8);
    const rest = complete ? '' : '\nOf what tools returned only the newest part of this very long conversation was looked through.';
    if (hits.length === 0) return { text: `Nothing in this conversation has these words.${rest}` };
    return { text: hits.map(({ seq, from, at, text }) => `#${seq}, ${from}, ${localText(at, zone)}:\n${text}`).join('\n\n') + rest };
  },
});
