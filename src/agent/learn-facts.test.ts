// What of a found list may be replaced.
import { expect, test } from 'vitest';
import { pointsOf } from './learn-facts.ts';

test('each point of a list has its own lines; what goes on belongs to it; struck ones and other text are left out', () => {
  const text = [
    '# People',
    '- 2025-01-05 Ana lives in Porto,',
    '  by the river',
    '- ~~2024-01-01 Rui is a baker~~ (until 2025-01-01)',
    'A paragraph.',
    '* Rui is a plumber',
  ].join('\n');
  expect(pointsOf({ path: 'MEMORY.md', text, lines: [10, 15] })).toEqual([
    { path: 'MEMORY.md', text: '- 2025-01-05 Ana lives in Porto,\n  by the river', lines: [11, 12] },
    { path: 'MEMORY.md', text: '* Rui is a plumber', lines: [15, 15] },
  ]);
});
