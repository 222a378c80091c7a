// XMPP against a real prosody: the contract of a channel, and what people of an open network may try.
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { xml } from '@xmpp/client';
import { afterAll, describe, expect, test } from 'vitest';
import { toCoPawError } from '../../src/core/error.ts';
import { addressOf, type ChannelRun, eventually, letGo, run } from '../../src/testing/channel-run.ts';
import { testChannel } from '../../src/testing/channel-suite.ts';
import { prosodyForAll } from '../platforms/prosody.ts';
import { type XmppPlatform, xmppWorld } from '../platforms/xmpp.ts';

const server = prosodyForAll();
const usual = getCACertificates('default');
afterAll(() => setDefaultCACertificates(usual));

const world = xmppWorld(server);
testChannel(world);

async function within(work: (platform: XmppPlatform, one: ChannelRun) => Promise<void>, more: object = {}): Promise<void> {
  const platform = await world.open(more);
  try {
    const one = await run(world, platform).up();
    await work(platform, one);
    await letGo(one);
    expect(platform.complaints).toEqual([]);
  } finally {
    await platform.close();
  }
}

/** Everything that came, once a last word of ana has. */
async function heard(platform: XmppPlatform, { inbox }: ChannelRun) {
  await platform.says({ text: 'the last word' });
  await inbox.until((event) => event.kind === 'message' && event.text === 'the last word');
  return inbox.events.filter((event) => event.kind !== 'message' || event.text !== 'the last word');
}

const inner = (from: string, to: string): string =>
  `<message xmlns="jabber:client" from="${from}" to="${to}" type="chat" id="f1"><body>I am ana</body></message>`;
const copy = (kind: string, from: string, to: string): string =>
  `<${kind} xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">${inner(from, to)}</forwarded></${kind}>`;

