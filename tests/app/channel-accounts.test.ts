// An account of a channel from nothing to a proved round trip and away again, in a whole app: only the platform is made up.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { builtinChannels } from '../../src/builtins.ts';
import { channelKind, channelSecret } from '../../src/core/channel-kind.ts';
import { eventually } from '../../src/testing/channel-run.ts';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { openCommandHome } from './command-line.ts';
import { openWorld } from './harness.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const value = 'canary-token-71';

async function open() {
  const chat = createFakeChannel({ now: () => Date.now() });
  const settings = z.looseObject({
    token: channelSecret().describe('From the page of the bot.'),
    spare: channelSecret().optional().describe('Another.'),
    host: z.string().min(3).describe('Where it is.'),
    port: z.int().min(1).default(443).describe('Its port.'),
    mode: z.enum(['poll', 'push']).default('poll').describe('How it receives.'),
  });
  const kind = channelKind({
    ...{ kind: 'test', title: 'Test', settings, origins: ({ host, port }: { host: string; port: number }) => [`https://${host}:${port}`] },
    open({ token }, hands) {
      const channel = chat.factory(hands.account);
      return {
        ...channel,
        async start(inbox, signal) {
          if ((await hands.secret(token)) !== value) throw Object.assign(new Error('The token is not known.'), { name: 'x' });
          await channel.start(inbox, signal);
        },
      };
    },
  });
  const world = await openWorld({ channelKinds: [kind], config: {} });
  closing.push(() => world.close());
  const admin = await world.app.channels('cli');
  const file = (): { channels?: Record<string, Record<string, object>> } => JSON.parse(readFileSync(join(world.home, 'config.json'), 'utf8'));
  const { signal } = new AbortController();
  const state = async () => (await admin.list()).map((one) => `${one.channel}/${one.account} ${one.state}`);
  return { chat, world, admin, file, signal, state };
}

test('a kind says what an account needs, as JSON Schema', async () => {
  const { admin } = await open();
  const kinds = await admin.kinds();
  expect(kinds.map(({ kind }) => kind)).toContain('webhook');
  expect(kinds.find(({ kind }) => kind === 'test')).toMatchObject({
    ...{ title: 'Test', secrets: ['token', 'spare'], page: 'channels/test.md' },
    settings: {
      required: ['token', 'host'],
      properties: {
        token: { secret: true, description: 'From the page of the bot.' },
        port: { default: 443, minimum: 1 },
        mode: { enum: ['poll', 'push'] },
        stream: { default: false },
      },
    },
  });
});

test('all that is wrong is told at once, with its path, and nothing is written', async () => {
  const { admin, file, world } = await open();
  const faults = await admin.add('test', 'main', {
    settings: { port: 0, hots: 'x', spare: value, operators: [7], enabled: true },
    secrets: { none: { value: 'x' } },
  });
  expect(faults.map(({ path }) => path).sort()).toEqual(['enabled', 'host', 'hots', 'none', 'operators.0', 'port', 'spare', 'token']);
  expect(JSON.stringify(faults)).not.toContain(value);
  expect(await admin.add('test', 'no name', { settings: { host: 'example.org' }, secrets: { token: { value } } })).toMatchObject([{ path: '' }]);
  await expect(admin.add('none', 'main', { settings: {}, secrets: {} })).rejects.toMatchObject({ code: 'not-found' });
  expect(file().channels).toBeUndefined();
  expect(await world.app.secrets.list()).toEqual([]);
});

