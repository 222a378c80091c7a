// Push notices on their way: told once, replaced, let go, bounded; and no timer left behind.
import { expect, test } from 'vitest';
import type { PushDevice, PushKind } from '../core/push.ts';
import { newSenderKey, senderPublicKey } from '../lib/web-push.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import type { PushNotice } from './push-events.ts';
import { createPushNotices, subjectOf } from './push-notices.ts';

const privateKey = newSenderKey();
const serverKey = senderPublicKey(privateKey);
/** The keys of RFC 8291, appendix A. */
const p256dh = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4';
const auth = 'BTBZMqHH6r4Tts7J_aSIgg';
const device = (deviceId: string, more: Partial<PushDevice> = {}): PushDevice => ({
  ...{ deviceId, endpoint: `https://push.example/${deviceId}`, p256dh, auth, serverKey, kinds: ['approvals', 'answers'], text: false, language: 'en' },
  ...more,
});

function setUp(...devices: PushDevice[]) {
  const clock = createFakeClock();
  const lastSeen = new Map<string, number>();
  const asked: { readonly to: string; readonly headers: Headers; readonly length: number }[] = [];
  const faults: unknown[] = [];
  /** What is answered next; "hang": nothing, until the request is given up. */
  const answers: (number | 'hang')[] = [];
  let kept = devices;
  const notices = createPushNotices({
    ...{
      clock,
      lastSeen,
      timezone: () => 'UTC',
      agentName: (id) => id,
      redact: (text) => text,
      log: () => undefined,
      onFault: (error) => faults.push(error),
      onRefused: () => undefined,
    },
    store: {
      push: {
        list: async () => kept,
        put: async () => undefined,
        async remove(deviceId, endpoint) {
          kept = kept.filter((one) => one.deviceId !== deviceId || one.endpoint !== endpoint);
          return true;
        },
      },
    },
    hosts: () => ['nas.local', 'paw.example.org'],
    withKey: async (fn) => fn(privateKey),
    fetch: async (input, init) => {
      asked.push({ to: String(input), headers: new Headers(init?.headers), length: init?.body instanceof Uint8Array ? init.body.length : 0 });
      const status = answers.shift() ?? 201;
      if (status !== 'hang') return new Response(null, { status });
      return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason), { once: true }));
    },
  });
  const notice = (id: string, more: Partial<PushNotice> = {}): PushNotice => ({
    ...{ kind: 'answers', id, tag: id, agentId: 'main', hash: '#/s/s1', expiresAt: clock.now() + 3_600_000, text: async () => `text of ${id}` },
    ...more,
  });
  return {
    clock,
    lastSeen,
    asked,
    answers,
    faults,
    notices,
    notice,
    move: (...to: PushDevice[]) => (kept = to),
    kept: () => kept.map(({ deviceId }) => deviceId),
  };
}

test('fault: a sender whose name led nowhere was refused by the push service of iPhones', async () => {
  const { notices, notice, asked, clock } = setUp(device('a'));
  await notices.tell(notice('n1'));
  await clock.advance(0);
  const claims = /^vapid t=[^.]+\.([^.]+)/u.exec(asked[0]?.headers.get('authorization') ?? '')?.[1] ?? '';
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ sub: 'https://paw.example.org' });
  for (const hosts of [[], ['localhost'], ['192.168.1.5'], ['nas.local'], ['[fd00::1]'], ['copaw'], ['a b.org']])
    expect(subjectOf(hosts)).toBe('mailto:operator@example.com');
  expect(subjectOf(['10.0.0.1', 'Paw.Tail1234.ts.net'])).toBe('https://paw.tail1234.ts.net');
});

test('each device that chose the kind is told once, however often it is said', async () => {
  const { notices, notice, asked, clock } = setUp(device('a'), device('b', { kinds: ['failures'] }), device('c', { text: true }));
  await notices.tell(notice('n1'));
  await notices.tell(notice('n1'));
  await clock.advance(0);
  expect(asked.map(({ to }) => to)).toEqual(['https://push.example/a', 'https://push.example/c']);
  expect(new Set(asked.map(({ length }) => length)).size).toBe(1);
  expect(asked[0]?.headers.get('ttl')).toBe('3600');
  expect(clock.waiting).toBe(0);
});

