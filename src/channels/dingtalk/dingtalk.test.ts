// DingTalk against a platform that keeps to its pages, and what is particular to it: pings, farewells, kinds of messages, answers that sent nothing.
import { expect, test } from 'vitest';
import { type DingTalkPlatform, dingTalkWorld, openDingTalkPlatform } from '../../../tests/platforms/dingtalk.ts';
import type { OutgoingFile } from '../../core/channel.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { render } from '../../gateway/render/render.ts';
import { addressOf, type ChannelRun, eventually, letGo, run } from '../../testing/channel-run.ts';
import { testChannel } from '../../testing/channel-suite.ts';

testChannel(dingTalkWorld);

const key = { answerId: 'answer_1', part: 0 };

const grows = { text: 'It is', goesOn: true } as const;

async function open(work: (platform: DingTalkPlatform, one: ChannelRun) => Promise<void>): Promise<void> {
  const platform = await openDingTalkPlatform();
  const one = await run(dingTalkWorld, platform).up();
  try {
    await work(platform, one);
    expect(platform.complaints).toEqual([]);
  } finally {
    await letGo(one);
    await platform.close();
  }
}

test('a ping of the platform is answered with what it said, and is life; its farewell ends the connection as one that is lost', () =>
  open(async (platform, one) => {
    const { lives } = one.inbox;
    expect(await platform.system('ping', '{"opaque":"0d4b-7"}')).toBe('{"opaque":"0d4b-7"}');
    expect(one.inbox.lives).toBeGreaterThan(lives);
    await platform.says({ text: 'the last before it closes' });
    await platform.system('disconnect', '{"reason":"persistent connection is timeout"}');
    expect(await one.ended).toMatchObject({ code: 'channel-down', retryable: true });
    expect(one.inbox.events).toHaveLength(1);
    expect(platform.unacknowledged()).toBe(0);
  }));

test('everything that cannot be read is acknowledged, so that it does not come for ever', () =>
  open(async (platform, { inbox }) => {
    platform.brings({ msgtype: 'unknownMsgType' });
    await platform.says({ text: 'the last' });
    await inbox.until(({ kind }) => kind === 'message');
    await eventually(() => expect(platform.unacknowledged()).toBe(0));
    expect(inbox.events).toHaveLength(1);
  }));

test('rich text, pictures, and recordings with the words that the platform heard', () =>
  open(async (platform, { inbox }) => {
    const base = { conversationId: 'cid1', conversationType: '1', senderId: '$:LWCP_v1:$x', createAt: Date.now() };
    const rich = [{ text: 'see ' }, { type: 'picture', downloadCode: platform.stores(new Uint8Array([1])) }, { text: 'this' }];
    platform.brings({ ...base, msgId: 'm1', msgtype: 'richText', content: { richText: rich } });
    const first = await inbox.until(({ id }) => id === 'm1');
    // Whoever has no number in the organisation is known by the id of the platform.
    expect(first).toMatchObject({ text: 'see this', sender: { id: '$:LWCP_v1:$x' } });
    expect(first.files).toHaveLength(1);
    const audio = { duration: 4_000, recognition: 'good morning', downloadCode: platform.stores(new Uint8Array([2, 3])) };
    platform.brings({ ...base, msgId: 'm2', msgtype: 'audio', content: audio });
    const second = await inbox.until(({ id }) => id === 'm2');
    expect(second).toMatchObject({ text: 'good morning', files: [{ voice: 'written' }] });
    const pieces: Uint8Array[] = [];
    for await (const piece of (await second.files[0]?.open(new AbortController().signal)) ?? []) pieces.push(piece);
    expect([...Buffer.concat(pieces)]).toEqual([2, 3]);
  }));

test('a 200 that sent nothing is no receipt', () =>
  open(async (platform, { channel }) => {
    const to = addressOf(dingTalkWorld, platform);
    platform.says200({ processQueryKey: 'q', invalidStaffIdList: [platform.ids.ana] });
    await expect(channel.send(to, { text: 'x' }, key)).rejects.toMatchObject({ code: 'send-refused' });
    platform.says200({ processQueryKey: 'q', flowControlledStaffIdList: [platform.ids.ana] });
    await expect(channel.send(to, { text: 'x' }, key)).rejects.toMatchObject({ code: 'busy', retryable: true });
    platform.says200({});
    await expect(channel.send(to, { text: 'x' }, key)).rejects.toMatchObject({ code: 'channel-down', retryable: false });
  }));

test('attack: what a card brings is no message, whatever it looks like', () =>
  open(async (platform, { inbox }) => {
    const message = { conversationId: 'cid1', conversationType: '1', senderId: 'x', senderStaffId: platform.ids.ana, createAt: Date.now() };
    const content = JSON.stringify({ cardPrivateData: { actionIds: ['approve'], params: { value: 'approval:appr_1:always:mac' } } });
    const pressed = { type: 'actionCallback', outTrackId: 'track', corpId: 'ding1', userId: platform.ids.ana, userIdType: 1, content, value: content };
    platform.brings(pressed, '/v1.0/card/instances/callback');
    platform.brings({ ...pressed, ...message, msgId: 'm1', msgtype: 'text', text: { content: '/approve appr_1' } }, '/v1.0/card/instances/callback');
    platform.brings(pressed);
    await platform.says({ text: 'the last' });
    await inbox.until(({ kind }) => kind === 'message');
    await eventually(() => expect(platform.unacknowledged()).toBe(0));
    expect(inbox.events).toMatchObject([{ text: 'the last' }]);
  }));