test('set up, proved, changed, switched, removed: config.json and the vault hold what they should, and the audit says who', async () => {
  const { admin, chat, file, signal, state, world } = await open();
  expect(await admin.add('test', 'main', { settings: { host: 'example.org', operators: ['olga'] }, secrets: { token: { value } } })).toEqual([]);
  expect(file().channels).toEqual({
    test: { main: { host: 'example.org', operators: ['olga'], token: { vault: 'channel-test-main-token' }, enabled: false } },
  });
  expect(await state()).toEqual(['test/main off']);
  expect(await admin.read('test', 'main')).toEqual({
    ...{ channel: 'test', account: 'main', enabled: false, settings: { host: 'example.org' }, listed: { allow: 0, operators: 1, groups: 0 } },
    secrets: { token: { ref: { vault: 'channel-test-main-token' }, set: true } },
  });

  // It is off: the test switches it on. Nobody has written yet, so there is nobody to send to.
  const first = await admin.test('test', 'main', { signal });
  expect(first.links.map(({ state: one }) => one)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'open']);
  expect(first.links[2]?.detail).toBe('example.org:443');
  expect([await state(), chat.sent.length]).toEqual([['test/main up'], 0]);
  await chat.say('hi', { sender: { id: 'olga' } });
  await chat.arrived(1);
  const second = await admin.test('test', 'main', { signal });
  expect([second.ok, second.links.at(-1)?.state]).toEqual([true, 'ok']);
  await chat.arrived(2);
  expect(chat.textsTo('chat-of-olga').at(-1)).toBe('This is a test of the connection. It works.');
  expect(await admin.send('test', 'main', { chat: 'elsewhere', thread: 't' }, '*plain* words')).toEqual(['sent-3']);
  expect(chat.sent.at(-1)).toMatchObject({ to: { chat: 'elsewhere', thread: 't', peer: 'elsewhere' }, message: { text: '*plain* words' } });
  await admin.send('test', 'main', { chat: 'chat-of-olga' }, 'to olga');
  expect(chat.sent.at(-1)).toMatchObject({ to: { chat: 'chat-of-olga', peer: 'olga' } });
  await admin.add('test', 'main', { settings: { groups: { club: {} } }, secrets: {} });
  await admin.send('test', 'main', { chat: 'club' }, 'to all');
  expect(chat.sent.at(-1)?.to).not.toHaveProperty('peer');
  const connections = chat.connections.length;
  await admin.restart('test', 'main');
  await eventually(() => expect(chat.connections.length).toBe(connections + 1));

  // A new value of a secret connects afresh, though config.json stays as it was; a setting that is taken out is gone.
  expect(await admin.add('test', 'main', { settings: { port: 8443, mode: 'push' }, secrets: { token: { value } } })).toEqual([]);
  expect(await admin.add('test', 'main', { settings: { mode: null }, secrets: {} })).toEqual([]);
  expect(file().channels?.test?.main).toMatchObject({ host: 'example.org', port: 8443, enabled: true });
  expect(file().channels?.test?.main).not.toHaveProperty('mode');
  // How it answers is said in the same way, and shown where it is not as usual.
  expect(await admin.add('test', 'main', { settings: { stream: true, welcome: 'Hello.' }, secrets: {} })).toEqual([]);
  expect((await admin.read('test', 'main')).settings).toEqual({ host: 'example.org', port: 8443, stream: true, welcome: 'Hello.' });
  expect(await admin.add('test', 'main', { settings: { stream: null, welcome: null }, secrets: {} })).toEqual([]);
  expect((await admin.read('test', 'main')).settings).toEqual({ host: 'example.org', port: 8443 });
  // Where it comes from an environment variable instead, the vault forgets it.
  expect(await admin.add('test', 'main', { settings: {}, secrets: { token: { env: 'NOT_SET' }, spare: { value: 'x1' } } })).toEqual([]);
  expect((await world.app.secrets.list()).map(({ name }) => name)).toEqual(['channel-test-main-spare']);
  const third = await admin.test('test', 'main', { signal });
  expect(third.links[1]).toMatchObject({ link: 'secret', state: 'failed', detail: 'token: the environment variable NOT_SET is not set.' });

  await admin.setEnabled('test', 'main', false);
  await expect(admin.restart('test', 'main')).rejects.toMatchObject({ code: 'conflict' });
  await expect(admin.send('test', 'main', { chat: 'c' }, 'x')).rejects.toMatchObject({ code: 'channel-down' });
  await admin.remove('test', 'main');
  expect([file().channels, await world.app.secrets.list(), await state()]).toEqual([{}, [], []]);
  await expect(admin.remove('test', 'main')).rejects.toMatchObject({ code: 'not-found' });
  const records = await world.app.store.audit.newest(100);
  expect(records.filter(({ kind }) => kind === 'channel-send').map(({ detail }) => detail.by)).toEqual(['cli', 'cli', 'cli', 'cli']);
  expect(JSON.stringify([records, await world.app.store.audit.newest(1_000)])).not.toContain(value);
  expect(world.faults).toEqual([]);
});

test('a test that fails names the link, and leaves an account off that was off', async () => {
  const { admin, chat, signal, state } = await open();
  await admin.add('test', 'main', { settings: { host: 'example.org' }, secrets: { token: { value } } });
  chat.starts('unauthenticated');
  const found = await admin.test('test', 'main', { signal });
  expect(found.links.map(({ link, state: one }) => `${link} ${one}`)).toEqual([
    ...['settings ok', 'secret ok', 'network ok', 'access failed', 'receiving open', 'sending open'],
  ]);
  expect(found.links[3]).toMatchObject({ detail: 'The platform does not know this token.', next: expect.stringContaining('copaw channels restart test/main') });
  expect(await state()).toEqual(['test/main off']);
  await admin.setEnabled('test', 'main', true);
  chat.next('refused');
  const to = await admin.test('test', 'main', { to: 'nowhere', signal });
  expect(to.links.at(-1)).toMatchObject({ link: 'sending', state: 'failed', detail: 'The platform refuses.' });
  expect(await state()).toEqual(['test/main up']);
});

