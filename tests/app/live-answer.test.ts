// An answer that grows in its chat, on a real store and a made-up clock: at the platform's rate, in order, and never in the way of the answer itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { ChannelLimits, ChannelOutside } from '../../src/core/channel.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { Delivery } from '../../src/gateway/deliver.ts';
import { createDraftWords } from '../../src/gateway/draft-words.ts';
import { createLiveAnswers } from '../../src/gateway/live-answer.ts';
import { Previews } from '../../src/gateway/previews.ts';
import { words } from '../../src/gateway/words.ts';
import { EventQueue } from '../../src/lib/event-queue.ts';
import { createRedactor } from '../../src/lib/redactor.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { outboxRow, session, turn as turnRow } from '../../src/testing/store-rows.ts';

const limits = { dialect: 'plain', textLength: 1_000, media: true, edit: true, choices: false, threads: false } as const;
const asIs = (text: string): string => text;
const write = createDraftWords({ redact: asIs, redactDraft: asIs });
beforeAll(() => write({ draft: 'Loads the renderer. ', goesOn: true }, limits));
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const to = { channel: 'chat', account: 'main', chat: 'c', peer: 'ana' };
const turn = turnRow('t1', { address: to });
const { answerId } = turn;

const growing: Pick<ChannelLimits, 'dialect' | 'edit'> = { dialect: 'plain', edit: true };

async function open({ stream = true, showTools = false, blind = false, can = growing } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'copaw-live-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const store = await openStore(join(folder, 'copaw.db'));
  closing.push(() => store.close());
  await store.commit({ session: session('s1', { address: to }), turn });
  const clock = createFakeClock();
  const platform = createFakeChannel({ now: clock.steady, limits: { ...can, editMs: 1_000 } });
  const { reconcile, ...rest } = platform.factory('main');
  const channel: ChannelOutside = { ...rest, ...(blind || !reconcile ? {} : { reconcile }) };
  const state = { listed: true, up: true };
  const faults: unknown[] = [];
  const make = () => {
    const outside = () => (state.up ? channel : undefined);
    const mayReach = () => state.listed;
    const stopped = (_to: unknown, draft: string) => write({ draft, line: '(stopped)', goesOn: false }, channel.limits);
    const previews = new Previews({ store, clock, channel: outside, mayReach, stopped });
    const held = () => new Set(state.up ? [] : ['chat/main']);
    const literal = async (_to: unknown, message: { readonly text: string }) => [message];
    const delivery = new Delivery({ store: store.outbox, clock, channel: outside, held, mayReach, previews, literal, onFault: (error) => faults.push(error) });
    closing.push(() => delivery.stop());
    let events = new EventQueue<PlacedEvent>(1_000);
    const show = createLiveAnswers({
      ...{ clock, previews, mayReach, limits: () => channel.limits, write, words: () => words('en') },
      display: () => ({ stream, showTools }),
      events: (_turn, signal) => {
        events = new EventQueue(1_000);
        signal.addEventListener('abort', () => events.end());
        return events;
      },
      note: (...note) => delivery.note(...note),
      onFault: (error) => faults.push(error),
    });
    let seq = 0;
    const tell = async (event: object): Promise<void> => {
      events.push({ id: String(++seq), sessionId: 's1', turnId: 't1', at: 1, ...event } as PlacedEvent);
      await clock.advance(0);
    };
    const say = (text: string, step = 0) => tell({ type: 'text-delta', step, text });
    return { previews, delivery, show, tell, say };
  };
  const end = (outcome: 'answered' | 'cancelled', text = 'The whole answer.') =>
    store.commit({
      turnEnd: { turnId: 't1', outcome, at: 2 },
      ...(outcome === 'answered' ? { outbox: [outboxRow(answerId, 0, { address: to, nextAt: clock.now(), outgoing: { text } })] } : {}),
    });
  const row = async () => (await store.outbox.ofAnswer(answerId))[0];
  const texts = () => platform.edits.map(({ message }) => message.text);
  return { store, clock, platform, state, faults, make, end, row, texts, ...make() };
}

