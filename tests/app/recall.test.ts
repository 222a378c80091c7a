// The smaller half of `npm run bench:recall`: facts planted in a conversation are in the request or one call away after three compactions, whoever summarises.
import { expect, test } from 'vitest';
import { facts } from '../../bench/recall/facts.ts';
import { measureRecall } from '../../bench/recall/measure.ts';

test.each(['good', 'hostile', 'empty'] as const)(
  'nothing that was planted is lost with a summariser that is %s; rules and the open task are whole',
  async (summariser) => {
    const { rows, intact, missing } = await measureRecall({ summariser, after: [1, 3], turnsEach: 24, window: 16_000, all: facts });
    expect(missing).toEqual([]);
    expect(intact).toEqual([1, 3].map((after) => ({ summariser, after, rules: true, task: true, how: summariser === 'empty' ? 'fallback' : 'model' })));
    expect(rows.find(({ kind, after }) => kind === 'all' && after === 3)).toMatchObject({ planted: 60 });
  },
);
