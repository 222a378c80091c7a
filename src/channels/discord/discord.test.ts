// Discord against a made-up one that keeps to its documentation, and what is particular: sessions, close codes, threads, interactions, limits.
import { expect, test } from 'vitest';
import { type DiscordPlatform, discordWorld, openDiscordPlatform } from '../../../tests/platforms/discord.ts';
import { toCoPawError } from '../../core/error.ts';
import { addressOf, type ChannelRun, connected, eventually, letGo, nothingLeft, run } from '../../testing/channel-run.ts';
import { testChannel } from '../../testing/channel-suite.ts';
import { intents } from './gateway.ts';
import { nonceOf } from './outgoing.ts';

testChannel(discordWorld);

const onDiscord = (work: (platform: DiscordPlatform, one: ChannelRun) => Promise<void>): Promise<void> =>
  connected(discordWorld, (platform, one) => work(platform as DiscordPlatform, one));
const ops = ({ gateway }: DiscordPlatform): number[] => gateway.frames.map(({ op }) => op).filter((op) => op !== 1);
const text = (words: string) => (event: { readonly kind: string }) => event.kind === 'message' && 'text' in event && event.text === words;

test('a new session asks for what it needs, at the address that Discord gave', () =>
  onDiscord(async ({ gateway, asked }) => {
    expect(gateway.frames[0]).toMatchObject({ op: 2, path: '/gateway', d: { intents: 46_593 } });
    expect(intents & (1 << 15)).not.toBe(0);
    expect(asked[0]).toBe('GET gateway/bot');
  }));

test('a broken connection is resumed where Discord says, and nothing comes twice or is lost', () =>
  onDiscord(async (platform, { inbox }) => {
    await platform.says({ text: 'before' });
    await inbox.until(text('before'));
    platform.gateway.cut();
    await platform.says({ text: 'meanwhile' });
    await inbox.until(text('meanwhile'));
    await platform.says({ text: 'after' });
    await inbox.until(text('after'));
    expect(inbox.events.map((event) => 'text' in event && event.text)).toEqual(['before', 'meanwhile', 'after']);
    expect(platform.gateway.frames.at(-1)).toMatchObject({ op: 6, path: '/resume' });
    expect(ops(platform)).toEqual([2, 6]);
  }));

test('asked for a new connection, it resumes; a session that is gone ends the start', () =>
  onDiscord(async (platform, one) => {
    platform.gateway.raw('{"op":7,"d":null}');
    await eventually(() => expect(ops(platform)).toEqual([2, 6]));
    platform.gateway.raw('{"op":9,"d":true}');
    await eventually(() => expect(ops(platform)).toEqual([2, 6, 6]));
    platform.gateway.raw('{"op":9,"d":false}');
    expect(toCoPawError(await one.ended)).toMatchObject({ code: 'channel-down', retryable: true });
  }));

test('an event that is not taken keeps those behind it back, and they come in order', () =>
  onDiscord(async (platform, { inbox }) => {
    inbox.refuse(3);
    for (const words of ['one', 'two', 'three']) await platform.says({ text: words });
    await inbox.until(text('three'));
    expect(inbox.refused).toHaveLength(3);
    expect(inbox.events.map((event) => 'text' in event && event.text)).toEqual(['one', 'two', 'three']);
  }));

test('heartbeats go with the last number that was taken, and an answer to one is life', async () => {
  const platform = await openDiscordPlatform();
  platform.gateway.heartbeatMs = 100;
  const one = await run(discordWorld, platform).up();
  const before = one.inbox.lives;
  await eventually(() => expect(one.inbox.lives).toBeGreaterThan(before + 2));
  expect(platform.gateway.frames.find(({ op }) => op === 1)?.d).toBe(2);
  platform.gateway.acknowledges = false;
  await eventually(() => expect(ops(platform)).toContain(6));
  platform.gateway.acknowledges = true;
  platform.gateway.raw('{"op":1,"d":null}');
  await letGo(one);
  expect(platform.complaints).toEqual([]);
  await nothingLeft(platform, one);
  await platform.close();
});

test.each([
  [4004, 'unauthenticated', 'token'],
  [4013, 'forbidden', 'Message Content Intent'],
  [4014, 'forbidden', 'Message Content Intent'],
  [4011, 'forbidden', 'servers'],
  [4009, 'channel-down', undefined],
])('a connection closed with %s is %s', (closed, code, next) =>
  onDiscord(async (platform, one) => {
    platform.gateway.close(closed);
    const error = toCoPawError(await one.ended);
    expect(error.code).toBe(code);
    if (next === undefined) expect(error.retryable).toBe(true);
    else expect(error.next).toContain(next);
  }),
);