test('it grows at the rate of the platform, and becomes the answer', async () => {
  const { clock, platform, show, say, delivery, store, end, row, texts, faults } = await open();
  const ended = show(turn);
  await say('One tw');
  await clock.advance(999);
  expect(platform.sent).toEqual([]);
  await clock.advance(1);
  expect(platform.sent).toMatchObject([{ message: { text: 'One …' }, key: { answerId: `live_${answerId}`, part: 0 } }]);
  expect(await store.outbox.wasSent(to, 'sent-1')).toBe(true);
  for (const piece of ['o thr', 'ee fo', 'ur fi', 've six ', 'se']) {
    await say(piece);
    await clock.advance(500);
  }
  await clock.advance(5_000);
  expect(texts()).toEqual(['One two three …', 'One two three four five six …']);
  const [first = 0, second = 0] = platform.edits.map(({ at }) => at);
  expect([first >= 2_000, second - first >= 1_000]).toEqual([true, true]);
  await end('answered');
  ended();
  delivery.wake();
  await clock.advance(0);
  expect(platform.standing('c')).toEqual(['The whole answer.']);
  expect(await row()).toMatchObject({ state: 'sent', ref: 'sent-1', attempts: 1 });
  expect([await store.previews.list(), clock.waiting, faults]).toEqual([[], 0, []]);
});

test('an answer that is soon there is sent as any other', async () => {
  const { clock, platform, show, say, delivery, end } = await open();
  const ended = show(turn);
  await say('Soon there.');
  await end('answered');
  ended();
  delivery.wake();
  await clock.advance(5_000);
  expect([platform.sent.map(({ message }) => message.text), platform.edits]).toEqual([['The whole answer.'], []]);
});

test('the same words are not shown twice, a new step begins anew, and thinking is never shown', async () => {
  const { clock, platform, show, say, tell, texts } = await open();
  closing.push(show(turn));
  await tell({ type: 'thinking-delta', step: 0, text: 'secretly I think ' });
  await say('I try ');
  await clock.advance(1_000);
  await say('it');
  await clock.advance(3_000);
  await tell({ type: 'draft-reset', step: 0 });
  await clock.advance(3_000);
  expect(texts()).toEqual([]);
  await say('Now this ', 1);
  await clock.advance(3_000);
  expect(platform.standing('c')).toEqual(['Now this …']);
  expect(texts()).toHaveLength(1);
});

test('an edit under way is over before the answer takes its place', async () => {
  const { clock, platform, show, say, delivery, end } = await open();
  const ended = show(turn);
  await say('One ');
  await clock.advance(1_000);
  platform.nextEdits('hang');
  await say('two ');
  await clock.advance(1_000);
  await end('answered');
  ended();
  delivery.wake();
  await clock.advance(9_000);
  expect(platform.standing('c')).toEqual(['One …']);
  // It may still arrive one day: the answer is not put where it could be overwritten.
  await clock.advance(1_000);
  expect(platform.standing('c')).toEqual(['One …', 'The whole answer.']);
});

test('a platform that asks for a pause gets one; any other failure ends it, and the answer comes all the same', async () => {
  const { clock, platform, show, say, delivery, end, texts, row, faults } = await open();
  const ended = show(turn);
  await say('One ');
  await clock.advance(1_000);
  platform.nextEdits(7_000, 'lost');
  await say('two ');
  await clock.advance(7_900);
  expect(texts()).toEqual([]);
  await say('three ');
  await clock.advance(60_000);
  await say('four ');
  await clock.advance(60_000);
  expect(texts()).toEqual([]);
  await end('answered');
  ended();
  delivery.wake();
  await clock.advance(0);
  expect([texts(), (await row())?.state, faults]).toEqual([['The whole answer.'], 'sent', []]);
});

