// Telegram against a double of the Bot API: the contract, polled and called, and what only Telegram has.
import { describe, expect, test } from 'vitest';
import {
  telegramHookWorld as called,
  hookSecret,
  openTelegramPlatform,
  type TelegramPlatform,
  telegramWorld as world,
} from '../../../tests/platforms/telegram.ts';
import type { OutgoingFile } from '../../core/channel.ts';
import { toCoPawError } from '../../core/error.ts';
import { testHands } from '../../testing/channel-hands.ts';
import { addressOf, type ChannelRun, connected, eventually, letGo, run } from '../../testing/channel-run.ts';
import { testChannel } from '../../testing/channel-suite.ts';
import type { ChannelWorld } from '../../testing/channel-world.ts';
import { telegramApi } from './api.ts';
import { telegram } from './telegram.ts';

testChannel(world);
describe('called at a webhook', () => testChannel(called));

const key = { answerId: 'answer_t', part: 0 };
const file = (name: string, mediaType: string, size = 10): OutgoingFile => ({
  name,
  mediaType,
  size,
  path: `x/${name}`,
  bytes: async () => new Uint8Array(size).fill(7),
});
const withTelegram = (work: (platform: TelegramPlatform, one: ChannelRun) => Promise<void>, one: ChannelWorld = world): Promise<void> =>
  connected(one, (platform, running) => work(platform as TelegramPlatform, running));

