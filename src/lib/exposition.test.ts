import { expect, test } from 'vitest';
import { expose } from './exposition.ts';

test('families are written whole, with what a label or a help may not hold escaped', () => {
  expect(
    expose([
      { name: 'a_total', help: 'One\\two\nthree.', type: 'counter', samples: [{ value: 0.5 }] },
      {
        ...{ name: 'b', help: 'B.', type: 'gauge' },
        samples: [
          { labels: { x: 'say "hi"\\\n', y: 'z' }, value: 1e21 },
          { labels: { x: 'n' }, value: Number.NaN },
          { labels: { x: 'i' }, value: Number.NEGATIVE_INFINITY },
        ],
      },
    ]),
  ).toBe(
    [
      '# HELP a_total One\\\\two\\nthree.',
      '# TYPE a_total counter',
      'a_total 0.5',
      '# HELP b B.',
      '# TYPE b gauge',
      'b{x="say \\"hi\\"\\\\\\n",y="z"} 1e+21',
      'b{x="n"} NaN',
      'b{x="i"} -Inf',
      '',
    ].join('\n'),
  );
  expect(expose([])).toBe('');
});
