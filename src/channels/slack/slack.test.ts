// Slack against a made-up one that keeps to its documentation, by Socket Mode and by signed requests, and what is particular of it.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSlackPlatform, type SlackPlatform, slackHttpWorld, slackWorld } from '../../../tests/platforms/slack.ts';
import { toCoPawError } from '../../core/error.ts';
import { addressOf, type ChannelRun, connected, eventually, letGo, nothingLeft, run } from '../../testing/channel-run.ts';
import { testChannel } from '../../testing/channel-suite.ts';
import { plainText } from './text.ts';

describe('by Socket Mode', () => testChannel(slackWorld));
describe('by signed requests', () => testChannel(slackHttpWorld));

const onSlack = (work: (platform: SlackPlatform, one: ChannelRun) => Promise<void>, world = slackWorld): Promise<void> =>
  connected(world, (platform, one) => work(platform as SlackPlatform, one));
const text = (words: string) => (event: { readonly kind: string }) => event.kind === 'message' && 'text' in event && event.text === words;
const key = { answerId: 'answer', part: 0 };

test('an envelope is acknowledged once it is stored, and only then', () =>
  onSlack(async ({ sockets, ...platform }, { inbox }) => {
    inbox.refuse(1);
    await platform.says({ text: 'take me' });
    await eventually(() => expect(inbox.refused).toHaveLength(1));
    expect(sockets.acknowledged).toEqual([]);
    await inbox.until(text('take me'));
    await eventually(() => expect(sockets.acknowledged).toHaveLength(1));
    expect([...sockets.deliveries.values()]).toEqual([2]);
  }));

test('a warning of the end brings another connection first, and nothing is lost between them', () =>
  onSlack(async (platform, one) => {
    platform.sockets.disconnect('warning');
    for (let index = 0; index < 20; index++) {
      await platform.says({ text: `word ${index}` });
      await one.inbox.until(text(`word ${index}`));
    }
    platform.sockets.disconnect('refresh_requested');
    await platform.says({ text: 'the last' });
    await one.inbox.until(text('the last'));
    await eventually(() => expect(platform.asked.filter((method) => method === 'apps.connections.open')).toHaveLength(3));
    await eventually(() => expect(platform.connections()).toBe(1));
    expect(new Set(one.inbox.events.map(({ id }) => id)).size).toBe(21);
  }));

test('Socket Mode that was switched off is a refusal that says where to', () =>
  onSlack(async (platform, one) => {
    platform.sockets.disconnect('link_disabled');
    expect(toCoPawError(await one.ended)).toMatchObject({ code: 'forbidden', retryable: false, next: expect.stringContaining('api.slack.com') });
  }));

test.each([
  ['account_inactive', 'unauthenticated'],
  ['not_allowed_token_type', 'unauthenticated'],
  ['missing_scope', 'forbidden'],
])('a start that Slack answers with %s is %s', async (error, code) => {
  const platform = await openSlackPlatform();
  platform.fails('auth.test', error);
  const one = run(slackWorld, platform);
  expect(toCoPawError(await one.ended)).toMatchObject({ code, retryable: false, next: expect.any(String) });
  await letGo(one);
  await platform.close();
});

test.each([
  ['invalid_auth', { code: 'unauthenticated' }],
  ['token_revoked', { code: 'unauthenticated' }],
  ['channel_not_found', { code: 'send-refused' }],
  ['is_archived', { code: 'send-refused' }],
  ['missing_scope', { code: 'send-refused', next: expect.stringContaining('chat:write') }],
  ['ratelimited', { code: 'busy', retryable: true }],
  ['internal_error', { code: 'channel-down', retryable: false }],
])('a send that Slack answers with %s says what that means', (error, meaning) =>
  onSlack(async (platform, { channel }) => {
    platform.fails('chat.postMessage', error);
    expect(await channel.send(addressOf(slackWorld, platform), { text: 'x' }, key).catch(toCoPawError)).toMatchObject(meaning);
    expect(await platform.shown()).toEqual([]);
  }),
);

test('a mention that comes as two events is one message, addressed in both', () =>
  onSlack(async (platform, { inbox }) => {
    const id = await platform.says({ text: '/stop', where: 'group', mention: true });
    await eventually(() => expect(inbox.events).toHaveLength(2));
    for (const event of inbox.events) expect(event).toMatchObject({ kind: 'message', id, text: '/stop', mentioned: true, chat: { kind: 'group' } });
    await platform.says({ text: 'not <@U0SELF0BOT> @copaw', where: 'group' });
    expect(await inbox.until(text('not <@U0SELF0BOT> @copaw'))).not.toHaveProperty('mentioned');
  }));