describe('what comes in', () => {
  test('the pieces of an album say that they are pieces, and where one is addressed to the bot all are', () =>
    withTelegram(async (platform, { inbox }) => {
      const files = [1, 2, 3].map((fill) => ({ name: `${fill}.bin`, bytes: new Uint8Array(20).fill(fill) }));
      const id = await platform.says({ text: 'three of them', files });
      await platform.says({ text: 'look', files, where: 'group', mention: true });
      await platform.says({ text: 'not for you', files, where: 'group' });
      await inbox.until((one) => one.kind === 'message' && one.text === 'not for you');
      await eventually(() => expect(inbox.events).toHaveLength(9));
      const [first] = inbox.events;
      expect(first).toMatchObject({ id, text: 'three of them', files: [{ name: '1.bin' }] });
      const pieces = inbox.events.map((one) => (one.kind === 'message' ? [one.album, one.mentioned, one.files.length] : []));
      expect(pieces).toEqual([undefined, true, undefined].flatMap((mentioned) => files.map(() => [true, mentioned, 1])));
      await eventually(() => expect(platform.waiting()).toBe(0));
    }));

  test('that the bot was let into a group is an event of who let it in; that its rights changed, that it left, and a direct chat are none', () =>
    withTelegram(async (platform, { inbox }) => {
      const { chat, from } = platform.message('ana', 'group', {});
      const change = (old: string, now: string, more: object = {}) =>
        platform.push({ my_chat_member: { chat, from, date: 1_767_600_000, old_chat_member: { status: old }, new_chat_member: { status: now, ...more } } });
      await change('left', 'member');
      await change('member', 'administrator');
      await change('administrator', 'kicked');
      await change('kicked', 'restricted', { is_member: true });
      const { chat: own } = platform.message('ana', 'direct', {});
      await platform.push({ my_chat_member: { chat: own, from, date: 1, old_chat_member: { status: 'kicked' }, new_chat_member: { status: 'member' } } });
      await platform.says({ text: 'after it' });
      await inbox.until(({ kind }) => kind === 'message');
      expect(inbox.events.map(({ kind }) => kind)).toEqual(['join', 'join', 'message']);
      expect(inbox.events[0]).toMatchObject({ added: true, sender: { id: platform.ids.ana }, chat: { id: platform.chat('group'), kind: 'group' } });
    }));

  test('what is no text is said in words, and files have names', () =>
    withTelegram(async (platform, { inbox }) => {
      const sizes = [
        { file_id: 'small', file_unique_id: 'a', width: 90, height: 90, file_size: 5 },
        { file_id: 'large', file_unique_id: 'b', width: 1280, height: 960, file_size: 500 },
      ];
      const parts = [
        { sticker: { file_id: 's', emoji: '😀', set_name: 'Cats' } },
        { location: { latitude: 52.5, longitude: 13.4 }, venue: { location: { latitude: 52.5, longitude: 13.4 }, title: 'Café', address: 'Street 1' } },
        { photo: sizes, caption: 'see' },
        { voice: { file_id: 'v', file_unique_id: 'v', duration: 3, mime_type: 'audio/ogg', file_size: 9 } },
        { new_chat_title: 'a notice' },
        { text: 'read this', entities: [{ type: 'text_link', offset: 5, length: 4, url: 'https://example.org/x' }] },
      ];
      for (const part of parts) await platform.push({ message: platform.message('ana', 'direct', part) });
      await inbox.until((one) => one.kind === 'message' && one.text.startsWith('read'));
      expect(
        inbox.events.map((one) => [one.kind === 'message' && one.text, one.files.map(({ name, size, voice }) => [name.replace(/\d+/u, 'N'), size, voice])]),
      ).toEqual([
        ['[sticker 😀 Cats]', []],
        ['[location: 52.5, 13.4, Café, Street 1]', []],
        ['see', [['photo-N.jpg', 500, undefined]]],
        ['', [['voice-N.ogg', 9, 'said']]],
        ['read this (https://example.org/x)', []],
      ]);
    }));

  test('the name of the bot goes before a command is read; other names and look-alikes are nobody', () =>
    withTelegram(async (platform, { inbox }) => {
      const say = (text: string, entities: object[], more: object = {}) =>
        platform.push({ message: platform.message('ana', 'group', { text, entities, ...more }) });
      await say('/status@Copaw_Test_Bot now', [{ type: 'bot_command', offset: 0, length: 22 }]);
      await say('@copaw_test_bot, stop', [{ type: 'mention', offset: 0, length: 15 }]);
      await say('/status@robot_bot', [{ type: 'bot_command', offset: 0, length: 17 }]);
      await say('@copaw_test_bot in quotes', []);
      await say('CoPaw, hello', [{ type: 'text_mention', offset: 0, length: 5, user: { id: 7000001, is_bot: true, first_name: 'CoPaw' } }]);
      await say('an answer', [], {
        reply_to_message: { message_id: 5, date: 1, chat: { id: -1001234, type: 'supergroup' }, from: { id: 7000001, is_bot: true } },
      });
      await say('in a topic the bot made', [], {
        ...{ is_topic_message: true, message_thread_id: 5 },
        reply_to_message: { message_id: 5, date: 1, chat: { id: -1001234, type: 'supergroup' }, from: { id: 7000001, is_bot: true } },
      });
      await say('the last', []);
      await inbox.until((one) => one.kind === 'message' && one.text === 'the last');
      expect(inbox.events.map((one) => one.kind === 'message' && [one.text, one.mentioned ?? false, one.replyTo])).toEqual([
        ['/status now', true, undefined],
        ['stop', true, undefined],
        ['/status@robot_bot', false, undefined],
        ['@copaw_test_bot in quotes', false, undefined],
        ['CoPaw, hello', true, undefined],
        ['an answer', true, '5'],
        ['in a topic the bot made', false, undefined],
        ['the last', false, undefined],
      ]);
    }));

  test('words in the name of a chat, and by way of a bot, are marked; posts of channels do not count', () =>
    withTelegram(async (platform, { inbox }) => {
      const anonymous = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
      await platform.push({
        message: platform.message('ana', 'group', { text: 'unnamed', from: anonymous, sender_chat: { id: -1001234, type: 'supergroup', title: 'Friends' } }),
      });
      await platform.push({ message: platform.message('ana', 'direct', { text: 'inline', via_bot: { id: 9, is_bot: true, first_name: 'gif' } }) });
      await platform.push({ channel_post: platform.message('ana', 'group', { text: 'a post', chat: { id: -100777, type: 'channel', title: 'News' } }) });
      await platform.push({ message: platform.message('ana', 'direct', { text: 'a post', chat: { id: -100777, type: 'channel', title: 'News' } }) });
      await platform.says({ text: 'the last' });
      await inbox.until((one) => one.kind === 'message' && one.text === 'the last');
      expect(inbox.events.map(({ sender }) => [sender.id, sender.bot ?? false])).toEqual([
        ['-1001234', true],
        ['1001', true],
        ['1001', false],
      ]);
    }));

  test('two changes of a message are two events; a reaction taken back is one', () =>
    withTelegram(async (platform, { inbox }) => {
      const id = await platform.says({ text: 'one' });
      await platform.edits?.(id, 'two');
      await platform.edits?.(id, 'three');
      const chat = { id: 1001, type: 'private' };
      const user = { id: 1001, is_bot: false, first_name: 'Ana' };
      await platform.push({
        message_reaction: {
          chat,
          user,
          message_id: Number(id),
          date: 1,
          old_reaction: [{ type: 'emoji', emoji: '👍' }],
          new_reaction: [{ type: 'emoji', emoji: '👎' }],
        },
      });
      await inbox.until((one) => one.kind === 'reaction' && one.added);
      expect(new Set(inbox.events.map((one) => one.id)).size).toBe(5);
      expect(inbox.events.flatMap((one) => (one.kind === 'reaction' ? [[one.emoji, one.added]] : []))).toEqual([
        ['👍', false],
        ['👎', true],
      ]);
    }));
});

