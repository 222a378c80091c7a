// Feishu against a platform that keeps to its pages, and what is particular to it: frames, pieces, acknowledgements, names in words, buttons of old cards.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FeishuPlatform, feishuWorld, openFeishuPlatform } from '../../../tests/platforms/feishu.ts';
import { readFrame, writeFrame } from '../../../tests/platforms/feishu-wire.ts';
import { render } from '../../gateway/render/render.ts';
import { addressOf, type ChannelRun, eventually, letGo, run } from '../../testing/channel-run.ts';
import { testChannel } from '../../testing/channel-suite.ts';
import { decodeFrame, encodeFrame } from './frame.ts';

testChannel(feishuWorld);

async function open(work: (platform: FeishuPlatform, one: ChannelRun) => Promise<void>): Promise<void> {
  const platform = await openFeishuPlatform();
  const one = await run(feishuWorld, platform).up();
  try {
    await work(platform, one);
    expect(platform.complaints).toEqual([]);
  } finally {
    await letGo(one);
    await platform.close();
  }
}

const words = fc.string({ unit: 'grapheme' }).map((text) => text.toWellFormed());
const anyFrame = fc.record(
  {
    ...{ seqId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), logId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
    ...{ service: fc.integer(), method: fc.integer(), headers: fc.array(fc.record({ key: words, value: words })) },
    ...{ payloadEncoding: words, payloadType: words, payload: fc.uint8Array(), logIdNew: words },
  },
  { requiredKeys: ['seqId', 'logId', 'service', 'method', 'headers'] },
);

test('any frame comes back as it was written', () => {
  fc.assert(
    fc.property(anyFrame, (frame) => {
      const back = decodeFrame(encodeFrame(frame));
      expect(back && { ...back, ...(back.payload ? { payload: [...back.payload] } : {}) }).toEqual({
        ...frame,
        ...(frame.payload ? { payload: [...frame.payload] } : {}),
      });
    }),
  );
});

test('the platform reads what is written here, and what it writes is read here', () => {
  const headers = { type: 'event', message_id: 'x'.repeat(200) };
  const read = decodeFrame(writeFrame(1, headers, Buffer.from('{}')));
  expect(read).toMatchObject({ method: 1, service: 7, logId: 7_000_000_123n, logIdNew: 'log-new' });
  expect(readFrame(Buffer.from(encodeFrame(read ?? expect.fail())))).toMatchObject({ headers, service: 7, method: 1, log: 7_000_000_123 });
});

test('bytes that are no frame are none, and a frame that was cut is not read past its end', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeFrame(bytes)));
  const whole = writeFrame(1, { type: 'event' }, Buffer.from('payload'));
  for (let end = 1; end < whole.length; end++) expect(decodeFrame(whole.subarray(0, end))?.logIdNew).toBeUndefined();
  expect(decodeFrame(Uint8Array.of(0x42, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f))).toBeUndefined();
});

test('an event in pieces is put together, and everything is acknowledged once', () =>
  open(async (platform, { inbox }) => {
    platform.cutInto(7);
    await platform.says({ text: 'in seven pieces, 你好' });
    expect(await inbox.until(({ kind }) => kind === 'message')).toMatchObject({ text: 'in seven pieces, 你好' });
    platform.brings('contact.user.updated_v3', { object: {} });
    await eventually(() => expect(platform.unacknowledged()).toBe(0));
  }));

test('who is called is named, the bot itself is left out, and a command behind it stays one', () =>
  open(async (platform, { inbox }) => {
    const mention = (key: string, id: string, name: string) => ({ key, id: { open_id: id, union_id: 'on', user_id: '' }, name, tenant_key: 'tenant' });
    const message = { message_id: 'om_1', chat_id: 'oc_1', chat_type: 'group', create_time: String(Date.now()), message_type: 'text' };
    const mentions = [mention('@_user_1', platform.ids.self, 'CoPaw'), mention('@_user_10', platform.ids.ben, 'Ben')];
    const sender = { sender_id: { open_id: platform.ids.ana }, sender_type: 'user', tenant_key: 'tenant' };
    platform.brings('im.message.receive_v1', { sender, message: { ...message, content: JSON.stringify({ text: '@_user_1 /stop @_user_10' }), mentions } });
    expect(await inbox.until(({ kind }) => kind === 'message')).toMatchObject({ text: '/stop @Ben', mentioned: true });
    const post = {
      title: 'T',
      content: [
        [
          { tag: 'text', text: 'see ' },
          { tag: 'a', text: 'it', href: 'https://x.y' },
        ],
        [{ tag: 'img', image_key: 'img_1' }],
      ],
    };
    platform.brings('im.message.receive_v1', { sender, message: { ...message, message_id: 'om_2', message_type: 'post', content: JSON.stringify(post) } });
    const { files } = await inbox.until((event) => event.kind === 'message' && event.text.startsWith('T\nsee it (https://x.y)'));
    expect(files).toHaveLength(1);
    const recorded = { ...message, message_id: 'om_4', message_type: 'audio', content: '{"file_key":"file_1","duration":2000}' };
    platform.brings('im.message.receive_v1', { sender, message: recorded });
    expect((await inbox.until(({ id }) => id === 'om_4')).files).toMatchObject([{ name: 'audio.opus', voice: 'said' }]);
    const passedOn = { ...message, message_id: 'om_3', message_type: 'merge_forward', content: '{"content":"Merged and Forwarded Message"}' };
    platform.brings('im.message.receive_v1', { sender, message: passedOn });
    expect(await inbox.until(({ id }) => id === 'om_3')).toMatchObject({ forwarded: true });
  }));