test('several people together are a group', () =>
  onSlack(async (platform, { inbox }) => {
    const base = { type: 'message', user: platform.ids.ana, text: 'all of us', ts: '1700000000.000100' };
    await platform.event({ ...base, channel: 'G0MPIM0001', channel_type: 'mpim' });
    expect(await inbox.until(text('all of us'))).toMatchObject({ chat: { id: 'G0MPIM0001', kind: 'group' } });
  }));

test('that the app was invited to a channel is an event of who invited it; others come and go unseen', () =>
  onSlack(async (platform, { inbox }) => {
    const at = { type: 'member_joined_channel', channel: platform.chat('group'), channel_type: 'C', team: 'T0TEAM0001' };
    await platform.event({ ...at, user: platform.ids.self, inviter: platform.ids.ana, event_ts: '1700000001.000100' });
    await platform.event({ ...at, user: platform.ids.ben, inviter: platform.ids.ana, event_ts: '1700000002.000100' });
    await platform.event({ ...at, user: platform.ids.self, event_ts: '1700000003.000100' });
    await platform.says({ text: 'last' });
    await inbox.until(text('last'));
    expect(inbox.events.map(({ kind }) => kind)).toEqual(['join', 'message']);
    expect(inbox.events[0]).toMatchObject({ added: true, sender: { id: platform.ids.ana }, chat: { id: platform.chat('group'), kind: 'group' } });
  }));

test('previews, joins and withdrawn roots of threads: only the last is an event', () =>
  onSlack(async (platform, { inbox }) => {
    const at = { channel: platform.chat('direct'), channel_type: 'im', ts: '1700000001.000100' };
    const words = { type: 'message', user: platform.ids.ana, text: 'see https://example.org', ts: '1700000000.000100' };
    await platform.event({ type: 'message', subtype: 'message_changed', ...at, message: { ...words, attachments: [{}] }, previous_message: words });
    await platform.event({ type: 'message', subtype: 'channel_join', ...at, user: platform.ids.ana, text: 'joined' });
    await platform.event({ type: 'message', subtype: 'message_changed', ...at, message: { ...words, subtype: 'tombstone' }, previous_message: words });
    await platform.says({ text: 'last' });
    await inbox.until(text('last'));
    expect(inbox.events.map(({ kind }) => kind)).toEqual(['delete', 'message']);
  }));

test('slash commands are commands of CoPaw, by their own name or behind "/copaw"; other words are said to it', () =>
  onSlack(async (platform, { inbox }) => {
    await platform.command('/stop', '');
    await platform.command('/copaw', 'queue later');
    await platform.command('/copaw', 'what is new?');
    await platform.command('/copaw', '');
    await inbox.until((event) => event.kind === 'command' && event.name === 'help');
    expect(inbox.events.map((event) => (event.kind === 'command' ? [event.name, event.text] : 'text' in event && event.text))).toEqual([
      ['stop', ''],
      ['queue', 'later'],
      'what is new?',
      ['help', ''],
    ]);
  }));

test('a token goes to no file that is kept elsewhere, and a clip that was recorded there is told from other files', () =>
  onSlack(async (platform, { inbox }) => {
    const file = { id: 'F1', name: 'x', size: 1, mode: 'hosted', url_private: 'http://127.0.0.1:1/x' };
    const base = { type: 'message', user: platform.ids.ana, text: 'file', ts: '1700000000.000100', channel: platform.chat('direct'), channel_type: 'im' };
    await platform.event({ ...base, files: [file, { ...file, id: 'F2', subtype: 'slack_audio' }] });
    const { files } = await inbox.until(text('file'));
    expect(files.map(({ voice }) => voice)).toEqual([undefined, 'said']);
    expect(await files[0]?.open(new AbortController().signal).catch(toCoPawError)).toMatchObject({ code: 'egress-refused' });
  }));

test('files that could not be put anywhere were not sent; files that perhaps were are not sent again', () =>
  onSlack(async (platform, { channel }) => {
    const to = addressOf(slackWorld, platform);
    const files = [{ name: 'a.txt', mediaType: 'text/plain', size: 1, path: 'a.txt', bytes: async () => new Uint8Array([65]) }];
    platform.fails('files.getUploadURLExternal', 'internal_error');
    expect(await channel.send(to, { text: 'x', files }, key).catch(toCoPawError)).toMatchObject({ code: 'channel-down', retryable: true });
    expect(await platform.shown()).toEqual([]);
    platform.fails('files.completeUploadExternal', 'file_not_found');
    expect(await channel.send(to, { text: 'x', files }, key).catch(toCoPawError)).toMatchObject({ code: 'channel-down', retryable: false });
    expect(await platform.shown()).toHaveLength(1);
  }));