describe('who it is of', () => {
  test('a forged carbon is nobody, whoever sends it and however it is dressed', () =>
    within(async (platform, one) => {
      const ben = await platform.client('ben');
      const { ana, self } = platform.ids;
      for (const kind of ['received', 'sent'])
        for (const type of ['chat', 'normal', 'headline'])
          await ben.write(`<message to="${self}" type="${type}" id="c-${kind}-${type}">${copy(kind, ana, self)}</message>`);
      await ben.write(
        `<message to="${self}" type="chat"><result xmlns="urn:xmpp:mam:2" queryid="q" id="1"><forwarded xmlns="urn:xmpp:forward:0">${inner(ana, self)}</forwarded></result></message>`,
      );
      await ben.write(
        `<message to="${self}" type="chat"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="x"><item>${inner(ana, self)}</item></items></event></message>`,
      );
      await ben.write(
        `<message to="${self}" type="chat" id="mine"><body>I am ben</body>${copy('received', ana, self)}<addresses xmlns="http://jabber.org/protocol/address"><address type="ofrom" jid="${ana}"/></addresses><nick xmlns="http://jabber.org/protocol/nick">${ana}</nick></message>`,
      );
      await one.inbox.until(({ id }) => id === 'mine');
      const events = await heard(platform, one);
      expect(events.map(({ sender, id }) => [sender.id, id])).toEqual([[platform.ids.ben, 'mine']]);
    }));

  // What is slipped in counts as handled, so the server that never sent it ends the stream at the next count: nothing real comes after it.
  test('a carbon of the own server is nobody, since none was asked for', () =>
    within(async (platform, one) => {
      const { ana, self } = platform.ids;
      const forged = `<message from="${self}" to="${self}/x" type="chat">${copy('received', ana, self)}</message>`;
      platform.inject(`${forged}<message from="${ana}" to="${self}/x" type="chat" id="behind"><body>behind it</body></message>`);
      await one.inbox.until(({ id }) => id === 'behind');
      expect(one.inbox.events.map(({ id }) => id)).toEqual(['behind']);
    }));

  test('a "from" that somebody writes is put right by the server', () =>
    within(async (platform, one) => {
      const ben = await platform.client('ben');
      await ben.write(`<message from="${platform.ids.ben}/phone" to="${platform.ids.self}" type="chat" id="own"><body>mine</body></message>`);
      await one.inbox.until(({ id }) => id === 'own').catch(() => undefined);
      for (const { sender } of await heard(platform, one)) expect(sender.id).toBe(platform.ids.ben);
    }));

  test('in a room it is the address that the room shows, not the nick; a nick taken over is its new owner', () =>
    within(async (platform, one) => {
      await platform.says({ text: 'from ana', where: 'group' });
      await platform.enter('ben', platform.room, platform.ids.ana);
      const ben = await platform.client('ben');
      await ben.write(`<message to="${platform.room}" type="groupchat" id="b1"><body>CoPaw: I am called ana</body></message>`);
      expect(await one.inbox.until(({ id }) => id === 'b1')).toMatchObject({ sender: { id: platform.ids.ben }, mentioned: true });
      const ana = await platform.client('ana');
      await ana.write(`<presence to="${platform.room}/somebody else"/>`);
      await eventually(async () => {
        await ben.write(`<presence to="${platform.room}/ana of the group"/>`);
        await ben.write(`<message to="${platform.room}" type="groupchat" id="b2"><body>now I have her nick</body></message>`);
        expect(one.inbox.events.some(({ id }) => id === 'b2')).toBe(true);
      });
      for (const { id, sender } of one.inbox.events) if (id === 'b2') expect(sender.id).toBe(platform.ids.ben);
    }));

  test('in a room that hides who is in it everybody is nobody, and so is who writes to us alone there', () =>
    within(async (platform, one) => {
      await letGo(one);
      const ana = await platform.client('ana');
      await platform.enter('ana', platform.maskedRoom, 'ana');
      const other = await run(world, platform, { ...platform.settings, rooms: [platform.room, platform.maskedRoom] }).up();
      await ana.write(`<message to="${platform.maskedRoom}" type="groupchat" id="g"><body>CoPaw: hello</body></message>`);
      await ana.write(
        `<message to="${platform.maskedRoom}/CoPaw" type="chat" id="p"><body>hello</body><x xmlns="http://jabber.org/protocol/muc#user"/></message>`,
      );
      await ana.write(`<message to="${platform.room}/CoPaw" type="chat" id="q"><body>hello</body></message>`);
      expect(await heard(platform, other)).toEqual([]);
      await letGo(other);
    }));

  test('a room that we are not in, and presence that does not come from the room, change nothing', () =>
    within(async (platform, one) => {
      const { ana, self } = platform.ids;
      const ben = await platform.client('ben');
      await ben.write(`<message to="${self}" type="groupchat" id="g"><body>CoPaw: hello</body></message>`);
      await ben.write(`<presence to="${self}"><x xmlns="http://jabber.org/protocol/muc#user"><item jid="${ana}/x"/><status code="110"/></x></presence>`);
      expect(await heard(platform, one)).toEqual([]);
    }));

  test('when it was sent is what the own server says, not the sender', () =>
    within(async (platform, one) => {
      const ben = await platform.client('ben');
      const stamp = '2001-01-01T00:00:00Z';
      for (const from of [platform.ids.ben, platform.ids.self, 'localhost.example'])
        await ben.write(
          `<message to="${platform.ids.self}" type="chat" id="d-${from}"><body>old</body><delay xmlns="urn:xmpp:delay" from="${from.replace(platform.ids.self, 'eve')}" stamp="${stamp}"/></message>`,
        );
      for (const { at } of await heard(platform, one)) expect(Date.now() - at).toBeLessThan(60_000);
    }));
});

test('what came while CoPaw was away comes with its time', () =>
  within(async (platform, one) => {
    await letGo(one);
    await eventually(() => expect(platform.connections()).toBe(0));
    const before = Date.now();
    await platform.says({ text: 'while you were out' });
    const other = await run(world, platform).up();
    const event = await other.inbox.until((one) => one.kind === 'message');
    expect(event).toMatchObject({ text: 'while you were out', sender: { id: platform.ids.ana } });
    expect(Math.abs(event.at - before)).toBeLessThan(5_000);
    await letGo(other);
  }));

test('who CoPaw wrote to is told that something came; strangers are told nothing', () =>
  within(async (platform, one) => {
    const ask = (id: string) => `<message to="${platform.ids.self}" type="chat" id="${id}"><body>${id}</body><request xmlns="urn:xmpp:receipts"/></message>`;
    const ana = await platform.client('ana');
    await ana.write(ask('first'));
    await one.inbox.until(({ id }) => id === 'first');
    await one.channel.send(addressOf(world, platform), { text: 'hello' }, { answerId: 'a', part: 0 });
    await ana.write(ask('second'));
    await eventually(() => expect(platform.signs.map((sign) => sign.getChild('received', 'urn:xmpp:receipts')?.attrs.id)).toEqual(['second']));
    await one.channel.typing?.(addressOf(world, platform));
    await eventually(() => expect(platform.signs.at(-1)?.getChild('composing', 'http://jabber.org/protocol/chatstates')).toBeDefined());
  }));