test.each(['lost', 'refused'] as const)('a first message that is %s is none, and the answer is sent', async (outcome) => {
  const { clock, platform, show, say, delivery, end, store } = await open();
  const ended = show(turn);
  platform.next(outcome);
  await say('One ');
  await clock.advance(1_000);
  expect(await store.previews.list()).toEqual([]);
  await say('two ');
  await clock.advance(60_000);
  await end('answered');
  ended();
  delivery.wake();
  await clock.advance(0);
  expect(platform.standing('c')).toEqual(['The whole answer.']);
});

test.each([
  [false, ['The whole answer.']],
  [true, ['One …', 'The whole answer.']],
])('a first message whose receipt is lost is looked up where the platform can say (blind: %s)', async (blind, shown) => {
  const { clock, platform, show, say, delivery, end } = await open({ blind });
  const ended = show(turn);
  platform.next('unsure');
  await say('One ');
  await clock.advance(1_000);
  await say('two ');
  await clock.advance(60_000);
  await end('answered');
  ended();
  delivery.wake();
  await clock.advance(0);
  expect(platform.standing('c')).toEqual(shown);
});

test('an edit with an unknown outcome is tried again; one that is refused lets the part be sent', async () => {
  for (const [outcomes, standing] of [
    [['unsure', 'cut', 'lost'], ['The whole answer.']],
    [['refused'], ['One …', 'The whole answer.']],
  ] as const) {
    const { clock, platform, show, say, delivery, end, row, store } = await open();
    const ended = show(turn);
    await say('One ');
    await clock.advance(1_000);
    platform.nextEdits(...outcomes);
    await end('answered');
    ended();
    delivery.wake();
    await clock.advance(60_000);
    expect(platform.standing('c')).toEqual(standing);
    expect([(await row())?.state, await store.previews.list()]).toEqual(['sent', []]);
  }
});

test('a turn that is stopped leaves its last words, with a sign, once the platform may be asked again', async () => {
  const { clock, platform, show, say, store, end } = await open();
  const ended = show(turn);
  await say('One two ');
  await clock.advance(1_000);
  await say('three fo');
  await end('cancelled');
  ended();
  await clock.advance(999);
  expect(platform.standing('c')).toEqual(['One two …']);
  await clock.advance(1);
  expect(platform.standing('c')).toEqual(['One two three\n\n(stopped)']);
  expect([await store.previews.list(), clock.waiting]).toEqual([[], 0]);
});

test('after a restart a resumed turn goes on with the same message, and one that ended without an answer says so', async () => {
  const { clock, platform, show, say, make, store, end } = await open();
  const ended = show(turn);
  await say('One ');
  await clock.advance(1_000);
  ended(); // CoPaw stops; the turn is open
  await clock.advance(0);
  expect(await store.previews.list()).toMatchObject([{ answerId, ref: 'sent-1' }]);
  const next = make();
  await next.delivery.recover();
  const again = next.show(turn);
  await next.say('Once more ');
  await clock.advance(1_000);
  expect(platform.standing('c')).toEqual(['Once more …']);
  await store.commit({
    entries: [
      {
        sessionId: 's1',
        turnId: 't1',
        at: 1,
        event: { type: 'message', message: { role: 'assistant', id: answerId, step: 0, text: 'Once more said', toolCalls: [] } },
      },
    ],
  });
  await end('cancelled');
  const last = make(); // killed before it could say so
  await last.delivery.recover();
  await clock.advance(0);
  expect(platform.standing('c')).toEqual(['Once more\n\n(stopped)']);
  expect(await store.previews.list()).toEqual([]);
  again();
});

test('a part that was being put in place when the process ended is put there again, and never sent beside it', async () => {
  const { clock, platform, show, say, store, end, make } = await open();
  const ended = show(turn);
  await say('One ');
  await clock.advance(1_000);
  await end('answered');
  ended();
  await store.outbox.update(answerId, 0, { state: 'sending', attempts: 1 });
  await make().delivery.recover();
  await clock.advance(0);
  expect(platform.standing('c')).toEqual(['The whole answer.']);
});

