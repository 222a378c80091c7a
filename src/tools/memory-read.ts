// memory_read: some lines of a note.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const memoryRead = defineTool({
  name: 'memory_read',
  description: 'Read a file of your memory.',
  input: z.strictObject({
    path: z.string().min(1).describe('MEMORY.md, PROFILE.md or memory/<name>.md'),
    from: z.int().min(1).max(1e9).optional().describe('First line'),
    lines: z.int().min(1).max(1e9).optional().describe('How many'),
  }),
  sideEffect: 'none',
  effects: () => [{ kind: 'memory', access: 'read' }],
  async run({ path, from, lines: count }, hands) {
    const { text, lines, of } = await hands.memory.read(path, from, count);
    const more = lines[0] === 1 && lines[1] === of ? '' : `\n[Lines ${lines[0]}-${lines[1]} of ${of}.]`;
    return { text: text === '' ? `${path} is empty.` : `${text}${more}` };
  },
});
