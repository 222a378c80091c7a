// memory_forget: takes a note out of memory; it lies in the trash, and an undo brings it back.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const memoryForget = defineTool({
  name: 'memory_forget',
  description: 'Move a note to the trash when the person wants it forgotten.',
  input: z.strictObject({
    path: z.string().min(1).describe('File of the note'),
    note: z.string().min(1).max(10_000).describe('Its text, its lines as "3" or "3-5", or "*" for the whole file'),
  }),
  sideEffect: 'workspace',
  effects: () => [{ kind: 'memory', access: 'write' }],
  async run({ path, note }, hands) {
    const { text, lines, trash } = await hands.memory.forget(path, note);
    const where = lines === undefined ? `All of ${path}` : `${path}:${lines[0]}-${lines[1]}`;
    return { text: `${where} is in the trash as ${trash}:\n${text}` };
  },
});