test('fault: a preview overtook the parts of an older answer that were still on their way', async () => {
  const { clock, platform, show, say, store, end, delivery } = await open();
  const older = [0, 1].map((part) => outboxRow('older', part, { address: to, nextAt: clock.now() + part * 3_000, outgoing: { text: `Older ${part}.` } }));
  await store.commit({ outbox: older });
  delivery.wake();
  await clock.advance(0);
  const ended = show(turn);
  await say('One ');
  await clock.advance(2_000);
  expect(platform.standing('c')).toEqual(['Older 0.']);
  expect(await store.previews.list()).toEqual([]);
  await clock.advance(3_000);
  expect(platform.standing('c')).toEqual(['Older 0.', 'Older 1.', 'One …']);
  await end('answered');
  ended();
  delivery.wake();
  await clock.advance(0);
  expect(platform.standing('c')).toEqual(['Older 0.', 'Older 1.', 'The whole answer.']);
});

test('fault: the half of an answer that was given up stood there for ever, and its row with it', async () => {
  const { clock, platform, show, say, store, end, delivery, row, faults } = await open();
  const ended = show(turn);
  await say('One ');
  await clock.advance(1_000);
  const event = { type: 'message', message: { role: 'assistant', id: answerId, step: 0, text: 'The whole answer. ', toolCalls: [] } } as const;
  await store.commit({ entries: [{ sessionId: 's1', turnId: 't1', at: 1, event }] });
  platform.nextEdits(...Array.from({ length: 8 }, () => 'lost' as const));
  await end('answered');
  ended();
  delivery.wake();
  for (let minutes = 0; minutes < 30; minutes++) await clock.advance(60_000);
  expect([(await row())?.state, platform.standing('c')]).toEqual(['dead', ['The whole answer.\n\n(stopped)']]);
  expect([await store.previews.list(), faults]).toEqual([[], []]);
  const given = await row();
  if (given) await delivery.retry(given, false);
  await clock.advance(0);
  expect(platform.standing('c')).toEqual(['The whole answer.\n\n(stopped)', 'The whole answer.']);
});

test('fault: previews of answers that came to their end stayed at every start', async () => {
  for (const [state, text, kept] of [
    ['dead', 'words', ['Given up. (stopped)', 0]],
    ['dead', '', ['One …', 0]],
    ['unknown', 'words', ['One …', 1]],
    ['unknown', '', ['One …', 0]],
  ] as const) {
    const { clock, platform, show, say, store, make } = await open();
    const ended = show(turn);
    await say('One ');
    await clock.advance(1_000);
    await store.commit({
      turnEnd: { turnId: 't1', outcome: 'answered', at: 2 },
      outbox: [outboxRow(answerId, 0, { address: to, state, outgoing: { text } })],
      entries: [
        {
          ...{ sessionId: 's1', turnId: 't1', at: 1 },
          event: { type: 'message', message: { role: 'assistant', id: answerId, step: 0, text: 'Given up. ', toolCalls: [] } },
        },
      ],
    });
    ended();
    await clock.advance(0);
    await make().delivery.recover();
    await clock.advance(0);
    expect([platform.standing('c')[0]?.replace('\n\n', ' '), (await store.previews.list()).length]).toEqual(kept);
  }
});

test('what cannot be closed just now is closed at the next start', async () => {
  const { clock, platform, show, say, store, end, make } = await open();
  const ended = show(turn);
  await say('One ');
  await clock.advance(1_000);
  platform.nextEdits('lost');
  await end('cancelled');
  ended();
  await clock.advance(1_000);
  expect([platform.standing('c'), (await store.previews.list()).length]).toEqual([['One …'], 1]);
  await make().delivery.recover();
  await clock.advance(0);
  expect([platform.standing('c'), await store.previews.list()]).toEqual([['(stopped)'], []]);
});

test('attack: whoever was taken off the list sees no more of it', async () => {
  const { clock, platform, show, say, state, texts } = await open();
  closing.push(show(turn));
  await say('One ');
  await clock.advance(1_000);
  state.listed = false;
  await say('two ');
  await clock.advance(10_000);
  state.listed = true;
  await say('three ');
  await clock.advance(10_000);
  expect([platform.sent.length, texts()]).toEqual([1, []]);
});

