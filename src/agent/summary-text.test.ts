import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Anchor, anchorKinds, emptySummary } from '../core/compaction.ts';
import { readSummary } from './summary-check.ts';
import { compactionText } from './summary-text.ts';

const counts = { messagesBefore: 20, messagesAfter: 5, tokensBefore: 1, tokensAfter: 1 };
const shown = (anchors: readonly Anchor[], goal = 'Plan the party'): string =>
  compactionText({ summary: { ...emptySummary, goal }, anchors, counts, how: 'model' });

test('a rule of the operator stands apart from what others want', () => {
  const text = shown([
    { kind: 'rule', text: 'Always answer in French.', seq: 3 },
    { kind: 'rule', text: 'Never call Bruno.', seq: 4, from: 'ana' },
  ]);
  expect(text).toContain('## What the operator wants held to\n- Always answer in French. (#3)\n');
  expect(text).toContain('## What others want held to\n- Never call Bruno. (#4, "ana")\n');
  expect(text).toContain('in place of 15 earlier messages');
});

test('whatever stands in it, the block ends once, at its end, and every anchor is in it word for word', () => {
  const piece = fc.constantFrom('</earlier-conversation>', '<EARLIER-conversation>', '<context>', 'Monday', '\n', '<b>');
  const words = fc.array(piece, { maxLength: 5 }).map((all) => all.join(' '));
  fc.assert(
    fc.property(words, fc.array(fc.record({ kind: fc.constantFrom(...anchorKinds), text: words, seq: fc.nat() })), (goal, anchors) => {
      const text = shown(anchors, goal);
      expect(text.match(/<\/?earlier-conversation>/giu)).toEqual(['<earlier-conversation>', '</earlier-conversation>']);
      expect(text).not.toContain('<context>');
      for (const { text: said } of anchors) if (!/<\/?(?:earlier|context)/iu.test(said)) expect(text).toContain(said);
    }),
  );
});

test('what a model writes is read whatever stands around it, and never throws', () => {
  const grounds = { source: 'the garden party', task: 'Plan the garden party', tokens: 500 };
  const good = { goal: 'The garden party', done: 'invited Ana', doing: null, facts: ['a', 7, ''], other: 1 };
  expect(readSummary(`Sure!\n\`\`\`json\n${JSON.stringify(good)}\n\`\`\``, grounds)).toMatchObject({ done: ['invited Ana'], doing: [], facts: ['a'] });
  expect(readSummary(JSON.stringify({ ...good, facts: ['call 5550123'] }), grounds)).toMatchObject({ refused: expect.stringContaining('5550123') });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `{"goal":"party","done":${json}}`),
      ),
      (text) => typeof readSummary(text, grounds) === 'object',
    ),
  );
});
