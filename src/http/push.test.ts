// The routes of what a browser is told: for the asking device alone, nothing for strangers, and nothing of the endpoint is answered back.
import { expect, test } from 'vitest';
import type { PushAdmin } from '../core/push.ts';
import { createFakeSecurity } from '../testing/fake-security.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { loginRoutes } from './login.ts';
import { pushRoutes } from './push.ts';

const body = {
  endpoint: 'https://push.example/secret-place',
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  ...{ kinds: ['approvals'], text: false, language: 'en' },
};

function setUp() {
  const calls: unknown[] = [];
  const push: PushAdmin = {
    state: async (id) => ({ key: `key for ${id}`, device: { kinds: ['approvals'], text: false, language: 'en', endpoint: body.endpoint } as never }),
    key: async () => 'the-key',
    put: async (...what) => void calls.push(['put', ...what]),
    remove: async (...what) => calls.push(['remove', ...what]) > 0,
    test: async (...what) => void calls.push(['test', ...what]),
    seen: (...what) => void calls.push(['seen', ...what]),
  };
  const security = async (by: string) => ({ ...createFakeSecurity(), stopPush: async (id: string) => void calls.push(['stop', id, by]) });
  const operator = { status: async () => ({}) } as never;
  return { calls, ...mountRoutes([...pushRoutes, ...loginRoutes.filter(({ path }) => path === '/api/status')], { push, security, operator }) };
}

test('each route is for whoever holds a credential, and about their own device', async () => {
  const { ask, calls, strangers } = setUp();
  expect(await strangers()).toEqual([401, 401, 401, 401, 401, 401, 401]);
  expect(await (await ask('/api/push')).json()).toMatchObject({ key: 'key for dev_1' });
  expect(await (await ask('/api/push/key', { method: 'POST' })).json()).toEqual({ key: 'the-key' });
  for (const [method, path, more] of [
    ['PUT', '/api/push', { body: JSON.stringify(body) }],
    ['POST', '/api/push/test', {}],
    ['DELETE', '/api/push', {}],
    ['DELETE', '/api/devices/dev_2/push', {}],
  ] as const)
    expect((await ask(path, { method, ...more })).status, path).toBe(200);
  await ask('/api/status');
  await ask('/api/status?seen=true');
  const { endpoint, p256dh, auth, ...choice } = body;
  expect(calls).toEqual([
    ['put', 'dev_1', { endpoint, p256dh, auth }, choice, 'cli:dev_1'],
    ['test', 'dev_1'],
    ['remove', 'dev_1', 'cli:dev_1'],
    ['stop', 'dev_2', 'cli:dev_1'],
    ['seen', 'dev_1'],
  ]);
});

const notHttps = [
  'http://push.example/a',
  'file:///etc/passwd',
  'ws://push.example/',
  'javascript:alert(1)',
  '//push.example',
  '',
  `https://a/${'x'.repeat(2_000)}`,
];
test.each<object>([
  ...notHttps.map((endpoint) => ({ endpoint })),
  ...[{ p256dh: '' }, { auth: 'x' }, { auth: `${body.auth.slice(0, 20)}\r\n` }, { kinds: ['all'] }, { kinds: [] }, { more: 1 }, { language: 'fr' }],
])('what is no browser is refused: %j', async (wrong) => {
  const { ask, calls } = setUp();
  expect((await ask('/api/push', { method: 'PUT', body: JSON.stringify({ ...body, ...wrong }) })).status).toBe(400);
  expect(calls).toEqual([]);
});
