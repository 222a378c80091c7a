// memory_search: finds passages in the agent's long-term notes.
import { z } from 'zod';
import type { MemoryFinding, MemoryHit } from '../core/memory.ts';
import { defineTool } from './define-tool.ts';

export const memorySearch = defineTool({
  name: 'memory_search',
  description: 'Search your notes: facts and preferences that were kept from any conversation. Do this before you say you do not know.',
  input: z.strictObject({
    query: z.string().min(1).max(1000).describe('Words to look for'),
    limit: z.int().min(1).max(20).optional().describe('Hits; default 5'),
  }),
  sideEffect: 'none',
  effects: () => [{ kind: 'memory', access: 'read' }],
  async run(args, hands) {
    const found = await hands.memory.search(args.query, args.limit ?? 5);
    const told = found.hits.length === 0 ? ['Nothing in memory fits.'] : found.hits.map((hit) => `${placeOf(hit, hands.place.timezone)}\n${hit.text}`);
    return { text: [...told, ...asideOf(found)].join('\n\n') };
  },
});

function placeOf({ path, lines, headings = [], day, superseded, source }: MemoryHit, timeZone: string): string {
  const written = source === undefined ? undefined : new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(source.at);
  const about = [
    ...(headings.length === 0 ? [] : [headings.join(' > ')]),
    ...(day === undefined ? [] : [day]),
    ...(superseded === undefined ? [] : [`replaced on ${superseded}`]),
    ...(source === undefined ? [] : [`noted by ${source.by} ${written}${source.sessionId === undefined ? '' : ` in ${source.sessionId}`}`]),
  ];
  return `${path}:${lines[0]}-${lines[1]}${about.length === 0 ? '' : ` (${about.join('; ')})`}`;
}

/** How the question was read, and what was not searched. */
function asideOf({ read, left = [] }: MemoryFinding): string[] {
  const corrected = Object.entries(read?.corrected ?? {}).map(([from, to]) => `${from} as ${to}`);
  return [
    ...(read?.days === undefined ? [] : [`[Looked at ${read.days[0]} to ${read.days[1]}.]`]),
    ...(corrected.length === 0 ? [] : [`[Read ${corrected.join(', ')}.]`]),
    ...(left.length === 0
      ? []
      : [
          `[Not searched: ${left
            .slice(0, 5)
            .map(({ path, why }) => `${path} (${why})`)
            .join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}.]`,
        ]),
  ];
}