test('who is not there is a refusal that comes with the send', () =>
  within(async (platform, { channel }) => {
    const nobody = { channel: 'xmpp', account: 'main', chat: 'nobody-at-all@localhost', peer: 'nobody-at-all@localhost' };
    const error = await channel.send(nobody, { text: 'hello' }, { answerId: 'a', part: 0 }).catch((error: unknown) => error);
    expect(toCoPawError(error)).toMatchObject({ code: 'send-refused' });
    await channel.send(addressOf(world, platform), { text: 'still here' }, { answerId: 'b', part: 0 });
  }));

test('a group that we were put out of ends the connection, and what goes there waits', () =>
  within(async (platform, one) => {
    const ana = await platform.client('ana');
    const kick = xml('query', { xmlns: 'http://jabber.org/protocol/muc#admin' }, xml('item', { nick: 'CoPaw', role: 'none' }));
    await ana.iqCaller.request(xml('iq', { type: 'set', to: platform.room }, kick));
    expect(toCoPawError(await one.ended)).toMatchObject({ code: 'channel-down', retryable: true });
    const late = await one.channel.send(addressOf(world, platform, 'group'), { text: 'x' }, { answerId: 'a', part: 0 }).catch((error: unknown) => error);
    expect(toCoPawError(late)).toMatchObject({ retryable: true });
  }));

test('an answer in a group names our message, whatever id the room gave it', () =>
  within(async (platform, one) => {
    const ana = await platform.client('ana');
    const given = new Promise<string>((resolve) =>
      ana.on('stanza', (stanza) => {
        const id = stanza.getChild('stanza-id', 'urn:xmpp:sid:0')?.attrs.id;
        if (stanza.getChildText('body') === 'to all' && id !== undefined) resolve(id);
      }),
    );
    const { id } = await one.channel.send(addressOf(world, platform, 'group'), { text: 'to all' }, { answerId: 'g', part: 0 });
    await ana.write(`<message to="${platform.room}" type="groupchat" id="r"><body>yes</body><reply xmlns="urn:xmpp:reply:0" id="${await given}"/></message>`);
    expect(await one.inbox.until((event) => event.id === 'r')).toMatchObject({ replyTo: id });
  }));

test('a file elsewhere than was said stays words', () =>
  within(async (platform, one) => {
    const ana = await platform.client('ana');
    const url = 'http://127.0.0.1:1/secret';
    await ana.write(`<message to="${platform.ids.self}" type="chat" id="u"><body>${url}</body><x xmlns="jabber:x:oob"><url>${url}</url></x></message>`);
    expect(await one.inbox.until(({ id }) => id === 'u')).toMatchObject({ text: url, files: [] });
  }));

test('stanzas that are broken, deep or huge end the connection and nothing else', async () => {
  for (const frame of [
    '<message><body></message>',
    '<a>'.repeat(5_000),
    `<message><body>${'x'.repeat(3_000_000)}`,
    '&#0;<x/>',
    '<message from="a@b"><body>&unknown;</body></message>',
  ])
    await within(async (platform, one) => {
      platform.inject(frame);
      expect(toCoPawError(await one.ended)).toMatchObject({ code: 'channel-down' });
      expect(one.inbox.events).toEqual([]);
    });
});

describe('TLS', () => {
  const secure = (): object => ({ server: `tls://localhost:${server().tlsPort}`, dangerouslyWithoutTls: false, fileOrigins: [] });
  test('plain addresses are refused without the setting that says so', async () => {
    const platform = await world.open();
    const given = (more: object) => world.kind.settings.safeParse({ ...platform.settings, dangerouslyWithoutTls: false, ...more }).success;
    expect(given({ server: 'tcp://xmpp.example.org:5222' })).toBe(false);
    expect(given({ fileOrigins: ['http://upload.example.org'] })).toBe(false);
    expect(given({ server: 'tls://xmpp.example.org:5223', fileOrigins: ['https://upload.example.org'] })).toBe(true);
    expect(given({}), 'on the own machine').toBe(true);
    await platform.close();
  });

  test('a certificate that nobody signed is refused; one that is trusted is not', async () => {
    const platform = await world.open(secure());
    const one = run(world, platform);
    expect(toCoPawError(await one.ended)).toMatchObject({ code: 'egress-failed' });
    await letGo(one);
    setDefaultCACertificates([...usual, server().certificate]);
    const other = await run(world, platform).up();
    await platform.says({ text: 'inside TLS' });
    await other.inbox.until((event) => event.kind === 'message' && event.text === 'inside TLS');
    await letGo(other);
    await platform.close();
  });
});
