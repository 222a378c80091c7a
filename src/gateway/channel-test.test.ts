// Each way a connection fails names its link, and what lies behind is open.
import { expect, test } from 'vitest';
import type { ChannelState } from '../core/channel-state.ts';
import { CoPawError, type ErrorCode } from '../core/error.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type TestParts, testChannel } from './channel-test.ts';

const of = { channel: 'fake', account: 'main', since: 0 } as const;
const up: ChannelState = { ...of, state: 'up', attempts: 0, lastReceivedAt: 0 };
const connecting: ChannelState = { ...of, state: 'connecting', attempts: 0 };
const failed = (code: ErrorCode, message = 'No.', attempts = 3, state: ChannelState['state'] = 'down'): ChannelState => ({
  ...{ ...of, state, attempts, lastError: { code, message } },
});
const held = { settings: { state: 'ok', detail: 'x' }, secret: { state: 'ok', detail: 'x' } } as const;

function setUp(states: readonly (ChannelState | undefined)[], more: Partial<TestParts> = {}) {
  const clock = createFakeClock(0);
  let at = 0;
  let restarts = 0;
  const running = testChannel(
    {
      ...{ clock, called: () => false, hosts: ['api.example'], send: undefined, fresh: false, redact: (text) => text.replaceAll('s3cret', '***') },
      state: () => states[Math.min(at++, states.length - 1)],
      restart: () => void restarts++,
      ...more,
    },
    held,
    new AbortController().signal,
  );
  return { clock, running, restarts: () => restarts };
}
const shown = async ({ running, clock }: ReturnType<typeof setUp>, ms = 0): Promise<string> => {
  await clock.advance(ms);
  return (await running).links.map(({ link, state }) => `${link} ${state}`).join(', ');
};

test('up, and a message that got its receipt', async () => {
  const world = setUp([connecting, connecting, up], { send: async () => 'm1 s3cret' });
  expect(await shown(world, 1_000)).toBe('settings ok, secret ok, network ok, access ok, receiving ok, sending ok');
  expect((await world.running).ok).toBe(true);
  expect((await world.running).links.at(-1)?.detail).toContain('m1 ***');
  expect(await shown(setUp([up]))).toBe('settings ok, secret ok, network ok, access ok, receiving ok, sending open');
});

const failures: readonly (readonly [ErrorCode, string, string])[] = [
  ['config-invalid', 'No.', 'settings'],
  ['secret-missing', 'No.', 'secret'],
  ['egress-failed', 'No.', 'network'],
  ['egress-refused', 'No.', 'network'],
  ['unauthenticated', 'No.', 'access'],
  ['forbidden', 'No.', 'access'],
  ['busy', 'No.', 'access'],
  ['channel-down', 'The connection to api.example broke before it answered.', 'network'],
  ['channel-down', 'A privileged intent is not granted.', 'access'],
  ['channel-down', 'Nothing has come in for 90 seconds.', 'receiving'],
  ['internal', 'x is not a function', 'receiving'],
];
test.each(failures)('%s, "%s": %s', async (code, message, link) => {
  const { links, ok } = await setUp([connecting, failed(code, message, 1, 'refused')]).running.catch(() => ({ links: [], ok: true }));
  expect(ok).toBe(false);
  expect(links.filter(({ state }) => state === 'failed').map((one) => [one.link, one.detail])).toEqual([[link, message]]);
  expect(links.find(({ state }) => state === 'failed')?.next).toBeTruthy();
});

test('one that is down is tried again at once, and three failures are an answer', async () => {
  const world = setUp([failed('egress-failed', 'a', 5), failed('egress-failed', 'a', 5), failed('egress-failed', 'b', 6), failed('egress-failed', 'c', 8)]);
  expect(await shown(world, 2_000)).toBe('settings ok, secret ok, network failed, access open, receiving open, sending open');
  expect(world.restarts()).toBe(1);
});

test('one that says nothing for a minute does not receive', async () => {
  const world = setUp([connecting]);
  expect(await shown(world, 61_000)).toBe('settings ok, secret ok, network ok, access open, receiving failed, sending open');
});

test('where the platform calls, only a message shows the way out', async () => {
  const called = { called: () => true };
  expect(await shown(setUp([up], called))).toBe('settings ok, secret ok, network open, access open, receiving open, sending open');
  expect(await shown(setUp([up], { ...called, send: async () => 'm1' }))).toBe('settings ok, secret ok, network ok, access ok, receiving open, sending ok');
  const unreached = async (): Promise<string> => Promise.reject(new CoPawError('egress-failed', 'No s3cret.'));
  const world = setUp([up], { ...called, send: unreached });
  expect(await shown(world)).toBe('settings ok, secret ok, network failed, access open, receiving open, sending open');
  expect((await world.running).links[2]?.detail).toBe('No ***.');
  const refused = async (): Promise<string> => Promise.reject(new CoPawError('send-refused', 'No such chat.'));
  expect(await shown(setUp([up], { send: refused }))).toBe('settings ok, secret ok, network ok, access ok, receiving ok, sending failed');
});

test('what is wrong before the network is not tried', async () => {
  const { links } = await testChannel(
    {
      clock: createFakeClock(0),
      state: () => up,
      restart: () => undefined,
      called: () => false,
      hosts: undefined,
      send: undefined,
      fresh: false,
      redact: String,
    },
    { settings: { state: 'failed', detail: 'x' } },
    new AbortController().signal,
  );
  expect(links.map(({ state }) => state)).toEqual(['failed', 'open', 'open', 'open', 'open', 'open']);
});
