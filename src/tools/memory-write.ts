// memory_write: keeps a note for later conversations.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';

const words = { added: 'Noted', known: 'Already there', replaced: 'Noted, and the old note is marked as replaced' } as const;

export const memoryWrite = defineTool({
  name: 'memory_write',
  description: 'Keep a fact: lasting ones in MEMORY.md, the person in PROFILE.md, the rest in memory/<name>.md. Where an old note is true no more, name it.',
  input: z.strictObject({
    path: z.string().min(1).describe('File of the note'),
    text: z.string().min(1).max(10_000).describe('The note'),
    replaces: z.string().min(1).max(10_000).optional().describe('The old note in that file: its text, or its line'),
  }),
  sideEffect: 'workspace',
  effects: () => [{ kind: 'memory', access: 'write' }],
  async run({ path, text, replaces }, hands) {
    const { result, lines } = await hands.memory.write({ path, text, ...(replaces === undefined ? {} : { replaces }) });
    return { text: `${words[result]}: ${path}:${lines[0]}-${lines[1]}.` };
  },
});
