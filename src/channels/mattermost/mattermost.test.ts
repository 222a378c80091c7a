// Mattermost against a double of its server: the contract, and what only Mattermost has.
import { describe, expect, test } from 'vitest';
import { type MattermostPlatform, openMattermostPlatform, mattermostWorld as world } from '../../../tests/platforms/mattermost.ts';
import type { OutgoingFile } from '../../core/channel.ts';
import { toCoPawError } from '../../core/error.ts';
import type { Inbound } from '../../core/inbound.ts';
import { addressOf, type ChannelRun, connected, eventually, letGo, run } from '../../testing/channel-run.ts';
import { testChannel } from '../../testing/channel-suite.ts';
import { calm } from './calm.ts';
import { mattermost } from './mattermost.ts';

testChannel(world);

const key = { answerId: 'answer_m', part: 0 };
const file = (name: string): OutgoingFile => ({ name, mediaType: 'text/plain', size: 3, path: `x/${name}`, bytes: async () => new Uint8Array(3) });
const withMattermost = (work: (platform: MattermostPlatform, one: ChannelRun) => Promise<void>): Promise<void> =>
  connected(world, (platform, one) => work(platform as MattermostPlatform, one));
const isText =
  (text: string) =>
  (event: Inbound): boolean =>
    event.kind === 'message' && event.text === text;

describe('what comes in', () => {
  test('what was written, changed and withdrawn while nobody listened comes with the next connection', async () => {
    const platform = await openMattermostPlatform();
    try {
      const first = await run(world, platform).up();
      const changed = await platform.says({ text: 'wrods' });
      const gone = await platform.says({ text: 'better not' });
      await first.inbox.until(isText('better not'));
      await letGo(first);
      await platform.edits?.(changed, 'words');
      await platform.withdraws?.(gone);
      await platform.says({ text: 'are you there', where: 'group', mention: true });
      await platform.says({ text: 'not to you', where: 'group' });
      const { inbox, ...one } = await run(world, platform).up();
      expect(await inbox.until(isText('are you there'))).toMatchObject({ mentioned: true });
      expect(await inbox.until(({ kind }) => kind === 'edit')).toMatchObject({ target: changed, text: 'words' });
      expect(await inbox.until(({ kind }) => kind === 'delete')).toMatchObject({ target: gone });
      const plain = await inbox.until(isText('not to you'));
      expect('mentioned' in plain).toBe(false);
      await letGo({ inbox, ...one });
    } finally {
      await platform.close();
    }
  });

  test('a gap in the numbers is looked up at once, and nothing comes twice', () =>
    withMattermost(async (platform, { inbox }) => {
      await platform.says({ text: 'one' });
      const lost = platform.loses('two');
      await platform.says({ text: 'three' });
      expect((await inbox.until(isText('two'))).id).toBe(lost);
      await inbox.until(isText('three'));
      expect(inbox.events.flatMap((event) => (event.kind === 'message' ? [event.text] : []))).toEqual(['one', 'two', 'three']);
    }));

  test('a channel that was closed to the bot holds nothing up', async () => {
    const platform = await openMattermostPlatform();
    try {
      await platform.says({ text: 'in the group', where: 'group' });
      platform.closes();
      await platform.says({ text: 'alone' });
      const one = await run(world, platform).up();
      await one.inbox.until(isText('alone'));
      await letGo(one);
      expect(await one.ended).toBeUndefined();
    } finally {
      await platform.close();
    }
  });

  test('the name in front is no word; a name that only looks so is nobody; notices are no messages', () =>
    withMattermost(async (platform, { inbox }) => {
      await platform.says({ text: 'stop', where: 'group', mention: true });
      await platform.says({ text: 'I asked @copaw', where: 'group' }); // the server names nobody: it stood in code
      platform.notices('@ana joined the channel.');
      await platform.says({ text: 'the last' });
      await inbox.until(isText('the last'));
      expect(inbox.events.map((event) => event.kind === 'message' && [event.text, event.mentioned ?? false])).toEqual([
        ['stop', true],
        ['I asked @copaw', false],
        ['the last', true],
      ]);
    }));
});

