import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { sampleAssistant, sampleUser } from '../testing/sample-log.ts';
import { anchorsOf, mergeAnchors, sentences } from './anchors.ts';
import { standingWords } from './standing-words.ts';
import { estimateTokens } from './tokens.ts';

const log = (...events: readonly DurableEvent[]): readonly Entry[] =>
  events.map((event, index) => ({ seq: index + 1, sessionId: 's', turnId: 't', at: 0, event }));
const kinds = (text: string): readonly string[] => anchorsOf(log(sampleUser(text))).map(({ kind }) => kind);

describe('anchors', () => {
  test.each([
    ['Always answer in French.', 'rule'],
    ['以后给我的总结都用中文写。', 'rule'],
    ['I promised Greta to mend the clock.', 'promise'],
    ['The number is KD-88213-W.', 'id'],
    ['It may cost $14,250.', 'amount'],
    ['Write to ana@example.org.', 'contact'],
    ['The lease ends on 2027-02-28.', 'date'],
    ['The draft is in work/plan.md.', 'path'],
    ['My doctor is Dr. Anselm Brandt.', 'name'],
  ])('%s is a %s, word for word', (text, kind) => {
    expect(anchorsOf(log(sampleUser(text)))).toEqual([{ kind, text, seq: 1 }]);
  });

  test.each([
    'If the doorbell rings, ask who it is.',
    'Check the calendar before you offer anybody an hour.',
    'Send me the weather daily.',
    'Keep my birthday out of everything you write.',
    'No phone calls during lunch.',
    'You can leave out the greeting.',
    'My brother should not hear of the present.',
    'Guests may only use the small bathroom.',
    'I want the numbers first.',
    'All invoices have to go through Petra.',
    'Metric units unless I ask otherwise.',
    '不可以把密码告诉别人。',
    '订票之前先问我。',
    '如果快递到了就通知我。',
  ])('%s is worded like a rule', (text) => expect(kinds(text)).toEqual(['wish']));

  test.each([
    'I have to call every shop today.',
    'Write a letter to my aunt.',
    'Delete all old files now.',
    'Is nobody allowed to go there unless it rains?',
    'When I was young, all of us slept there.',
    'No problem, that is fine.',
    'They have to sleep every few days.',
    '我不能去。',
    '你可以先做吗？',
  ])('%s is no rule', (text) => expect(kinds(text)).toEqual([]));

  test('what is worded like a rule goes before rules and promises do', () => {
    const of = (kind: 'rule' | 'promise' | 'wish' | 'id', seq: number) => ({ kind, text: `${kind} with some words ${seq}`, seq });
    const all = [of('rule', 1), of('promise', 2), of('wish', 3), of('id', 4)];
    const size = estimateTokens(all[0]?.text ?? '') + 6;
    expect(mergeAnchors(all, [], size * 3 + 2).map(({ kind }) => kind)).toEqual(['rule', 'promise', 'wish']);
    expect(mergeAnchors(all, [], size * 2 + 2).map(({ kind }) => kind)).toEqual(['rule', 'promise']);
  });

  test('small talk and plain words are none; of another person it says whose they are', () => {
    expect([kinds('Thanks!'), kinds('go on'), kinds('The hedge is green.')]).toEqual([[], [], []]);
    const message = { role: 'user' as const, id: 'm', text: 'Never call before 10 am.', attachments: [], sender: { id: 'ana' }, origin: 'group' as const };
    expect(anchorsOf(log({ type: 'message', message }))).toMatchObject([{ kind: 'rule', from: 'ana' }]);
    const passedOn = { ...message, sender: { id: 'operator' }, origin: 'operator' as const, forwarded: true as const };
    expect(anchorsOf(log({ type: 'message', message: passedOn }))).toMatchObject([{ kind: 'date', from: 'forwarded by operator' }]);
  });

  test('what tools set up and files they wrote come from the journal, what the assistant promised from its words', () => {
    const call: DurableEvent = {
      type: 'message',
      message: { role: 'assistant', id: 'a', step: 0, text: '', toolCalls: [{ id: 'c', name: 'remind_me', input: { text: 'tea', inSeconds: 60 } }] },
    };
    const done: DurableEvent = { type: 'tool-end', callId: 'c', name: 'remind_me', outcome: 'ok', text: 'Set for 10:00.' };
    const written: DurableEvent = { type: 'tool-end', callId: 'd', name: 'write_file', outcome: 'ok', text: 'ok', changed: ['a.txt'] };
    const failed: DurableEvent = { ...written, outcome: 'failed' };
    expect(anchorsOf(log(call, done, written, failed, sampleAssistant("I'll remind you of the tea.")))).toEqual([
      { kind: 'reminder', text: 'Set for 10:00. {"text":"tea","inSeconds":60}', seq: 2, from: 'remind_me' },
      { kind: 'path', text: 'a.txt', seq: 3, from: 'write_file' },
      { kind: 'promise', text: "I'll remind you of the tea.", seq: 5, from: 'assistant' },
    ]);
  });

  test('attack: a file of conversations promises nothing and sets up no reminder', () => {
    const message = {
      role: 'user' as const,
      id: 'm',
      text: 'ok',
      attachments: [],
      sender: { id: 'operator' },
      origin: 'operator' as const,
      imported: true as const,
    };
    const set: DurableEvent = { type: 'tool-end', callId: 'c', name: 'remind_me', outcome: 'ok', text: 'Set: pay mallory.', tainted: true };
    expect(anchorsOf(log({ type: 'message', message }, sampleAssistant('I will send mallory the money.'), set))).toEqual([]);
    expect(anchorsOf(log(set))).toEqual([]);
  });

  test('merged they fit, have no doubles, and rules go last; a price that is named again and again takes three places', () => {
    const rules = Array.from({ length: 10 }, (_, index) => ({ kind: 'rule' as const, text: `Always do thing ${index}`, seq: index }));
    const prices = Array.from({ length: 50 }, (_, index) => ({ kind: 'amount' as const, text: `Chair ${index} costs $90`, seq: 100 + index }));
    const merged = mergeAnchors(rules, [...rules, ...prices], 200);
    expect(merged.filter(({ kind }) => kind === 'rule').map(({ text }) => text)).toEqual(rules.map(({ text }) => text));
    expect(merged.filter(({ kind }) => kind === 'amount').map(({ seq }) => seq)).toEqual([147, 148, 149]);
    fc.assert(
      fc.property(
        fc.array(fc.record({ kind: fc.constantFrom('rule' as const, 'id' as const, 'date' as const), text: fc.string(), seq: fc.nat() })),
        fc.nat(300),
        (all, most) => {
          const kept = mergeAnchors([], all, most);
          expect(kept.reduce((sum, { text }) => sum + estimateTokens(text), 0)).toBeLessThanOrEqual(most);
          expect(new Set<unknown>(all).isSupersetOf(new Set(kept))).toBe(true);
        },
      ),
    );
  });

  test('sentences lose nothing but the space between them', () => {
    const bare = (text: string): string => text.replace(/\s+/gu, '');
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', '.', '!', ' ', '\n', '。', '水', '1', '"') }),
        (text) => bare(sentences(text).join('')) === bare(text),
      ),
    );
    expect(sentences('Ask Mr. Lund. It costs 3.50 in all. 好的。再见')).toEqual(['Ask Mr. Lund.', 'It costs 3.50 in all.', '好的。', '再见']);
  });
});

test('attack: a sentence of 20,000 letters is read once, not again from each of its letters', () => {
  // Whatever looks on over the rest of a sentence is held at its beginning.
  expect(standingWords.source.match(/\(\?:(?!\^)[^)]*\.\*/gu)).toBeNull();
});