test('a part is found again in a thread and after a restart, and said to be absent only where all was seen', async () => {
  const platform = await openSlackPlatform();
  const to = addressOf(slackWorld, platform);
  const inThread = { ...addressOf(slackWorld, platform, 'group'), thread: '1700000000.000100' };
  const earlier = await run(slackWorld, platform).up();
  const first = await earlier.channel.send(to, { text: 'x' }, key);
  const below = await earlier.channel.send(inThread, { text: 'y' }, { ...key, part: 1 });
  for (let part = 2; part < 30; part++) await earlier.channel.send(to, { text: 'z' }, { ...key, part });
  await letGo(earlier);
  const later = await run(slackWorld, platform).up();
  expect(await later.channel.reconcile?.(to, key)).toEqual(first);
  expect(await later.channel.reconcile?.(inThread, { ...key, part: 1 })).toEqual(below);
  expect(await later.channel.reconcile?.(to, { ...key, part: 1 })).toBe('absent');
  await letGo(later);
  expect(platform.complaints).toEqual([]);
  await nothingLeft(platform, later);
  await platform.close();
});

describe('signed requests', () => {
  const json = 'application/json';
  test('the challenge is answered; what is not signed, old or forged is not looked at', () =>
    onSlack(async ({ requests }, { inbox }) => {
      const challenge = JSON.stringify({ token: 'x', type: 'url_verification', challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' });
      expect(await requests.post(challenge, json)).toEqual({ status: 200, json: { challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' } });
      const seconds = Math.floor(Date.now() / 1_000);
      const { length } = inbox.events;
      expect(await requests.post(challenge, json, { seconds: seconds - 400 })).toEqual({ status: 401 });
      expect(await requests.post(challenge, json, { signature: `v0=${'0'.repeat(64)}` })).toEqual({ status: 401 });
      expect(await requests.post(challenge, json, { signature: '' })).toEqual({ status: 401 });
      expect(await requests.post(`${challenge} `, json, { seconds: seconds - 10 })).toMatchObject({ status: 200 });
      expect(await requests.post(`${challenge} `, json, { seconds: seconds - 10 }), 'the same again').toEqual({ status: 401 });
      expect(inbox.events).toHaveLength(length);
    }, slackHttpWorld));

  test('buttons and commands come as forms; what is not stored is not taken', () =>
    onSlack(async (platform, { inbox }) => {
      await platform.presses('', 'yes');
      expect(await inbox.until(({ kind }) => kind === 'choice')).toMatchObject({ value: 'yes', sender: { id: platform.ids.ana } });
      await platform.command('/copaw', 'stop');
      expect(await inbox.until(({ kind }) => kind === 'command')).toMatchObject({ name: 'stop' });
      inbox.refuse(1);
      await platform.says({ text: 'again' });
      await inbox.until(text('again'));
      expect(inbox.refused).toHaveLength(1);
    }, slackHttpWorld));

  test('without a signing secret there is no such address, and without any way in no start', async () => {
    const platform = await openSlackPlatform();
    const { appToken: _, ...settings } = platform.settings;
    expect((await run(slackWorld, platform).up()).channel.webhook).toBeUndefined();
    expect(toCoPawError(await run(slackWorld, platform, settings).ended)).toMatchObject({ code: 'config-invalid' });
    await platform.close();
  });
});

test('text is read as it was typed, whatever it holds', () => {
  const escaped = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (words) => plainText(escaped(words), 'U1') === words));
  for (const [given, read] of [
    ['<@U1> stop', 'stop'],
    ['<@U1|copaw>: stop', 'stop'],
    ['see <https://example.org|example.org> and <https://example.org/a|this>', 'see https://example.org and this (https://example.org/a)'],
    ['<mailto:a@example.org|a@example.org>', 'a@example.org'],
    ['<#C1|general> <@U2> <!here> <!subteam^S1|@team>', '#general @U2 @here @team'],
    ['&amp;lt;', '&lt;'],
  ])
    expect(plainText(given ?? '', 'U1')).toBe(read);
});
