import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { sampleAssistant, sampleResult, sampleUser } from '../testing/sample-log.ts';
import { createConversationLog, termsOf } from './conversation-log.ts';

const log = (...events: readonly (readonly [turnId: string, event: DurableEvent])[]): readonly Entry[] =>
  events.map(([turnId, event], index) => ({ seq: index + 1, sessionId: 's', turnId, at: 0, event }));

const open = (entries: readonly Entry[]) =>
  createConversationLog(
    {
      entries: {
        tail: async (session, limit, before = Number.POSITIVE_INFINITY) =>
          entries.filter(({ seq, sessionId }) => sessionId === session && seq < before).slice(-limit),
        after: async ({ sessionId, after, limit }) => entries.filter((entry) => entry.sessionId === sessionId && entry.seq > after).slice(0, limit),
        ofTurn: async () => [],
        undone: async () => new Set(entries.flatMap(({ event }) => (event.type === 'turn-undone' ? [event.target] : []))),
        lastSeq: async () => 0,
      },
    },
    's',
    'now',
  );

test('the rarest words count most, the newest comes first among equals, and what is asked now or was taken back is not found', async () => {
  const found = open(
    log(
      ['a', sampleUser('The heron stood by the lake.')],
      ['b', sampleUser('The lake is cold.')],
      ['c', sampleUser('The lake is deep.')],
      ['d', sampleUser('The heron was taken back.')],
      ['x', { type: 'turn-undone', target: 'd' }],
      ['e', { ...sampleResult('c', 'the heron of the lake'), name: 'recall' } as DurableEvent],
      ['now', sampleUser('Where was the heron of the lake?')],
    ),
  );
  expect((await found.search('herons of the lake', 10)).hits.map(({ seq }) => seq)).toEqual([1, 3, 2]);
  expect(await found.search('the', 10)).toMatchObject({ complete: true });
  expect((await found.search('', 10)).hits).toEqual([]);
});

test('Chinese is found by pairs of characters', async () => {
  const found = open(log(['a', sampleUser('我的牙医叫陈雅文。')], ['b', sampleUser('今天下雨。')]));
  expect((await found.search('牙医是谁', 3)).hits.map(({ seq }) => seq)).toEqual([1]);
});

test('a message or result is read whole, only of this conversation, with the file that holds the rest', async () => {
  const other: Entry = { seq: 9, sessionId: 'other', turnId: 'z', at: 0, event: sampleUser('private') };
  const long: DurableEvent = { ...sampleResult('c', 'x'.repeat(3_000)), fullText: '.copaw/output/c.txt' } as DurableEvent;
  const found = open([...log(['a', sampleAssistant('hello')], ['a', long]), other]);
  expect(await found.read(1)).toMatchObject({ from: 'assistant', text: 'hello' });
  expect(await found.read(2)).toMatchObject({ from: 'read_file', text: 'x'.repeat(3_000), file: '.copaw/output/c.txt' });
  expect([await found.read(9), await found.read(77)]).toEqual([undefined, undefined]);
});

test('any words give terms that are in them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (words) => termsOf(words).every((term) => term !== '' && words.slice(0, 1_000).toLowerCase().includes(term))),
  );
});