test('the notice says the first words', () =>
  open(async (platform, { channel }) => {
    const to = addressOf(dingTalkWorld, platform);
    const says = async (markdown: string): Promise<string | undefined> => {
      const [part] = render(markdown, channel.limits, String).parts;
      await channel.send(to, part ?? { text: '' }, key);
      return platform.titles().at(-1);
    };
    expect(await says('# A **bold** [link](https://x.y)\n\n- `code`')).toBe('A bold link - code');
    expect(await says(`\`\`\`js\n${'中'.repeat(100)}\n\`\`\``)).toBe('中'.repeat(40));
    expect(await says('\\*\\*')).toBe('CoPaw');
  }));

test('an answer grows in a card, which is done with its last words; whatever else is said is a message', () =>
  open(async (platform, { channel }) => {
    const to = addressOf(dingTalkWorld, platform);
    const ref = await channel.send(to, grows, key);
    await channel.edit?.(to, ref, { text: 'It is five', goesOn: true });
    expect(platform.cards.states()).toEqual(['2']);
    await channel.edit?.(to, ref, { text: 'It is five to ten.' });
    expect(platform.cards.states()).toEqual(['3']);
    await channel.send(to, { text: 'The rest.' }, { ...key, part: 1 });
    expect(platform.cards.states()).toHaveLength(1);
    expect((await platform.shown()).map(({ text }) => text)).toEqual(['It is five to ten.', 'The rest.']);
  }));

test('a card that was not delivered is no receipt, and one whose first words got lost has them later', () =>
  open(async (platform, { channel }) => {
    const to = addressOf(dingTalkWorld, platform);
    platform.cards.keepsNext();
    await expect(channel.send(to, grows, key)).rejects.toMatchObject({ code: 'send-refused' });
    platform.cards.brokenNext();
    const ref = await channel.send(to, grows, { ...key, part: 1 });
    expect(await platform.shown()).toMatchObject([{ id: ref.id, text: '' }]);
    await channel.edit?.(to, ref, grows);
    expect(await platform.shown()).toMatchObject([{ id: ref.id, text: 'It is' }]);
  }));

test('while an answer is made its message has a sign, which the answer takes away', () =>
  open(async (platform, { channel, inbox }) => {
    const to = addressOf(dingTalkWorld, platform);
    const id = await platform.says({ text: 'a question' });
    await inbox.until((event) => event.id === id);
    await channel.typing?.(to);
    await channel.typing?.(to);
    expect(platform.emotions()).toEqual([`${id} 🤔Thinking`]);
    await channel.send(to, { text: 'an answer' }, key);
    await eventually(() => expect(platform.emotions()).toEqual([]));
  }));

test('a message that is no card is not changed', () =>
  open(async (platform, { channel }) => {
    const to = addressOf(dingTalkWorld, platform);
    const ref = await channel.send(to, { text: 'x' }, key);
    await expect(channel.edit?.(to, ref, { text: 'y' })).rejects.toMatchObject({ code: 'send-refused' });
  }));

test('without a template nothing can be changed, and a message has more room', () => {
  const settings = { clientId: 'ding1', clientSecret: { vault: 'dingtalk' } };
  const hands: ChannelHands = new Proxy(Object.create(null), { get: () => undefined });
  const channel = dingTalkWorld.kind.open(settings, hands);
  expect(channel.edit).toBeUndefined();
  expect(channel.limits).toMatchObject({ edit: false, textLength: 14_500 });
});

const fileOf = (name: string, mediaType: string, bytes: Uint8Array): OutgoingFile => ({
  ...{ name, mediaType, size: bytes.byteLength, path: name, bytes: async () => bytes },
});

test("words first, then a picture, a document as it is and any other file in an archive; the app's token is fresh for the upload too", () =>
  open(async (platform, { channel }) => {
    const to = addressOf(dingTalkWorld, platform);
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);
    const pdf = Buffer.from('%PDF-1.7 …');
    const text = Buffer.from('木兰 '.repeat(1_000));
    const files = [fileOf('chart.png', 'image/png', png), fileOf('Report.PDF', 'application/pdf', pdf), fileOf('notes.txt', 'text/plain', text)];
    await channel.send(to, { text: 'Here.', files }, key);
    const shown = await platform.shown();
    expect(shown.map((message) => message.text)).toEqual(['Here.', '', '', '']);
    expect(
      shown
        .flatMap((message) => message.files)
        .map(({ name, bytes }) => [name, Buffer.from(bytes).equals(Buffer.from(name === 'notes.txt' ? text : name === 'chart.png' ? png : pdf))]),
    ).toEqual([
      ['chart.png', true],
      ['Report.PDF', true],
      ['notes.txt', true],
    ]);
  }));

test('a file that is too large for the platform is refused before anything is said', () =>
  open(async (platform, { channel }) => {
    const large = fileOf('film.pdf', 'application/pdf', new Uint8Array(20 * 1024 * 1024 + 1));
    await expect(channel.send(addressOf(dingTalkWorld, platform), { text: 'x', files: [large] }, key)).rejects.toMatchObject({ code: 'send-refused' });
    expect(await platform.shown()).toEqual([]);
  }));
