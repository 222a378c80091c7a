// Matrix against a homeserver that keeps to the spec, and what is particular to it: tokens, gaps, encryption, invitations, receipts.
import { expect, test } from 'vitest';
import { type MatrixPlatform, matrixWorld, openMatrixPlatform } from '../../../tests/platforms/matrix.ts';
import { createIds, idTime } from '../../lib/ids.ts';
import { addressOf, type ChannelRun, eventually, letGo, run } from '../../testing/channel-run.ts';
import { testChannel } from '../../testing/channel-suite.ts';

testChannel(matrixWorld);

const day = 86_400_000;

async function open(work: (platform: MatrixPlatform, connect: () => Promise<ChannelRun>) => Promise<void>): Promise<void> {
  const platform = await openMatrixPlatform();
  const runs: ChannelRun[] = [];
  try {
    await work(platform, async () => {
      const one = run(matrixWorld, platform);
      runs.push(one);
      return one.up();
    });
    expect(platform.complaints).toEqual([]);
  } finally {
    for (const one of runs) await letGo(one);
    await platform.close();
  }
}

const textsOf = ({ inbox }: ChannelRun): string[] => inbox.events.flatMap((event) => (event.kind === 'message' ? [event.text] : []));

test('what was said while nobody was there is taken at the start, however much it was; what is a day old is not', () =>
  open(async (platform, connect) => {
    await platform.says({ text: 'long ago', at: Date.now() - 2 * day });
    const words = Array.from({ length: 180 }, (_, index) => `while away ${index}`);
    for (const text of words) await platform.says({ text });
    const one = await connect();
    await one.inbox.until((event) => event.kind === 'message' && event.text === 'while away 179');
    expect(textsOf(one)).toEqual(words);
  }));

test('a gap in a running connection is filled in order', () =>
  open(async (platform, connect) => {
    const one = await connect();
    one.inbox.refuse(1);
    const words = Array.from({ length: 120 }, (_, index) => `burst ${index}`);
    for (const text of words) await platform.says({ text });
    await one.inbox.until((event) => event.kind === 'message' && event.text === 'burst 119');
    expect(textsOf(one).filter((text, index, all) => all.indexOf(text) === index)).toEqual(words);
    expect(platform.asked('GET rooms messages')).toBeGreaterThan(0);
  }));

test('encrypted words are not answered, and nothing is said unencrypted into such a room', () =>
  open(async (platform, connect) => {
    const one = await connect();
    const room = platform.chat('direct');
    platform.put(room, platform.ids.ana, 'm.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' }, { stateKey: '' });
    platform.put(room, platform.ids.ana, 'm.room.encrypted', { algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'x' });
    await platform.says({ text: 'in the clear', from: 'ben' });
    await one.inbox.until((event) => event.kind === 'message');
    expect(textsOf(one)).toEqual(['in the clear']);
    const sending = one.channel.send(addressOf(matrixWorld, platform), { text: 'secret' }, { answerId: 'answer_1', part: 0 });
    await expect(sending).rejects.toMatchObject({ code: 'send-refused' });
    expect(await platform.shown()).toEqual([]);
  }));

test('what is meant for one person is not said once a third one came in', () =>
  open(async (platform, connect) => {
    const one = await connect();
    platform.enters('ben');
    await platform.says({ text: 'now there are three' });
    expect(await one.inbox.until((event) => event.kind === 'message')).toMatchObject({ chat: { kind: 'group' } });
    const sending = one.channel.send(addressOf(matrixWorld, platform), { text: 'between us' }, { answerId: 'answer_1', part: 0 });
    await expect(sending).rejects.toMatchObject({ code: 'send-refused' });
  }));

test('invitations of those in the settings are accepted, others wait', () =>
  open(async (platform, connect) => {
    const one = await connect();
    const [hers, his] = [platform.invites('ana'), platform.invites('ben')];
    await eventually(() => expect(platform.isIn(hers)).toBe(true));
    platform.put(hers, platform.ids.ana, 'm.room.message', { msgtype: 'm.text', body: 'welcome' });
    expect(await one.inbox.until((event) => event.kind === 'message')).toMatchObject({ chat: { id: hers, kind: 'direct' }, text: 'welcome' });
    expect(platform.isIn(his)).toBe(false);
  }));

