// memory_write: keeps a note for later conversations.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const memoryWrite = defineTool({
  name: 'memory_write',
  description: 'Append a note to long-term memory: lasting facts to MEMORY.md, the person to PROFILE.md, the rest to memory/<name>.md.',
  input: z.strictObject({
    path: z.string().min(1).describe('File of the note'),
    text: z.string().min(1).max(10_000).describe('The note'),
  }),
  sideEffect: 'workspace',
  effects: () => [{ kind: 'memory', access: 'write' }],
  async run(args, hands) {
    await hands.memory.write(args.path, args.text);
    return { text: `Noted in ${args.path}.` };
  },
});
