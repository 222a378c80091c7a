// The MQTT channel against a real mosquitto: the contract, and what is particular about a broker that keeps what was not acknowledged.
import { expect, test } from 'vitest';
import { mqtt } from '../../src/channels/mqtt/mqtt.ts';
import { recordingInbox, testHands } from '../../src/testing/channel-hands.ts';
import { connected, eventually, letGo, run } from '../../src/testing/channel-run.ts';
import { testChannel } from '../../src/testing/channel-suite.ts';
import { type MqttPlatform, openMqttPlatform, mqttWorld as world } from '../platforms/mqtt.ts';

testChannel(world);

async function at<T>(platform: Promise<MqttPlatform>, work: (platform: MqttPlatform) => Promise<T>): Promise<T> {
  const opened = await platform;
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}
const isText = (text: string) => (event: object) => 'text' in event && event.text === text;
const to = { channel: 'mqtt', account: 'main', chat: 'id-ana', peer: 'id-ana' };
const key = { answerId: 'answer_1', part: 0 };

test('words without an id keep the one they were given when the acknowledgement is lost', () =>
  at(openMqttPlatform(), async (platform) => {
    const first = await run(world, platform).up();
    platform.swallowAcks();
    await platform.raw?.('no id of its own');
    const { id } = await first.inbox.until(isText('no id of its own'));
    await platform.cut?.();
    await first.ended;
    const second = await run(world, platform).up();
    expect((await second.inbox.until(isText('no id of its own'))).id).toBe(id);
    await platform.raw?.('no id of its own');
    await eventually(() => expect(new Set(second.inbox.events.map((event) => event.id)).size).toBe(2));
    await letGo(second);
    const third = await run(world, platform).up();
    await platform.raw?.('the last');
    await third.inbox.until(isText('the last'));
    expect(third.inbox.events).toHaveLength(1);
    await letGo(third);
  }));

test('what is sent while CoPaw is away waits at the broker', () =>
  at(openMqttPlatform(), async (platform) => {
    await letGo(await run(world, platform).up());
    await platform.says({ text: 'are you there?' });
    const one = await run(world, platform).up();
    await one.inbox.until(isText('are you there?'));
    await letGo(one);
  }));

test('a device cannot write as another, whatever its payload claims; what was kept at a topic is not new', () =>
  at(openMqttPlatform(), async (platform) => {
    const ben = await platform.device('id-ben');
    const watcher = await platform.device('watcher');
    await watcher.publishAsync('copaw/in/id-ana', 'kept long ago', { qos: 1, retain: true });
    const one = await run(world, platform).up();
    await expect(ben.publishAsync('copaw/in/id-ana', 'as ana', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
    await ben.publishAsync('copaw/in/id-ben', JSON.stringify({ text: 'mine', sender: { id: 'id-ana' }, chat: { id: 'id-ana' } }), { qos: 1 });
    await ben.publishAsync('copaw/in/id-ben', 'not confirmed', { qos: 0 });
    await one.inbox.until(isText('not confirmed'));
    expect(one.inbox.events.map(({ sender, chat, ...event }) => [sender.id, chat.id, 'text' in event && event.text])).toEqual([
      ['id-ben', 'id-ben', 'mine'],
      ['id-ben', 'id-ben', 'not confirmed'],
    ]);
    await letGo(one);
  }));

test('the broker says whether CoPaw is there, also when it was cut off', () =>
  at(openMqttPlatform(), async (platform) => {
    const states = (): readonly string[] => platform.published.flatMap(({ topic, payload }) => (topic === 'copaw/status' ? [payload] : []));
    const one = await run(world, platform).up();
    await eventually(() => expect(states()).toEqual(['online']));
    await platform.cut?.();
    await one.ended;
    await eventually(() => expect(states()).toEqual(['online', 'offline']));
    await letGo(await run(world, platform).up());
    await eventually(() => expect(states()).toEqual(['online', 'offline', 'online', 'offline']));
  }));

test('what CoPaw publishes does not come back to it', () =>
  connected({ ...world, open: () => openMqttPlatform({ subscribe: 'copaw/loop/+', publish: 'copaw/loop/{chat}' }) }, async (platform, { channel, inbox }) => {
    await channel.send(to, { text: 'to ana' }, key);
    const watcher = await (platform as MqttPlatform).device('watcher');
    await watcher.publishAsync('copaw/loop/id-ana', 'from ana', { qos: 1 });
    await inbox.until(isText('from ana'));
    expect(inbox.events).toHaveLength(1);
  }));

test('with "text" the words go alone, and the broker still confirms them', () =>
  connected({ ...world, open: () => openMqttPlatform({ format: 'text', status: '' }) }, async (platform, { channel }) => {
    expect(channel.limits).toMatchObject({ media: false, threads: false });
    await channel.send(to, { text: 'plain words' }, key);
    const { published } = platform as MqttPlatform;
    await eventually(() => expect(published).toEqual([{ topic: 'copaw/out/id-ana', payload: 'plain words', retain: false }]));
  }));

test('an id that is no level of a topic reaches no topic', () =>
  connected(world, async (platform, { channel }) => {
    for (const chat of ['', '+', '#', 'id-ana/x', '../status', 'a\u0000b', '$&'])
      await channel.send({ ...to, chat }, { text: 'x' }, key).catch((error: unknown) => expect(error).toMatchObject({ code: 'send-refused' }));
    const topics = (): readonly string[] => (platform as MqttPlatform).published.map(({ topic }) => topic);
    await eventually(() => expect(topics().filter((topic) => topic !== 'copaw/status')).toEqual(['copaw/out/$&']));
  }));

test('pings prove life while nobody says anything', () =>
  at(openMqttPlatform(), async (platform) => {
    const hands = testHands(mqtt, platform.settings, platform.secrets);
    const fast = { ...hands, clock: { ...hands.clock, after: (ms: number, fn: () => void) => hands.clock.after(ms / 300, fn) } };
    const inbox = recordingInbox();
    const abort = new AbortController();
    const ended = mqtt.open(platform.settings, fast).start(inbox, abort.signal);
    await eventually(() => expect(inbox.lives).toBeGreaterThan(3));
    abort.abort();
    await ended;
    await eventually(() => expect(hands.sockets.size).toBe(0));
    expect(hands.timers.size).toBe(0);
  }));