test('a recording that was made there is told from other sound', () =>
  open(async (platform, connect) => {
    const { inbox } = await connect();
    const sound = { msgtype: 'm.audio', body: 'a.ogg', url: 'mxc://home.test/a' };
    for (const more of [{}, { 'org.matrix.msc3245.voice': {} }])
      platform.put(platform.chat('direct'), platform.ids.ana, 'm.room.message', { ...sound, ...more });
    await eventually(() => expect(inbox.events.map(({ files }) => files[0]?.voice)).toEqual([undefined, 'said']));
  }));

test('it is shown as read once CoPaw answers, and not before', () =>
  open(async (platform, connect) => {
    const { inbox, channel } = await connect();
    const event = await platform.says({ text: 'read me' });
    await platform.says({ text: 'and a stranger', from: 'ben' });
    await inbox.until(({ chat }) => chat.id === platform.chat('direct', 'ben'));
    expect(platform.receipts).toEqual([]);
    await channel.typing?.(addressOf(matrixWorld, platform));
    expect([platform.receipts, platform.typing]).toEqual([[{ room: platform.chat('direct'), event }], [platform.chat('direct')]]);
    await channel.send(addressOf(matrixWorld, platform), { text: 'done' }, { answerId: 'answer_1', part: 0 });
    expect(platform.receipts).toHaveLength(1);
  }));

test('a part that is sent again is the same event; a part of which only the beginning arrived is not said to be there', () =>
  open(async (platform, connect) => {
    const { channel } = await connect();
    const to = addressOf(matrixWorld, platform);
    const key = { answerId: createIds(Date.now)('answer'), part: 0 };
    const file = { name: 'a.txt', mediaType: 'text/plain', size: 1, path: 'a.txt', bytes: async () => new Uint8Array([97]) };
    platform.next?.('lost');
    await expect(channel.send(to, { text: 'words', files: [file] }, key)).rejects.toThrow();
    expect(await channel.reconcile?.(to, key)).toBe('unknown');
    const { id } = await channel.send(to, { text: 'words', files: [file] }, key);
    expect((await platform.shown()).map(({ text, files }) => [text, files.length])).toEqual([
      ['words', 0],
      ['', 1],
    ]);
    expect(await channel.reconcile?.(to, key)).toEqual({ id });
    expect(await channel.reconcile?.(to, { ...key, part: 1 })).toBe('absent');
  }));

test('a reaction that is taken back is one, not a withdrawal; older clients repeat what they answer', () =>
  open(async (platform, connect) => {
    const { inbox } = await connect();
    const [room, ana] = [platform.chat('direct'), platform.ids.ana];
    const id = await platform.says({ text: 'well' });
    const reaction = platform.put(room, ana, 'm.reaction', { 'm.relates_to': { rel_type: 'm.annotation', event_id: id, key: '👍' } });
    platform.put(room, ana, 'm.room.redaction', { redacts: reaction });
    const back = await inbox.until((event) => event.kind === 'reaction' && !event.added);
    expect(back).toMatchObject({ target: id, emoji: '👍' });
    const answered = { 'm.relates_to': { 'm.in_reply_to': { event_id: id } } };
    platform.put(room, ana, 'm.room.message', { msgtype: 'm.text', body: '> <@copaw:home.test> well\n\nindeed', ...answered });
    expect(await inbox.until((event) => event.kind === 'message' && event.text.includes('indeed'))).toMatchObject({ text: 'indeed', replyTo: id });
  }));

test('ids say when they were made', () => {
  expect(idTime(createIds(() => 1_764_185_000_123)('answer'))).toBe(1_764_185_000_123);
  expect([idTime('answer_lost'), idTime('')]).toEqual([undefined, undefined]);
});
