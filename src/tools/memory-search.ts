// memory_search: finds passages in the agent's long-term notes.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const memorySearch = defineTool({
  name: 'memory_search',
  description: 'Search your long-term memory before you say you do not know.',
  input: z.strictObject({
    query: z.string().min(1).max(1000).describe('Words to look for'),
    limit: z.int().min(1).max(20).optional().describe('Hits; default 5'),
  }),
  sideEffect: 'none',
  effects: () => [{ kind: 'memory', access: 'read' }],
  async run(args, hands) {
    const { hits } = await hands.memory.search(args.query, args.limit ?? 5);
    if (hits.length === 0) return { text: 'Nothing in memory fits this.' };
    return { text: hits.map((hit) => `${hit.path}:${hit.lines[0]}-${hit.lines[1]}\n${hit.text}`).join('\n\n') };
  },
});
