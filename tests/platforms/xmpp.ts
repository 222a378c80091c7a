// People of XMPP on a real server (prosody). They speak through @xmpp/client; CoPaw reaches the server through a proxy that counts and cuts.
import { type Client, client, type Element, xml } from '@xmpp/client';
import { xmpp } from '../../src/channels/xmpp/xmpp.ts';
import type { ChannelWorld, Platform, PlatformPerson, PlatformWords, ShownMessage } from '../../src/testing/channel-world.ts';
import { openLoopbackProxy } from './loopback-proxy.ts';
import type { Prosody } from './prosody.ts';

const password = 'a password of copaw, long enough';
const oob = 'jabber:x:oob';
/** What a message of CoPaw may hold, beside its words: XEP-0359, 0393, 0085, 0308, 0066, 0184. */
const known: ReadonlySet<string> = new Set([
  ...['body jabber:client', 'origin-id urn:xmpp:sid:0', 'stanza-id urn:xmpp:sid:0', 'unstyled urn:xmpp:styling:0', `x ${oob}`],
  ...['active', 'composing', 'paused'].map((name) => `${name} http://jabber.org/protocol/chatstates`),
  ...['replace urn:xmpp:message-correct:0', 'received urn:xmpp:receipts', 'delay urn:xmpp:delay', 'occupant-id urn:xmpp:occupant-id:0'],
]);

export interface XmppPlatform extends Platform {
  readonly own: string;
  readonly room: string;
  /** A room that hides who is in it. */
  readonly maskedRoom: string;
  /** As a person's client, once it is connected. */
  client(person: PlatformPerson): Promise<Client>;
  /** What a person's client got from CoPaw that is no shown message. */
  readonly signs: readonly Element[];
  /** A stanza as if the server had sent it. */
  inject(stanza: string): void;
  enter(person: PlatformPerson, room: string, nick: string): Promise<void>;
}

interface XmppWorld extends ChannelWorld {
  /** `more`: settings beside the usual ones. */
  open(more?: object): Promise<XmppPlatform>;
}

/** No client can write these, and the server throws out who tries. */
const writable = (text: string): string => text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');

let worlds = 0;

export const xmppWorld = (server: () => Prosody): XmppWorld => ({
  kind: xmpp,
  can: {
    ...{ group: true, mention: true, reply: true, forwarded: true, filesIn: true, filesOut: true, self: true },
    ...{ editIn: true, deleteIn: true, reactionIn: true, redelivers: true, login: true },
  },
  open: (more = {}) => openXmppPlatform(server(), more),
});

