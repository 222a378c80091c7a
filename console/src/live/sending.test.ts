// Nothing that was written is lost before CoPaw took it, and nothing goes to another CoPaw than it was written for.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AcceptedMessage } from '../../../src/http/contract.ts';
import { ApiError, errorOf } from './api.ts';
import type { ChatState } from './chat-items.ts';
import { chatReducer, emptyChat } from './chat-state.ts';
import { Sending } from './sending.ts';

let held: Map<string, string>;
beforeEach(() => {
  vi.useFakeTimers();
  held = new Map();
  vi.stubGlobal('localStorage', {
    get length() {
      return held.size;
    },
    key: (index: number) => [...held.keys()][index] ?? null,
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page, in a browser that may have had one before; `home` is what answers there now. */
function page(home: { login: string; readonly got: string[]; refuses?: (text: string) => ApiError | undefined }) {
  let chat: ChatState = emptyChat;
  const sending = new Sending({
    send: async (_, { text, model }) => {
      const refused = home.refuses?.(text);
      if (refused) throw refused;
      home.got.push(model === undefined ? text : `${text} to ${model}`);
      return { duplicate: false } as AcceptedMessage;
    },
    login: () => home.login,
    isOpen: () => true,
    log: () => [],
    lookAt: () => undefined,
    show: (_, action) => {
      chat = chatReducer(chat, action);
    },
  });
  return {
    sending,
    shown: () =>
      chat.outgoing.map(({ text, state, problem }) => [text, state, problem === undefined ? '' : [problem.text, problem.next].filter(Boolean).join(' ')]),
  };
}
const message = (text: string) => ({ sessionId: 's1', messageId: `m_${text}`, text, files: [] });
const answered = (status: number, code?: string) =>
  errorOf({ status, statusText: 'Said' }, code === undefined ? undefined : { error: { code, message: `It is ${code}.`, next: 'Wait.' } });

test.each([
  [new ApiError('unreachable', 'CoPaw does not answer.'), 'CoPaw does not answer.'],
  [answered(401, 'unauthenticated'), 'It is unauthenticated. Wait.'],
  [answered(429, 'busy'), 'It is busy. Wait.'],
  [answered(507, 'disk-full'), 'It is disk-full. Wait.'],
  [answered(503, 'disk-read-only'), 'It is disk-read-only. Wait.'],
  [answered(502), '502 Said'],
  [answered(404), '404 Said'],
  [answered(200), '200 Said'],
])('not taken, %s: it waits, in its order, over a reload, and then goes out once', async (error, why) => {
  const home = { login: 'a', got: [] as string[], refuses: (): ApiError | undefined => error };
  const first = page(home);
  await first.sending.send({ ...message('one'), model: 'p/m' });
  await first.sending.send(message('two'));
  expect(first.shown()).toEqual([
    ['one', 'waiting', why],
    ['two', 'waiting', why],
  ]);
  vi.clearAllTimers();
  const next = page(home);
  next.sending.opened('s1');
  expect([next.shown().map(([text, state]) => [text, state]), held.size]).toEqual([
    [
      ['one', 'waiting'],
      ['two', 'waiting'],
    ],
    2,
  ]);
  next.sending.goOn();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(home.got).toEqual([]);
  home.refuses = () => undefined;
  await vi.advanceTimersByTimeAsync(10_000);
  expect([home.got, held.size]).toEqual([['one to p/m', 'two'], 0]);
});

test.each([
  [answered(500, 'internal'), 'It is internal. Wait.'],
  [answered(502), '502 Said'],
])('failures without end, %s: it is marked, what comes after it goes out, and it goes out when the person says so', async (error, why) => {
  const home = { login: 'a', got: [] as string[], refuses: (text: string) => (text === 'one' ? error : undefined) };
  const { sending, shown } = page(home);
  for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) await sending.send(message(text));
  expect([home.got, shown()[0]]).toEqual([[], ['one', 'waiting', why]]);
  await vi.advanceTimersByTimeAsync(28_000);
  expect(home.got).toEqual([]);
  await vi.advanceTimersByTimeAsync(4_000);
  expect([home.got, shown()[0]]).toEqual([
    ['two', 'three', 'four', 'five', 'six'],
    ['one', 'failed', why],
  ]);
  // It begins anew, also with its patience.
  await sending.send(message('one'));
  expect(shown()[0]).toEqual(['one', 'waiting', why]);
  home.refuses = () => undefined;
  await vi.advanceTimersByTimeAsync(4_000);
  expect([home.got.at(-1), held.size]).toEqual(['one', 0]);
});

test.each([answered(507, 'disk-full'), answered(429, 'busy'), answered(401, 'unauthenticated'), new ApiError('unreachable', '')])(
  'no fault of one message, %s: all wait for as long as it takes',
  async (error) => {
    const home = { login: 'a', got: [] as string[], refuses: (): ApiError | undefined => error };
    const { sending } = page(home);
    for (const text of ['one', 'two']) await sending.send(message(text));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(home.got).toEqual([]);
    home.refuses = () => undefined;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(home.got).toEqual(['one', 'two']);
  },
);

test('refused: what comes after it goes out, and it stays, over a reload, until it is sent again or let go', async () => {
  const home = { login: 'a', got: [] as string[], refuses: (text: string) => (text === 'two' ? undefined : answered(400, 'invalid')) };
  const first = page(home);
  await first.sending.send({ ...message('one'), model: 'p/m' });
  await first.sending.send(message('two'));
  await first.sending.send(message('three'));
  expect(home.got).toEqual(['two']);
  const next = page(home);
  next.sending.opened('s1');
  next.sending.goOn();
  await vi.advanceTimersByTimeAsync(10_000);
  const failed = (text: string) => [text, 'failed', 'It is invalid. Wait.'];
  expect([next.shown(), home.got]).toEqual([[failed('one'), failed('three')], ['two']]);
  next.sending.discard('s1', 'm_three');
  home.refuses = () => undefined;
  await next.sending.send(message('one'));
  expect([home.got, next.shown().map(([text, state]) => [text, state]), held.size]).toEqual([['two', 'one to p/m'], [['one', 'accepted']], 0]);
});

test('R5: what waits for one home is never sent by itself to another one that answers at its address', async () => {
  const away = { login: 'a', got: [] as string[], refuses: (): ApiError | undefined => new ApiError('unreachable', '') };
  const open = page(away);
  await open.sending.send(message('for home a'));
  held.set('copaw.outgoing.0', JSON.stringify(message('from before there were logins here')));

  // Both in the page that stayed open and in one that is opened anew.
  const other = { login: 'b', got: [] as string[] };
  Object.assign(away, { login: 'b', refuses: undefined });
  open.sending.goOn();
  const anew = page(other);
  anew.sending.opened('s1');
  anew.sending.goOn();
  await vi.advanceTimersByTimeAsync(10_000);
  await anew.sending.send(message('for home b'));
  expect([away.got, other.got]).toEqual([[], ['for home b']]);
  expect(anew.shown().map(([text, state]) => [text, state])).toEqual([
    ['from before there were logins here', 'other-login'],
    ['for home a', 'other-login'],
    ['for home b', 'accepted'],
  ]);
  expect(open.shown()).toEqual([['for home a', 'other-login', '']]);

  // At home again it goes out.
  Object.assign(other, { login: 'a' });
  anew.sending.goOn();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(other.got).toEqual(['for home b', 'for home a']);
  anew.sending.discard('s1', 'm_from before there were logins here');
  expect(held.size).toBe(0);
});