test('the tool that runs is a line below the words, or a note now and then; of its arguments nothing is said', async () => {
  const { clock, platform, show, say, tell } = await open({ showTools: true });
  closing.push(show(turn));
  const tool = (callId: string, name: string) => tell({ type: 'tool-start', callId, name, args: { key: 'hidden' } });
  await say('I look. ');
  await tool('c1', 'read_file');
  await tool('c2', 'bad name\nhidden');
  await clock.advance(1_000);
  expect(platform.standing('c')).toEqual(['I look. …\n\n(using read_file)']);
  await tell({ type: 'tool-end', callId: 'c1', name: 'read_file', outcome: 'ok', text: 'hidden' });
  await clock.advance(1_000);
  expect(platform.standing('c')).toEqual(['I look. …']);

  const beside = await open({ stream: false, showTools: true });
  closing.push(beside.show(turn));
  for (const name of ['read_file', 'run_command']) await beside.tell({ type: 'tool-start', callId: name, name, args: {} });
  await beside.clock.advance(5_000);
  await beside.tell({ type: 'tool-start', callId: 'c', name: 'fetch_url', args: {} });
  expect(beside.platform.standing('c')).toEqual(['(using read_file)', '(using fetch_url)']);
});

test.each([
  ['nobody asked for it', { stream: false }],
  ['words were asked for, and no message can be changed', { can: { ...growing, edit: false } }],
  ['each note would be a mail', { showTools: true, can: { dialect: 'email-html', edit: false } }],
] as const)('nothing is shown where %s', async (_, how) => {
  const { clock, platform, show, say, tell } = await open(how);
  closing.push(show(turn));
  await say('One two ');
  await tell({ type: 'tool-start', callId: 'c1', name: 'read_file', args: {} });
  await clock.advance(60_000);
  expect([platform.sent, clock.waiting]).toEqual([[], 0]);
});

test('property: whatever the pieces, nothing that is shown holds a secret, or the half of one', async () => {
  const run = fc.oneof(fc.stringMatching(/^[A-Za-z0-9]{4,6}$/u), fc.string({ unit: fc.constantFrom(...'密码口令钥匙かな한글'), minLength: 2, maxLength: 5 }));
  const spaced = fc.tuple(run, fc.array(fc.tuple(fc.constantFrom(' ', '  ', '\n', '\n\n', ''), run), { minLength: 1, maxLength: 3 }));
  const secret = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9+/=_.<&-]{8,24}$/u),
    spaced.map(([first, more]) => first + more.flat().join('')).filter((text) => text.length >= 6),
  );
  const piece = fc.oneof(fc.constantFrom('**', '`', '\n', ' ', '```\n', '[a](', '_', '| x |\n', '. '), fc.lorem({ maxCount: 3 }));
  const dialect = fc.constantFrom('plain', 'telegram-html', 'slack-mrkdwn', 'discord', 'matrix-html');
  await fc.assert(
    fc.asyncProperty(
      secret,
      fc.array(piece, { maxLength: 8 }),
      fc.array(piece, { maxLength: 4 }),
      dialect,
      fc.array(fc.nat(200), { maxLength: 6 }),
      async (value, before, after, to, cuts) => {
        const redactor = createRedactor();
        redactor.learn(value);
        // A word of its own, as a tool or a person would say it.
        const whole = `${before.join('')} ${value} ${after.join('')}`;
        const start = before.join('').length + 1;
        for (const cut of [...cuts, start + 1, start + value.length - 1, start + value.length, whole.length]) {
          const { text = '', plain = '' } = (await createDraftWords(redactor)({ draft: whole.slice(0, cut), goesOn: true }, { ...limits, dialect: to })) ?? {};
          expect(`${text}\n${plain}`).not.toContain(value);
          const half = cut > start && cut < start + value.length ? value.slice(0, cut - start) : undefined;
          const said = before.join('');
          if (half !== undefined && half.length >= 4 && !said.includes(half)) expect(`${text}\n${plain}`).not.toContain(half);
        }
      },
    ),
    { numRuns: 60 },
  );
});