test('that the bot was added to a group is an event of who added it', () =>
  open(async (platform, { inbox }) => {
    platform.brings('im.chat.member.bot.added_v1', {
      chat_id: 'oc_1',
      operator_id: { open_id: platform.ids.ana, union_id: 'on', user_id: '' },
      external: false,
    });
    expect(await inbox.until(({ kind }) => kind === 'join')).toMatchObject({
      added: true,
      sender: { id: platform.ids.ana },
      chat: { id: 'oc_1', kind: 'group' },
    });
  }));

test('what was recalled by somebody else is not taken for a withdrawal; a reaction to what nobody knows is nothing', () =>
  open(async (platform, { inbox }) => {
    const id = await platform.says({ text: 'mine' });
    await inbox.until(({ kind }) => kind === 'message');
    platform.brings('im.message.recalled_v1', { message_id: id, chat_id: platform.chat('direct'), recall_time: '1', recall_type: 'group_owner' });
    await platform.reacts?.('om_long_ago', 'x');
    await platform.says({ text: 'the last' });
    await inbox.until((event) => event.kind === 'message' && event.text === 'the last');
    expect(inbox.events.map(({ kind }) => kind)).toEqual(['message', 'message']);
  }));

test('a button of a card that was sent before a restart says what it said, and where', async () => {
  const platform = await openFeishuPlatform();
  const first = await run(feishuWorld, platform).up();
  const choices = [{ label: 'Yes', value: 'approval:x:once:y' }];
  const direct = await first.channel.send(addressOf(feishuWorld, platform), { text: 'May I?', choices }, { answerId: 'answer_1', part: 0 });
  const group = await first.channel.send(addressOf(feishuWorld, platform, 'group'), { text: 'May I?', choices }, { answerId: 'answer_2', part: 0 });
  await letGo(first);
  const second = await run(feishuWorld, platform).up();
  await platform.presses?.(direct.id, 'approval:x:once:y');
  await platform.presses?.(group.id, 'approval:x:once:y', 'ben');
  await eventually(() => expect(second.inbox.events).toHaveLength(2));
  expect(second.inbox.events).toMatchObject([
    { kind: 'choice', value: 'approval:x:once:y', target: direct.id, chat: { id: platform.chat('direct'), kind: 'direct' }, sender: { id: platform.ids.ana } },
    { kind: 'choice', value: 'approval:x:once:y', target: group.id, chat: { id: platform.chat('group'), kind: 'group' }, sender: { id: platform.ids.ben } },
  ]);
  expect(platform.complaints).toEqual([]);
  await letGo(second);
  await platform.close();
});

test('the largest part fits beside its buttons, and a changed card keeps them', () =>
  open(async (platform, { channel }) => {
    const to = addressOf(feishuWorld, platform);
    const [part] = render('"\\\n'.repeat(20_000), { ...channel.limits, media: false }, String).parts;
    const choices = Array.from({ length: 6 }, (_, index) => ({ label: `Yes, number ${index}`, value: `approval:${'a'.repeat(80)}:${index}` }));
    const ref = await channel.send(to, { text: part?.text ?? '', choices }, { answerId: 'answer_1', part: 0 });
    await channel.edit?.(to, ref, { text: 'Short.', choices });
    expect(await platform.shown()).toMatchObject([{ text: 'Short.', choices, edits: 1 }]);
  }));

test('the token is asked for once, and anew after it was refused', () =>
  open(async (platform, { channel }) => {
    const to = addressOf(feishuWorld, platform);
    await channel.send(to, { text: 'one' }, { answerId: 'answer_1', part: 0 });
    expect(platform.tokens).toBe(1);
    platform.next?.('unauthenticated');
    await expect(channel.send(to, { text: 'two' }, { answerId: 'answer_2', part: 0 })).rejects.toMatchObject({ code: 'unauthenticated' });
    const { id } = await channel.send(to, { text: 'two' }, { answerId: 'answer_2', part: 0 });
    expect(platform.tokens).toBe(2);
    expect(await channel.send(to, { text: 'two' }, { answerId: 'answer_2', part: 0 })).toEqual({ id });
  }));

test('while an answer is made its message has a sign, which the answer takes away', () =>
  open(async (platform, { channel, inbox }) => {
    const to = addressOf(feishuWorld, platform);
    await channel.typing?.(to);
    expect(platform.reactions()).toEqual([]);
    const id = await platform.says({ text: 'a question' });
    await inbox.until((event) => event.kind === 'message' && event.id === id);
    await channel.typing?.(to);
    await channel.typing?.(to);
    expect(platform.reactions()).toEqual([`${id} Typing`]);
    await channel.send(to, { text: 'an answer' }, { answerId: 'answer_1', part: 0 });
    await eventually(() => expect(platform.reactions()).toEqual([]));
  }));