async function openXmppPlatform(server: Prosody, more: object): Promise<XmppPlatform> {
  const number = ++worlds;
  const users = { ana: `ana${number}`, ben: `ben${number}`, self: `copaw${number}`, bot: `bot${number}` };
  const ids = { ana: `${users.ana}@localhost`, ben: `${users.ben}@localhost`, self: `${users.self}@localhost`, bot: `${users.bot}@localhost` };
  const [room, maskedRoom] = [`group${number}@rooms.localhost`, `masked${number}@masks.localhost`];
  for (const user of Object.values(users)) server.setPassword(user, password);
  const proxy = await openLoopbackProxy(server.port);
  const clients = new Map<string, Promise<Client>>();
  const shown: (ShownMessage & { edits: number })[] = [];
  const signs: Element[] = [];
  const complaints: string[] = [];
  const sent = new Map<string, Element>();
  const entered = new Map<string, Promise<void>>();
  let count = 0;

  const got = async (person: PlatformPerson, stanza: Element): Promise<void> => {
    const from = stanza.attrs.from ?? '';
    const type = stanza.attrs.type ?? 'normal';
    const isRoom = from.startsWith(`${room}/`);
    if (person === 'self' || type === 'error') return;
    if (isRoom ? from !== `${room}/CoPaw` || person !== 'ana' : !from.startsWith(`${ids.self}/`)) return;
    if (stanza.name !== 'message') return;
    for (const child of stanza.children)
      if (typeof child !== 'string' && !known.has(`${child.name} ${child.getNS()}`)) complaints.push(`a message with ${child.toString()}`);
    const text = stanza.getChildText('body');
    const { id } = stanza.attrs;
    if (text === null) return void signs.push(stanza);
    if (id === undefined || type !== (isRoom ? 'groupchat' : 'chat')) complaints.push(`a message that says too little: ${stanza.toString()}`);
    const replaced = stanza.getChild('replace', 'urn:xmpp:message-correct:0')?.attrs.id;
    const before = shown.findIndex((one) => one.id === replaced);
    if (replaced !== undefined && before < 0) return void complaints.push('an edit of something that is not there');
    const url = stanza.getChild('x', oob)?.getChildText('url') ?? undefined;
    const bytes = url === undefined ? undefined : new Uint8Array(await (await fetch(url)).arrayBuffer());
    const files = url === undefined || bytes === undefined ? [] : [{ name: decodeURIComponent(url.split('/').at(-1) ?? ''), bytes }];
    const old = shown[before];
    if (old) shown[before] = { ...old, text, edits: old.edits + 1 };
    else shown.push({ id: id ?? '', chat: isRoom ? room : ids[person], text, files, choices: [], edits: 0 });
  };

  const connect = async (person: PlatformPerson): Promise<Client> => {
    const one = client({ service: `xmpp://127.0.0.1:${server.port}`, domain: 'localhost', username: users[person], password });
    one.reconnect.stop();
    one.timeout = 10_000;
    one.streamManagement.requestAckInterval = 0;
    one.streamManagement.timeout = 0;
    one.on('error', (error) => void complaints.push(`${person}: ${error.message}`));
    one.on('connect', () => one.socket?.setEncoding('utf8'));
    one.on('stanza', (stanza) => void got(person, stanza).catch((error: unknown) => complaints.push(String(error))));
    // It counts what comes before that, and is thrown out for it.
    const counting = new Promise<void>((resolve) => one.on('nonza', ({ name }) => void (name === 'enabled' && resolve())));
    await one.start();
    await counting;
    await one.send(xml('presence'));
    // What is written raw the server counts too; left out of the queue, its acknowledgement takes away more than there is.
    return Object.assign(Object.create(one), {
      send: (element: Element) => one.send(element),
      write(text: string) {
        one.streamManagement.outbound_q.push({ stanza: undefined });
        return one.write(text);
      },
    });
  };
  const as = (person: PlatformPerson): Promise<Client> => {
    const there = clients.get(person) ?? connect(person);
    clients.set(person, there);
    return there;
  };
  /** Once the server has what was sent before. */
  const settle = async (one: Client): Promise<void> =>
    void (await one.iqCaller.request(xml('iq', { type: 'get', to: 'localhost' }, xml('ping', { xmlns: 'urn:xmpp:ping' }))));
  const enter = async (person: PlatformPerson, where: string, nick: string): Promise<void> => {
    const one = await as(person);
    const there = new Promise<void>((resolve) =>
      one.on('stanza', (stanza) => {
        if (stanza.name === 'presence' && stanza.attrs.from === `${where}/${nick}` && stanza.attrs.type === undefined) resolve();
      }),
    );
    await one.send(xml('presence', { to: `${where}/${nick}` }, xml('x', { xmlns: 'http://jabber.org/protocol/muc' })));
    await there;
  };
  const inGroup = (person: PlatformPerson): Promise<void> => {
    const there = entered.get(person) ?? enter(person, room, `${person} of the group`);
    entered.set(person, there);
    return there;
  };
  const say = async (person: PlatformPerson, stanza: Element): Promise<void> => {
    const one = await as(person);
    await one.send(stanza);
    await settle(one);
  };
  const put = async (person: PlatformPerson, { name, bytes, mediaType = 'application/octet-stream' }: NonNullable<PlatformWords['files']>[number]) => {
    const wish = xml('request', {
      xmlns: 'urn:xmpp:http:upload:0',
      filename: writable(name).replaceAll('/', '%2F'),
      size: String(bytes.byteLength),
      'content-type': mediaType,
    });
    const slot = (await (await as(person)).iqCaller.request(xml('iq', { type: 'get', to: 'upload.localhost' }, wish))).getChild('slot');
    const headers = (slot?.getChild('put')?.getChildren('header') ?? []).map((one) => [one.attrs.name ?? '', one.text()] as [string, string]);
    const body = new Uint8Array(bytes);
    const answer = await fetch(slot?.getChild('put')?.attrs.url ?? '', { method: 'PUT', headers: [...headers, ['content-type', mediaType]], body });
    if (!answer.ok) throw new Error(`prosody took no file: ${answer.status}`);
    return xml('x', { xmlns: oob }, xml('url', {}, slot?.getChild('get')?.attrs.url ?? ''));
  };
  const direct = (where: PlatformWords['where']): boolean => where !== 'group';
  const message = (where: PlatformWords['where'], id: string, ...children: readonly (Element | undefined)[]): Element =>
    xml('message', { to: direct(where) ? ids.self : room, type: direct(where) ? 'chat' : 'groupchat', id }, ...children);

  await inGroup('ana');
  return {
    ...{ ids, own: ids.self, room, maskedRoom, signs, complaints, client: as, enter },
    settings: {
      ...{ jid: ids.self, password: { vault: 'xmpp' }, server: `tcp://127.0.0.1:${proxy.port}`, rooms: [room], fileOrigins: [server.files] },
      ...{ dangerouslyWithoutTls: true, ...more },
    },
    secrets: { xmpp: password },
    chat: (where, person = 'ana') => (where === 'group' ? room : ids[person]),
    async says({ from = 'ana', where, text, mention, replyTo, forwarded, files = [], displayName }) {
      const id = `m${number}-${++count}`;
      if (!direct(where)) await inGroup(from);
      const quote = replyTo === undefined ? '' : '> what it answers 👋\n';
      const range = { start: '0', end: String([...quote].length) };
      const links = [];
      for (const file of files) links.push(await put(from, file));
      const stanza = message(
        ...([where, id, xml('body', {}, `${quote}${mention ? 'CoPaw: ' : ''}${text}`)] as const),
        replyTo === undefined ? undefined : xml('reply', { xmlns: 'urn:xmpp:reply:0', id: replyTo, to: ids.self }),
        replyTo === undefined ? undefined : xml('fallback', { xmlns: 'urn:xmpp:fallback:0', for: 'urn:xmpp:reply:0' }, xml('body', range)),
        forwarded ? xml('forwarded', { xmlns: 'urn:xmpp:forward:0' }, xml('message', { xmlns: 'jabber:client', from: 'eve@localhost' })) : undefined,
        displayName === undefined ? undefined : xml('nick', { xmlns: 'http://jabber.org/protocol/nick' }, displayName),
        ...links,
      );
      sent.set(id, stanza);
      await say(from, stanza);
      return id;
    },
    async again(id) {
      const stanza = sent.get(id);
      if (stanza) await say('ana', stanza);
    },
    edits: (id, text, from = 'ana') =>
      say(from, message('direct', `e${++count}`, xml('body', {}, text), xml('replace', { xmlns: 'urn:xmpp:message-correct:0', id }))),
    withdraws: (id, from = 'ana') => say(from, message('direct', `w${++count}`, xml('retract', { xmlns: 'urn:xmpp:message-retract:1', id }))),
    reacts: (id, emoji, from = 'ana') =>
      say(from, message('direct', `r${++count}`, xml('reactions', { xmlns: 'urn:xmpp:reactions:0', id }, xml('reaction', {}, emoji)))),
    raw(frame) {
      const [all, some] = [writable(frame), writable(frame.slice(0, 500))];
      return say('ana', message('direct', `x${++count}`, xml('json', { xmlns: 'urn:xmpp:json:0' }, all), xml('x', { xmlns: some }, some)));
    },
    shown: () => shown,
    knowsAccount: (isKnown) => server.setPassword(users.self, isKnown ? password : 'another password'),
    cut: () => proxy.cut(),
    connections: () => proxy.connections(),
    inject: (stanza) => proxy.inject(stanza),
    async close() {
      for (const one of clients.values()) await (await one).stop().catch(() => undefined);
      await proxy.close();
    },
  };
}
