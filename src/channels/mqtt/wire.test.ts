// What a topic and a payload become: the sender is the topic's, an id is the same for a redelivery and for nothing else.
import { expect, test } from 'vitest';
import { mqtt } from './mqtt.ts';
import { connectionRefused, publishRefused } from './reasons.ts';
import { packetIds, type ReceivedPacket, senderOf, toInbound } from './wire.ts';

const hour = 3_600_000;
const packet = (payload: string | Uint8Array, more: Partial<ReceivedPacket> = {}): ReceivedPacket => ({
  ...{ topic: 'copaw/in/ana', payload: Buffer.from(payload), packetId: 1, again: false },
  ...more,
});
const read = (payload: string | Uint8Array) => toInbound(packet(payload), 'ana', 1_000, () => 'made')?.event;

test('the sender is what stands for the last +', () => {
  expect(senderOf('copaw/in/+', 'copaw/in/ana')).toBe('ana');
  expect(senderOf('home/+/+/in', 'home/kitchen/ana/in')).toBe('ana');
  for (const topic of ['copaw/in/', 'copaw/in', 'copaw/in/ana/x', 'copaw/out/ana', `copaw/in/${'a'.repeat(257)}`])
    expect(senderOf('copaw/in/+', topic)).toBeUndefined();
});

test('a payload is its words, or an object with them; it never says who sends', () => {
  for (const text of ['hello', '12', '[]', 'null', '"x"', '{not json', ' {'])
    expect(read(text)).toMatchObject({ text, id: 'made', sender: { id: 'ana' }, at: 1_000 });
  const claim = { text: 'hi', id: '7', thread: 't', replyTo: 'r', at: 5, sender: { id: 'root' }, from: 'root', chat: { id: 'root' } };
  expect(read(JSON.stringify(claim))).toEqual({
    ...{ kind: 'message', id: '7', text: 'hi', replyTo: 'r', at: 5, sender: { id: 'ana' }, chat: { id: 'ana', kind: 'direct', thread: 't' } },
  });
  for (const nothing of ['', '{}', '{"text":7}', '{"text":"x","files":7}', new Uint8Array([0xff, 0xfe])]) expect(read(nothing)).toBeUndefined();
});

test('an id that was made is the same for a redelivery, and another for what is new', () => {
  const first = packetIds(() => 0.5);
  const name = first(packet('yes'), hour);
  expect(first(packet('yes', { again: true }), hour + 1)).toBe(name);
  const later = packetIds(() => 0.5);
  expect(later(packet('yes', { again: true }), 2 * hour - 1)).toBe(name);
  const others = [packet('yes'), packet('no'), packet('yes', { packetId: 2 }), packet('yes', { topic: 'copaw/in/ben' })].map((one) => first(one, hour));
  expect(new Set([name, ...others]).size).toBe(5);
  expect(later(packet('yes', { again: true }), 2 * hour)).not.toBe(name);
  const once = packetIds(() => 0.5);
  expect(once(packet('yes', { packetId: undefined }), hour)).not.toBe(once(packet('yes', { packetId: undefined }), hour));
});

test('the settings: where it reaches, and topics that say who sends', () => {
  expect(mqtt.origins({ url: 'tls://broker.example' })).toEqual(['tls://broker.example:8883']);
  expect(mqtt.origins({ url: 'tcp://127.0.0.1' })).toEqual(['tcp://127.0.0.1:1883']);
  const url = 'tls://broker.example';
  const wrong = [
    { url: 'ws://x' },
    { subscribe: 'copaw/in/ana' },
    { subscribe: 'copaw/#' },
    { subscribe: '$share/g/copaw/+' },
    { publish: 'copaw/out' },
    { publish: 'a/+/{chat}' },
  ];
  for (const one of wrong) expect(mqtt.settings.safeParse({ url, ...one }).success, JSON.stringify(one)).toBe(false);
  expect(mqtt.settings.safeParse({ url, subscribe: 'home/+/+/in', publish: 'home/{chat}/out', status: '' }).success).toBe(true);
});

test('reasons: what may pass, what will not, and what to do', () => {
  expect(connectionRefused(0x87)).toMatchObject({ code: 'unauthenticated', retryable: false });
  expect(connectionRefused(0x8e)).toMatchObject({ code: 'channel-down', retryable: true, next: expect.stringContaining('clientId') });
  expect(connectionRefused(0x84)).toMatchObject({ code: 'config-invalid' });
  expect(connectionRefused(0x88)).toMatchObject({ code: 'channel-down', retryable: true });
  expect(publishRefused(0x90, 'x')).toMatchObject({ code: 'send-refused' });
  expect(publishRefused(0x83, 'x')).toMatchObject({ retryable: true });
});