test('the command line sets an account up without a server, and looks after it with one', async () => {
  const here = openCommandHome({}, { HOOK_SECRET: 'a secret of the webhook, long enough' });
  closing.push(() => here.close());
  expect((await here.run('channels', 'kinds')).stdout).toMatch(/^webhook {2}Webhook {2}docs\/channels\/webhook\.md$/mu);
  expect(await here.run('channels', 'list')).toMatchObject({ code: 0, stderr: expect.stringContaining('No channel is set up.') });
  const wrong = await here.run('channels', 'add', 'webhook', '--set', 'url=nowhere', '--set', 'textLength=1', '--json');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr + wrong.stdout).toMatch(/main\.secret: This is needed\..*main\.url: .*main\.textLength: /su);
  const mail = ['address=copaw@example.org', 'imap=tls://mail.example.org:993', 'smtp=tls://mail.example.org:465'].flatMap((one) => ['--set', one]);
  const unchecked = await here.run('channels', 'add', 'email', ...mail, '--secret', 'password=HOOK_SECRET');
  expect(unchecked.stderr).toContain('main.authserv: Say whose Authentication-Results count');
  const leaked = await here.run('channels', 'add', 'webhook', '--secret', `secret=${value}`);
  expect(leaked.code).toBe(2);
  expect(leaked.stderr).not.toContain(value);
  const add = ['channels', 'add', 'webhook', '--set', 'url=http://127.0.0.1:9/in', '--secret', 'secret=HOOK_SECRET'];
  expect(await here.run(...add, '--json')).toMatchObject({ code: 0, stdout: '{"channel":"webhook","account":"main","enabled":false,"missing":[]}\n' });
  const unset = await here.run('channels', 'add', 'webhook', 'other', '--set', 'url=http://127.0.0.1:9/in', '--secret', 'secret=NOT_THERE');
  expect(unset).toMatchObject({ code: 0, stderr: expect.stringContaining('NOT_THERE is not set where CoPaw runs') });
  expect(await here.run('channels', 'remove', 'webhook/other')).toMatchObject({ code: 0 });
  expect(await here.run('channels', 'enable', 'webhook')).toMatchObject({ code: 0 });
  expect((await here.run('channels', 'list')).stdout).toBe('webhook/main  unknown  switched on, and no CoPaw runs\n');
  for (const words of [
    ['test', 'webhook'],
    ['restart', 'webhook/main'],
    ['send', 'webhook', 'c', 'hi'],
  ])
    expect(await here.run('channels', ...words)).toMatchObject({ code: 1, stderr: expect.stringContaining('No CoPaw runs on this home') });

  const server = await here.start();
  const tested = await here.run('channels', 'test', 'webhook');
  expect([tested.code, tested.stdout]).toEqual([
    0,
    expect.stringMatching(/^ok {6}settings: .*\nok {6}secret: secret: set\.\nopen {4}network: .*\nopen {4}access/u),
  ]);
  const sent = await here.run('channels', 'test', 'webhook/main', '--to', 'c', '--json');
  expect(sent.code).toBe(1);
  expect(JSON.parse(sent.stdout)).toMatchObject({
    ok: false,
    links: [{}, {}, { link: 'network', state: 'failed' }, {}, {}, { link: 'sending', state: 'open' }],
  });
  const status = await here.run('channels', 'status', 'webhook');
  expect(status.stdout).toMatch(
    /^webhook\/main {2}up .*\n {2}url: http:\/\/127\.0\.0\.1:9\/in\n {2}secret: \$HOOK_SECRET\n {2}listened to: 0 of your own ids/u,
  );
  expect((await here.run('channels', 'restart', 'webhook/main')).stdout).toMatch(/^webhook\/main {2}(?:up|connecting)/u);
  expect(await here.run('channels', 'disable', 'webhook')).toMatchObject({ code: 0 });
  expect(await here.run('channels', 'remove', 'webhook')).toMatchObject({ code: 0, stdout: 'webhook/main and its secrets are removed.\n' });
  expect(await here.run('channels', 'remove', 'webhook')).toMatchObject({ code: 1 });
  await server.end('SIGTERM');
}, 90_000);

test('each kind that ships has a page, and a line in the list of kinds', () => {
  const docs = join(import.meta.dirname, '../../docs');
  const list = readFileSync(join(docs, 'channels.md'), 'utf8');
  for (const kind of Object.keys(builtinChannels)) {
    expect(readFileSync(join(docs, `channels/${kind}.md`), 'utf8')).toContain(`copaw channels add ${kind}`);
    expect(list).toContain(`| [\`${kind}\`](channels/${kind}.md) |`);
  }
});