describe('what goes out', () => {
  test('the same part is there once, whatever became of the first answer', () =>
    withMattermost(async (platform, { channel }) => {
      const to = addressOf(world, platform);
      platform.next?.('lost');
      await expect(channel.send(to, { text: 'once' }, key)).rejects.toMatchObject({ code: 'channel-down' });
      const { id } = await channel.send(to, { text: 'once' }, key);
      expect(await platform.shown()).toMatchObject([{ id, text: 'once' }]);
    }));

  test('seven files are two posts in the thread; no preview is made', () =>
    withMattermost(async (platform, { channel, inbox }) => {
      const thread = await platform.says({ text: 'root', where: 'group', mention: true });
      await inbox.until(isText('root'));
      const files = Array.from({ length: 7 }, (_, index) => file(`${index}.txt`));
      await channel.send(addressOf(world, platform, 'group', 'ana', thread), { text: 'here', files }, key);
      expect((await platform.shown()).map((one) => [one.text, one.thread, one.files.length])).toEqual([
        ['here', thread, 5],
        ['', thread, 2],
      ]);
      for (const { route, given } of platform.requests) if (route === 'POST /posts') expect(given.props).toMatchObject({ unsafe_links: 'true' });
    }));

  test('nobody is called', () => {
    const silent = '@\u2060';
    expect(calm('@all and @channel, mail a@b.example')).toBe(`${silent}all and ${silent}channel, mail a@b.example`);
    expect(calm('\\@ana (@ben) **@cleo**')).toBe(`\\${silent}ana (${silent}ben) **${silent}cleo**`);
    expect(calm('`@decorator` and \\`@ana\\`')).toBe(`\`@decorator\` and \\\`${silent}ana\\\``);
    expect(calm('```py\n@decorator\n@here\n```\n@ana')).toBe(`\`\`\`py\n@decorator\n${silent}here\n\`\`\`\n${silent}ana`);
    expect(calm('```a` @ana\n')).toBe(`\`\`\`a\` ${silent}ana\n`);
  });
});

describe('buttons', () => {
  test('count only as they were made, in the channel they were made for', () =>
    withMattermost(async (platform, { channel, inbox }) => {
      const choices = [{ label: 'Yes', value: 'approval:1:once:x' }];
      const { id } = await channel.send(addressOf(world, platform), { text: 'May I?', choices }, key);
      const { given } = platform.requests.findLast(({ route }) => route === 'POST /posts') ?? {};
      const [context] = [...JSON.stringify(given).matchAll(/"context":(\{[^}]*\})/gu)].map(([, json = '']) => JSON.parse(json));
      const pressed = { user_id: platform.ids.ana, channel_id: platform.chat('direct'), post_id: id, trigger_id: 't', context };
      const forged = [
        { ...pressed, channel_id: platform.chat('group') },
        { ...pressed, context: { ...context, value: 'approval:2:once:x' } },
        { ...pressed, context: { ...context, mac: '' } },
      ];
      for (const one of forged) expect(await platform.hook(JSON.stringify(one))).toBe(401);
      for (const body of ['{}', '', JSON.stringify({ ...pressed, context: undefined })]) expect(await platform.hook(body)).toBe(400);
      expect(inbox.events).toEqual([]);
      expect(await platform.hook(JSON.stringify(pressed))).toBe(200);
      expect(inbox.events).toMatchObject([{ kind: 'choice', target: id, value: 'approval:1:once:x', chat: { kind: 'direct' } }]);
    }));

  test('are there only with an address and a secret', async () => {
    const platform = await openMattermostPlatform({ buttons: false });
    try {
      const one = await run(world, platform).up();
      expect(one.channel.limits.choices).toBe(false);
      expect(one.channel.webhook).toBeUndefined();
      await letGo(one);
      const half = run(world, platform, { ...platform.settings, webhookUrl: 'http://127.0.0.1:9/x' });
      expect(toCoPawError(await half.ended)).toMatchObject({ code: 'config-invalid' });
      await letGo(half);
    } finally {
      await platform.close();
    }
  });
});

test('what was stored is marked as read', async () => {
  const platform = await openMattermostPlatform();
  try {
    const soon = {
      ...mattermost,
      open: (chosen: object, hands: Parameters<typeof mattermost.open>[1]) =>
        mattermost.open(chosen as never, { ...hands, clock: { ...hands.clock, after: (ms, fn) => hands.clock.after(ms === 5_000 ? 1 : ms, fn) } }),
    };
    const one = await run({ ...world, kind: soon }, platform).up();
    await platform.says({ text: 'hello' });
    await one.inbox.until(isText('hello'));
    const views = () => platform.requests.filter(({ route }) => route === 'POST /channels/members/me/view');
    await eventually(() => expect(views()).toMatchObject([{ given: { channel_id: platform.chat('direct') } }]));
    await letGo(one);
  } finally {
    await platform.close();
  }
});