test.each<[PushKind, string]>([
  ['approvals', 'high'],
  ['reminders', 'high'],
  ['answers', 'normal'],
  ['failures', 'normal'],
])('%s are of %s urgency, and of one length whatever they say', async (kind, urgency) => {
  const { notices, notice, asked, clock } = setUp(device('a', { kinds: [kind], text: true }), device('b', { kinds: [kind], language: 'zh' }));
  await notices.tell(notice('n1', { kind, agentId: 'x'.repeat(500), text: async () => '"\\\n\u0000😀'.repeat(4_000) }));
  await clock.advance(0);
  expect(asked.map(({ headers }) => headers.get('urgency'))).toEqual([urgency, urgency]);
  expect(new Set(asked.map(({ length }) => length)).size).toBe(1);
});

test('a question that is settled before it was offered is never told; one that was is replaced', async () => {
  const { notices, notice, asked, clock, lastSeen, answers, faults } = setUp(device('a'));
  lastSeen.set('a', clock.steady());
  await notices.tell(notice('early', { kind: 'approvals' }));
  notices.settle('early');
  await clock.advance(60_000);
  expect(asked).toEqual([]);

  answers.push('hang');
  await notices.tell(notice('under-way', { kind: 'approvals' }));
  await clock.advance(0);
  notices.settle('under-way');
  await clock.advance(0);
  await notices.tell(notice('told', { kind: 'approvals' }));
  await clock.advance(0);
  notices.settle('told');
  notices.settle('told');
  await clock.advance(0);
  expect(asked.map(({ headers }) => headers.get('urgency'))).toEqual(['high', 'normal', 'high', 'normal']);
  expect([clock.waiting, faults]).toEqual([0, []]);
});

test('a push service that hangs, fails or is busy is asked six times at most, and not after the notice is worth nothing', async () => {
  const { notices, notice, asked, clock, answers } = setUp(device('a'));
  answers.push('hang', 500, 502, 503, 429, 500, 500);
  await notices.tell(notice('n1'));
  await clock.advance(3_000_000);
  expect(asked.length).toBe(6);
  expect(notices.problem('a')).toEqual({ code: 'answered', status: 500 });
  answers.length = 0;
  answers.push(503, 503);
  await notices.tell(notice('short', { expiresAt: clock.now() + 5_000 }));
  await clock.advance(3_000_000);
  expect(asked.length).toBe(7);
  answers.length = 0;
  await notices.tell(notice('n2'));
  await clock.advance(0);
  expect([asked.length, notices.problem('a'), clock.waiting]).toEqual([8, undefined, 0]);
});

test.each([404, 410])('%s lets the browser go; 400 and 403 keep it and say so', async (status) => {
  const { notices, notice, asked, clock, answers, kept } = setUp(device('a'), device('b'), device('lost', { serverKey: 'another' }));
  answers.push(status, 403);
  await notices.tell(notice('n1'));
  await clock.advance(0);
  expect(kept()).toEqual(['b']);
  expect([asked.length, notices.problem('b')]).toEqual([2, { code: 'answered', status: 403 }]);
});

test('a browser that moved while a notice was tried again keeps its new address, and the old one is asked no more', async () => {
  const { notices, notice, asked, clock, answers, kept, move } = setUp(device('a'));
  answers.push(503);
  await notices.tell(notice('n1'));
  await clock.advance(0);
  move(device('a', { endpoint: 'https://push.example/moved' }));
  await clock.advance(600_000);
  expect([asked.length, kept(), clock.waiting]).toEqual([1, ['a'], 0]);
});

test('so many wait and no more; stopping lets all of them go', async () => {
  const { notices, notice, asked, clock, answers } = setUp(device('a'));
  for (let index = 0; index < 300; index++) answers.push('hang');
  for (let index = 0; index < 300; index++) await notices.tell(notice(`n${index}`));
  await clock.advance(0);
  expect(asked.length).toBe(200);
  await notices.stop();
  expect(clock.waiting).toBe(0);
});