describe('buttons', () => {
  const value = `approval:${'a'.repeat(40)}:once:${'b'.repeat(43)}`;
  const answers = (platform: TelegramPlatform) => platform.requests.filter(({ method }) => method === 'answerCallbackQuery').map(({ params }) => params.text);

  test('are answered once they were heard', () =>
    withTelegram(async (platform, { channel, inbox }) => {
      const { id } = await channel.send(addressOf(world, platform), { text: 'May I?', choices: [{ label: 'Yes', value }] }, key);
      await platform.presses?.(id, (await platform.shown())[0]?.choices[0]?.value ?? '');
      await inbox.until(({ kind }) => kind === 'choice');
      await eventually(() => expect(answers(platform)).toEqual([undefined]));
    }));

  test('of a former run do nothing, and say so', () =>
    withTelegram(async (platform, { channel, inbox, hands }) => {
      const former = telegram.open(platform.settings, hands);
      const { id } = await former.send(addressOf(world, platform), { text: 'May I?', choices: [{ label: 'Yes', value }] }, key);
      await platform.presses?.(id, (await platform.shown())[0]?.choices[0]?.value ?? '');
      await eventually(() => expect(answers(platform)).toEqual(['This button is too old. Ask again.']));
      expect(inbox.events).toEqual([]);
      await channel.typing?.(addressOf(world, platform));
    }));
});

describe('what goes out', () => {
  test('nothing is fetched for a preview, and the menu shows a few commands', () =>
    withTelegram(async (platform, { channel }) => {
      await channel.send(addressOf(world, platform), { text: 'https://example.org' }, key);
      expect(platform.requests.find(({ method }) => method === 'sendMessage')?.params).toMatchObject({ link_preview_options: { is_disabled: true } });
      await eventually(() => expect(platform.requests.some(({ method }) => method === 'setMyCommands')).toBe(true));
    }));

  test('pictures are shown, or go as files where Telegram does not like them; several are an album', () =>
    withTelegram(async (platform, { channel }) => {
      const to = addressOf(world, platform, 'group', 'ana', '77');
      const picture = file('a.png', 'image/png');
      await channel.send(to, { text: 'one', files: [picture] }, key);
      await channel.send(to, { text: 'two', files: [picture, file('b.png', 'image/png')] }, key);
      await channel.send(to, { text: 'mixed', files: [picture, file('c.pdf', 'application/pdf')] }, key);
      platform.dislikesPhotos();
      await channel.send(to, { text: 'odd', files: [picture] }, key);
      await channel.send(to, { text: 'odd two', files: [picture, picture] }, key);
      const sends = platform.requests.filter(({ method }) => method.startsWith('send'));
      expect(sends.map(({ method, params }) => (Array.isArray(params.media) ? `${method} ${params.media[0].type}` : method))).toEqual([
        ...['sendPhoto', 'sendMediaGroup photo', 'sendMediaGroup document', 'sendPhoto', 'sendDocument', 'sendMediaGroup photo', 'sendMediaGroup document'],
      ]);
      expect((await platform.shown()).map(({ text, thread }) => [text, thread])).toEqual(
        ['one', 'two', '', 'mixed', '', 'odd', 'odd two', ''].map((text) => [text, '77']),
      );
    }));

  test('words too long for a caption go before the files, with the buttons; eleven files are two messages', () =>
    withTelegram(async (platform, { channel }) => {
      const to = addressOf(world, platform);
      const files = Array.from({ length: 11 }, (_, index) => file(`${index}.bin`, 'application/octet-stream'));
      const { id } = await channel.send(to, { text: `<b>${'x'.repeat(1025)}</b>`, files, choices: [{ label: 'Yes', value: 'yes' }] }, key);
      const shown = await platform.shown();
      expect(shown[0]).toMatchObject({ id, choices: [{ label: 'Yes' }], files: [] });
      expect(shown.slice(1).map((one) => one.files[0]?.name)).toEqual(files.map(({ name }) => name));
      expect(platform.requests.filter(({ method }) => method === 'sendMediaGroup' || method === 'sendDocument')).toHaveLength(2);
    }));

  test('a file that fails after its words is no plain failure; one that is asked to wait waits', () =>
    withTelegram(async (platform, { hands }) => {
      const channel = telegram.open(platform.settings, { ...hands, clock: { ...hands.clock, sleep: async () => undefined } });
      const to = addressOf(world, platform);
      const message = { text: 'x'.repeat(1025), files: [file('a.bin', 'application/octet-stream')] };
      platform.failsSecond('forbidden');
      await expect(channel.send(to, message, key)).rejects.toMatchObject({
        code: 'channel-down',
        retryable: false,
        message: expect.stringContaining('Only a part'),
      });
      expect(await platform.shown()).toHaveLength(1);
      platform.failsSecond('busy');
      await channel.send(to, message, key);
      expect((await platform.shown()).map(({ files }) => files.length)).toEqual([0, 0, 1]);
    }));

  test('a caption is edited where there is no text', () =>
    withTelegram(async (platform, { channel }) => {
      const to = addressOf(world, platform);
      const ref = await channel.send(to, { text: 'first', files: [file('a.bin', 'application/octet-stream')] }, key);
      await channel.edit?.(to, ref, { text: 'second' });
      expect(await platform.shown()).toMatchObject([{ text: 'second', edits: 1 }]);
    }));

  test('a group that has become a supergroup is followed', () =>
    withTelegram(async (platform, { channel }) => {
      platform.moves(-55, -100555);
      const to = { channel: 'telegram', account: 'main', chat: '-55' };
      await channel.send(to, { text: 'one' }, key);
      await channel.send(to, { text: 'two' }, key);
      expect((await platform.shown()).map(({ chat }) => chat)).toEqual(['-100555', '-100555']);
      expect(platform.requests.filter(({ method }) => method === 'sendMessage')).toHaveLength(3);
    }));

  test('what is no chat of Telegram is refused', () =>
    withTelegram(async (_platform, { channel }) => {
      await expect(channel.send({ channel: 'telegram', account: 'main', chat: '@news' }, { text: 'x' }, key)).rejects.toMatchObject({ code: 'send-refused' });
    }));
});

