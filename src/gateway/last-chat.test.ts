// Of several chats that fit, the one that was used last.
import { expect, test } from 'vitest';
import { session, turn } from '../testing/store-rows.ts';
import { lastChat } from './last-chat.ts';

const chat = (name: string) => ({ channel: name, account: 'main', chat: name, peer: 'olga' });
const here = session('s1', { address: chat('phone'), updatedAt: 9 });
const of = (latest: readonly ReturnType<typeof turn>[]) => ({ sessions: { list: async () => [here] }, turns: { latest: async () => latest } });

test('fault: the first chat of a linked conversation won over the one it was used in since', async () => {
  const inMail = turn('t2', { sessionId: 's1', address: chat('mail') });
  const onPhone = turn('t1', { sessionId: 's1', address: chat('phone') });
  expect(await lastChat(of([inMail, onPhone]), () => true)).toEqual({ sessionId: 's1', address: chat('mail') });
  expect(await lastChat(of([inMail, onPhone]), ({ channel }) => channel === 'phone')).toEqual({ sessionId: 's1', address: chat('phone') });
});

test('a conversation whose turns are long ago is known by itself', async () => {
  expect(await lastChat(of([]), () => true)).toEqual({ sessionId: 's1', address: chat('phone') });
  expect(await lastChat(of([]), () => false)).toBeUndefined();
});