test('an intent that is not switched on is a refusal that says where to', async () => {
  const platform = await openDiscordPlatform();
  platform.intents = 0x7fff;
  const one = run(discordWorld, platform);
  expect(toCoPawError(await one.ended)).toMatchObject({ code: 'forbidden', retryable: false, next: expect.stringContaining('Message Content Intent') });
  await letGo(one);
  await platform.close();
});

test('where Discord lets no more sessions begin, none is begun', async () => {
  const platform = await openDiscordPlatform();
  platform.sessionsLeft = 0;
  const one = run(discordWorld, platform);
  expect(toCoPawError(await one.ended)).toMatchObject({ code: 'busy', retryAfterMs: 60_000 });
  expect(platform.gateway.frames).toEqual([]);
  await letGo(one);
  await platform.close();
});

test('a thread nobody told of is asked for once, and a channel that may not be seen is a place of its own', () =>
  onDiscord(async (platform, { inbox }) => {
    const thread = platform.hiddenThread();
    await platform.says({ text: 'hidden', where: 'group', thread });
    await platform.says({ text: 'again', where: 'group', thread });
    expect(await inbox.until(text('again'))).toMatchObject({ chat: { id: platform.chat('group'), kind: 'group', thread } });
    expect(platform.asked.filter((one) => one === `GET channels/${thread}`)).toHaveLength(1);
    platform.event('MESSAGE_REACTION_ADD', {
      ...{ user_id: platform.ids.ana, channel_id: '70000000000000099', message_id: '1', guild_id: '9', emoji: { id: null, name: 'x' } },
    });
    expect(await inbox.until(({ kind }) => kind === 'reaction')).toMatchObject({ chat: { id: '70000000000000099', kind: 'group' } });
  }));

test('a command is answered at once, without a trace, and a button quietly; a command in a server addresses us', () =>
  onDiscord(async (platform, { inbox, channel }) => {
    await platform.command('queue', 'later: bread', 'ana', 'group');
    expect(await inbox.until(({ kind }) => kind === 'command')).toMatchObject({
      ...{ kind: 'command', name: 'queue', text: 'later: bread', mentioned: true, sender: { id: platform.ids.ana } },
      chat: { id: platform.chat('group'), kind: 'group' },
    });
    const { id } = await channel.send(addressOf(discordWorld, platform), { text: '?', choices: [{ label: 'Yes', value: 'yes' }] }, { answerId: 'a', part: 0 });
    await platform.presses(id, 'yes');
    await eventually(() => expect(platform.callbacks).toEqual([{ type: 5, data: { flags: 64 } }, { type: 6 }]));
    expect(platform.asked.some((one) => /^DELETE webhooks\/\d+\/\S+\/messages\/@original$/u.test(one))).toBe(true);
  }));

test('an interaction that was not taken is not answered before it was', () =>
  onDiscord(async (platform, { inbox }) => {
    inbox.refuse(1);
    await platform.command('stop', '');
    await eventually(() => expect(inbox.refused).toHaveLength(1));
    expect(platform.callbacks).toEqual([]);
    await inbox.until(({ kind }) => kind === 'command');
    await eventually(() => expect(platform.callbacks).toHaveLength(1));
  }));

test('the menu is written where it is another one, and only then', async () => {
  const platform = await openDiscordPlatform();
  for (const writes of [1, 1]) {
    const one = await run(discordWorld, platform).up();
    await eventually(() => expect(platform.asked.filter((path) => path === 'PUT applications/70000000000000001/commands')).toHaveLength(writes));
    await eventually(() => expect(platform.menu.map(({ name }) => name)).toContain('approve'));
    await letGo(one);
  }
  expect(platform.complaints).toEqual([]);
  await platform.close();
});