describe('the connection', () => {
  test('another program that polls is a refusal with a next step', async () => {
    const platform = await openTelegramPlatform();
    try {
      const one = await run(world, platform).up();
      await eventually(() => expect(platform.requests.some(({ method }) => method === 'getUpdates')).toBe(true));
      await eventually(() => expect(platform.connections()).toBeGreaterThan(0));
      await platform.polls();
      const ended = toCoPawError(await one.ended);
      expect(ended).toMatchObject({ code: 'forbidden', retryable: false, next: expect.stringContaining('Stop the other program') });
      await letGo(one);
    } finally {
      await platform.close();
    }
  });

  test('a webhook is there only with a secret, takes nothing without it, and needs an address', async () => {
    await withTelegram(async (platform, { channel, inbox }) => {
      const body = JSON.stringify({ update_id: 1, message: platform.message('ana', 'direct', { text: 'forged' }) });
      expect(await platform.hook(body, 'another secret')).toBe(401);
      expect(await platform.hook(body, '')).toBe(401);
      expect(inbox.events).toEqual([]);
      expect(await platform.hook('{', hookSecret)).toBe(400);
      expect(await platform.hook(body, hookSecret)).toBe(200);
      expect(inbox.events).toHaveLength(1);
      expect(channel.limits.liveMs).toBe(Number.POSITIVE_INFINITY);
    }, called);
    const platform = await openTelegramPlatform();
    try {
      const { webhook } = telegram.open(platform.settings, testHands(telegram, platform.settings, platform.secrets));
      expect(webhook).toBeUndefined();
      for (const half of [{ webhookUrl: 'https://copaw.example/x' }, { webhookSecret: { vault: 'hook' } }]) {
        const one = run(world, platform, { ...platform.settings, ...half });
        expect(toCoPawError(await one.ended)).toMatchObject({ code: 'config-invalid' });
        await letGo(one);
      }
    } finally {
      await platform.close();
    }
  });

  test('what Telegram takes and hands out is limited there, and said in words; the token is in no error', async () => {
    const platform = await openTelegramPlatform();
    try {
      const hands = {
        ...testHands(telegram, platform.settings, platform.secrets),
        fetch: async () => Response.json({ ok: false, error_code: 400, description: 'Bad Request: file is too big' }, { status: 400 }),
      };
      const api = telegramApi(hands, { vault: 'token' }, 'https://api.telegram.org');
      const signal = new AbortController().signal;
      for (const size of [undefined, 21 * 1024 * 1024])
        await expect(api.file('x', size, signal)).rejects.toMatchObject({ code: 'too-large', message: expect.stringContaining('20 MB') });
      const channel = telegram.open({ token: { vault: 'token' } }, hands);
      const to = addressOf(world, platform);
      const large = channel.send(to, { text: 'x', files: [{ ...file('a.bin', 'x/y'), size: 51 * 1024 * 1024 }] }, key);
      await expect(large).rejects.toMatchObject({ code: 'send-refused', message: expect.stringContaining('50 MB') });
      const wrong = telegram.open({ token: { vault: 'hook' } }, hands);
      const error = await wrong.send(to, { text: 'x' }, key).catch((failed: unknown) => failed);
      expect(error).toMatchObject({ code: 'unauthenticated' });
      expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain(platform.secrets.hook);
    } finally {
      await platform.close();
    }
  });
});