test('the meaning of a button is kept where it is too long, and is gone with the connection', () =>
  onDiscord(async (platform, one) => {
    const value = `choice:${'x'.repeat(200)}`;
    const to = addressOf(discordWorld, platform);
    const { id } = await one.channel.send(to, { text: '?', choices: [{ label: 'y'.repeat(100), value }] }, { answerId: 'a', part: 0 });
    const short = (await platform.shown())[0]?.choices[0]?.value ?? '';
    expect(short).toMatch(/^#/u);
    await platform.presses(id, short);
    expect(await one.inbox.until(({ kind }) => kind === 'choice')).toMatchObject({ value });
    const later = await run(discordWorld, platform).up();
    await platform.presses(id, short);
    expect(await later.inbox.until(({ kind }) => kind === 'choice')).toMatchObject({ value: short });
    await letGo(later);
  }));

test('nobody but whoever is named by id is mentioned, and a program is one', () =>
  onDiscord(async (platform, { inbox }) => {
    await platform.says({ text: '@everyone @SELF <@&80351110224678914>', where: 'group' });
    expect(await inbox.until(text('@everyone @SELF <@&80351110224678914>'))).not.toHaveProperty('mentioned');
    await platform.says({ text: '/stop', where: 'group', mention: true });
    expect(await inbox.until(text('/stop'))).toMatchObject({ mentioned: true });
    platform.event('MESSAGE_CREATE', {
      ...{ id: '99000000000000001', channel_id: platform.chat('group'), guild_id: '90000000000000001', webhook_id: '99', type: 0, content: 'from a webhook' },
      ...{ author: { id: '99', username: 'ana' }, timestamp: new Date().toISOString() },
    });
    expect(await inbox.until(text('from a webhook'))).toMatchObject({ sender: { id: '99', bot: true } });
  }));

test('a voice note is told from other sound', () =>
  onDiscord(async (platform, { inbox }) => {
    const sound = { id: '1', filename: 'voice-message.ogg', size: 9, url: 'http://127.0.0.1:1/v.ogg' };
    platform.event('MESSAGE_CREATE', {
      ...{ id: '99000000000000002', channel_id: platform.chat('group'), guild_id: '90000000000000001', type: 0, content: 'two of them' },
      ...{ author: { id: platform.ids.ana, username: 'ana' }, timestamp: new Date().toISOString() },
      attachments: [sound, { ...sound, waveform: 'AAAA', duration_secs: 2 }],
    });
    const { files } = await inbox.until(text('two of them'));
    expect(files.map(({ voice }) => voice)).toEqual([undefined, 'said']);
  }));

test('a limit is waited for where it is short, and left to the caller where it is long; a global one holds for everything', () =>
  onDiscord(async (platform, { channel }) => {
    const to = addressOf(discordWorld, platform);
    await eventually(() => expect(platform.menu).not.toEqual([]));
    platform.limit(true, 60);
    const error = await channel.send(to, { text: 'x' }, { answerId: 'a', part: 0 }).catch(toCoPawError);
    expect(error).toMatchObject({ code: 'busy', retryable: true, retryAfterMs: 60_000 });
    const { length } = platform.asked;
    expect(await channel.typing?.(to).catch(toCoPawError)).toMatchObject({ code: 'busy' });
    expect(platform.asked).toHaveLength(length);
  }));

test('the same part again is the same message, and more files than fit go in more messages', () =>
  onDiscord(async (platform, { channel }) => {
    const to = addressOf(discordWorld, platform);
    const key = { answerId: 'answer', part: 3 };
    expect(nonceOf(key)).toHaveLength(24);
    const first = await channel.send(to, { text: 'once' }, key);
    expect(await channel.send(to, { text: 'once' }, key)).toEqual(first);
    const file = (name: string) => ({ name, mediaType: 'text/plain', size: 1, path: name, bytes: async () => new Uint8Array([65]) });
    const files = Array.from({ length: 12 }, (_, index) => file(`${index}.txt`));
    await channel.send(to, { text: 'files', files }, { answerId: 'answer', part: 4 });
    expect((await platform.shown()).map((message) => message.files.length)).toEqual([0, 10, 2]);
    const large = { ...file('large.bin'), bytes: async () => new Uint8Array(20 * 1024 * 1024 + 1) };
    expect(await channel.send(to, { text: '', files: [large] }, { answerId: 'b', part: 0 }).catch(toCoPawError)).toMatchObject({ code: 'send-refused' });
  }));

test('what an earlier connection sent is not known, unless Discord says which it was', async () => {
  const platform = await openDiscordPlatform();
  const to = addressOf(discordWorld, platform);
  const key = { answerId: 'answer', part: 0 };
  const earlier = await run(discordWorld, platform).up();
  const { id } = await earlier.channel.send(to, { text: 'x' }, key);
  await letGo(earlier);
  const later = await run(discordWorld, platform).up();
  expect(await later.channel.reconcile?.(to, key)).toBe('unknown');
  platform.historyKnowsNonces.value = true;
  expect(await later.channel.reconcile?.(to, key)).toEqual({ id });
  expect(await later.channel.reconcile?.(to, { ...key, part: 1 })).toBe('absent');
  await letGo(later);
  await platform.close();
});

test('a preview, a pin and a withdrawal of what nobody saw are no events', () =>
  onDiscord(async (platform, { inbox }) => {
    const id = await platform.says({ text: 'look' });
    const preview = { channel_id: platform.chat('direct'), author: { id: platform.ids.ana }, timestamp: new Date().toISOString(), type: 0, content: 'look' };
    platform.event('MESSAGE_UPDATE', { ...preview, id, edited_timestamp: null });
    platform.event('MESSAGE_DELETE', { id: '1234', channel_id: platform.chat('direct') });
    await platform.says({ text: 'last' });
    await inbox.until(text('last'));
    expect(inbox.events.map(({ kind }) => kind)).toEqual(['message', 'message']);
  }));
