// XMPP: direct chats by bare address, rooms as groups, over a stream of our own (docs/channels/xmpp.md says why no SDK speaks it).

import { z } from 'zod';
import type { Address } from '../../core/address.ts';
import { type Channel, type ChannelLimits, type Inbox, type PartKey, partName, type Sendable, type SentRef } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { isUnread, withoutTls } from '../without-tls.ts';
import { findUpload, incomingFile, putFile } from './files.ts';
import { nickOf, Rooms } from './rooms.ts';
import { bareOf, refusal, stanzaErrors, XmppStream } from './stream.ts';
import { givenId, hear, type Surroundings } from './wire.ts';
import { childOf, element, type XmlElement } from './xml.ts';

const bare = z.string().regex(/^[^\s@/<>&"']{1,1023}@[^\s@/<>&"']{1,1023}$/u, 'An address like name@example.org.');
const settings = z
  .looseObject({
    jid: bare.describe('Address of the account of CoPaw: name@example.org.'),
    password: channelSecret().describe('Password of that account.'),
    server: z
      .string()
      .regex(/^(?:tls|tcp):\/\/[a-z0-9.[\]:-]+:\d{1,5}$/u, 'An address like tls://xmpp.example.org:5223.')
      .optional()
      .describe('Where XMPP is spoken inside TLS; absent: port 5223 of the domain.'),
    rooms: z.array(bare).max(50).default([]).describe('Rooms to be in. Who is listened to there is said under "groups".'),
    nick: z.string().min(1).max(60).default('CoPaw').describe('What CoPaw is called in rooms.'),
    fileOrigins: z
      .array(z.url({ protocol: /^https?$/ }))
      .max(10)
      .default([])
      .describe('Origins that files are put to and fetched from: https://upload.example.org.'),
    dangerouslyWithoutTls: withoutTls,
  })
  .refine(({ server, fileOrigins, dangerouslyWithoutTls }) => dangerouslyWithoutTls || [server ?? '', ...fileOrigins].every(isUnread), {
    message: 'tcp:// and http:// to another machine can be read on the way. Give tls:// and https://.',
    path: ['server'],
  });
type Settings = z.output<typeof settings>;

const pingMs = 40_000;
/** Clients show that somebody writes until they are told otherwise. */
const typingMs = 10_000;
const mostRemembered = 500;
const ns = { correct: 'urn:xmpp:message-correct:0', states: 'http://jabber.org/protocol/chatstates', oob: 'jabber:x:oob', receipts: 'urn:xmpp:receipts' };

export const xmpp = channelKind({
  kind: 'xmpp',
  title: 'XMPP',
  settings,
  origins: (chosen) => [serverOf(chosen), ...chosen.fileOrigins.map((url) => new URL(url).origin)],
  open: (chosen, hands) => new Xmpp(chosen, hands),
});

const domainOf = (jid: string): string => jid.slice(jid.indexOf('@') + 1);
const serverOf = ({ server, jid }: Settings): string => server ?? `tls://${domainOf(jid)}:5223`;

class Xmpp implements Channel {
  readonly limits: ChannelLimits;
  readonly #settings: Settings;
  readonly #hands: ChannelHands;
  readonly #timers = new Map<string, { cancel(): void }>();
  /** Errors that came back for what was sent, while it waits. */
  readonly #bounced = new Map<string, CoPawError | undefined>();
  /** Ids that rooms gave to what we said there, to ours. */
  readonly #given = new Remembered<string>();
  readonly #reactions = new Remembered<readonly string[]>();
  /** Whom we wrote to on this connection: others are not told that anything came. */
  readonly #known = new Remembered<true>();
  #session: { readonly stream: XmppStream; readonly rooms: Rooms; readonly upload: string | undefined } | undefined;
  #stream: XmppStream | undefined;

  constructor(chosen: Settings, hands: ChannelHands) {
    this.#settings = chosen;
    this.#hands = hands;
    this.limits = { dialect: 'plain', textLength: 8_000, media: chosen.fileOrigins.length > 0, edit: true, editMs: 3_000, choices: false, threads: false };
  }

  async start(inbox: Inbox, signal: AbortSignal): Promise<void> {
    const { jid, rooms: list, nick, fileOrigins } = this.#settings;
    const server = serverOf(this.#settings);
    const password = await this.#hands.secret(this.#settings.password);
    signal.throwIfAborted();
    const socket = await this.#hands.connect(server, signal);
    const account = { user: jid.slice(0, jid.indexOf('@')), domain: domainOf(jid), password, secure: server.startsWith('tls:') };
    const stream = new XmppStream(socket, account, this.#hands);
    this.#stream = stream;
    const abort = (): void => stream.fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      await stream.open();
      const rooms = new Rooms(list, nick, stream, this.#hands);
      const reading = stream.read((stanza) => this.#handle(stanza, stream, rooms, inbox));
      const ready = async (): Promise<void> => {
        const upload = fileOrigins.length === 0 ? undefined : await findUpload(stream, account.domain);
        await rooms.join();
        this.#session = { stream, rooms, upload };
        stream.tell(element('presence')); // from here on the server hands out what it kept
        inbox.alive();
        this.#watch(stream, rooms, inbox);
      };
      await Promise.race([ready(), reading]);
      await reading;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      await this.stop();
    }
  }

  async stop(): Promise<void> {
    this.#session = undefined;
    this.#stream?.fail(new CoPawError('cancelled', 'The channel was stopped.'));
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  async send(to: Address, { text, files = [] }: Sendable, key: PartKey): Promise<SentRef> {
    const { stream, upload } = this.#live(to);
    const id = partName(key);
    const urls: string[] = [];
    for (const file of files) {
      if (upload === undefined) throw new CoPawError('send-refused', 'The server takes no files (XEP-0363).');
      urls.push(await putFile(stream, upload, file, this.#hands));
    }
    const words = text === '' && urls.length > 0 ? [] : [this.#message(to, id, text)];
    const links = urls.map((url, index) =>
      this.#message(to, words.length === 0 && index === 0 ? id : `${id}.${index}`, url, element('x', { xmlns: ns.oob }, element('url', {}, url))),
    );
    await this.#deliver(to, [...words, ...links]);
    return { id };
  }

  async edit(to: Address, { id }: SentRef, { text }: Sendable): Promise<void> {
    this.#live(to);
    const again = `${id}.e${this.#hands.clock.now().toString(36)}${Math.floor(this.#hands.random() * 2 ** 32).toString(36)}`;
    await this.#deliver(to, [this.#message(to, again, text, element('replace', { xmlns: ns.correct, id }))]);
  }

  async typing(to: Address): Promise<void> {
    const { stream } = this.#live(to);
    const state = (name: string): void => stream.tell(element('message', { to: to.chat, type: typeOf(to) }, element(name, { xmlns: ns.states })));
    const before = this.#timers.get(to.chat);
    before?.cancel();
    if (!before) state('composing');
    if (this.#timers.size > mostRemembered) return;
    const timer = this.#hands.clock.after(typingMs, () => {
      this.#timers.delete(to.chat);
      state('paused');
    });
    this.#timers.set(to.chat, timer);
  }

  #live(to: Address) {
    if (!this.#session) throw new CoPawError('channel-down', 'There is no connection to the server.');
    if (to.peer === undefined && !this.#session.rooms.isJoined(to.chat)) throw new CoPawError('channel-down', `We are not in the room ${to.chat}.`);
    return this.#session;
  }

  /** `unstyled` (XEP-0393): a star in the words is a star. */
  #message(to: Address, id: string, text: string, ...more: readonly XmlElement[]): XmlElement {
    const active = to.peer === undefined ? undefined : element('active', { xmlns: ns.states });
    const origin = element('origin-id', { xmlns: 'urn:xmpp:sid:0', id });
    const unstyled = element('unstyled', { xmlns: 'urn:xmpp:styling:0' });
    return element('message', { to: to.chat, type: typeOf(to), id }, element('body', {}, text), origin, unstyled, active, ...more);
  }

  /** Once the server has taken them; what came back at once was not delivered. */
  async #deliver(to: Address, messages: readonly XmlElement[]): Promise<void> {
    const { stream } = this.#live(to);
    this.#timers.get(to.chat)?.cancel();
    this.#timers.delete(to.chat);
    const ids = messages.map(({ attrs }) => attrs.get('id') ?? '');
    for (const id of ids) this.#bounced.set(id, undefined);
    try {
      await stream.hand(...messages);
      for (const id of ids) {
        const error = this.#bounced.get(id);
        if (error) throw error;
      }
      if (to.peer !== undefined) this.#known.set(to.chat, true);
    } finally {
      for (const id of ids) this.#bounced.delete(id);
    }
  }

  async #handle(stanza: XmlElement, stream: XmppStream, rooms: Rooms, inbox: Inbox): Promise<void> {
    if (stanza.name === 'presence') rooms.presence(stanza);
    else if (stanza.name === 'iq') this.#answer(stanza, stream);
    else await this.#heard(stanza, stream, rooms, inbox);
    if (this.#session) inbox.alive();
  }

  async #heard(stanza: XmlElement, stream: XmppStream, rooms: Rooms, inbox: Inbox): Promise<void> {
    const { attrs } = stanza;
    const id = attrs.get('id') ?? '';
    const from = attrs.get('from') ?? '';
    if (attrs.get('type') === 'error') {
      if (this.#bounced.has(id)) this.#bounced.set(id, refusal(stanza));
      return;
    }
    const room = bareOf(from);
    if (attrs.get('type') === 'groupchat' && rooms.has(room) && nickOf(from) === rooms.nick(room)) {
      const given = givenId(stanza, room);
      if (given !== undefined && id !== '') this.#given.set(given, id);
    }
    const { events, url, receipt } = hear(stanza, this.#around(rooms));
    const file = url === undefined ? undefined : incomingFile(this.#hands, url, this.#origins);
    for (const event of events) {
      if (event.kind === 'message' && url !== undefined && !file && event.text === '') await inbox.receive({ ...event, text: url });
      else await inbox.receive(event, file && [file]);
    }
    if (receipt && this.#known.get(bareOf(receipt.to)))
      stream.tell(element('message', { to: receipt.to, type: 'chat' }, element('received', { xmlns: ns.receipts, id: receipt.id })));
  }

  get #origins(): readonly string[] {
    return this.#settings.fileOrigins.map((url) => new URL(url).origin);
  }

  #around(rooms: Rooms): Surroundings {
    return {
      own: this.#settings.jid,
      now: this.#hands.clock.now(),
      isRoom: (room) => rooms.has(room),
      nick: (room) => rooms.nick(room),
      realOf: (room, nick) => rooms.realOf(room, nick),
      ownId: (id) => this.#given.get(id) ?? id,
      swapReactions: (key, emojis) => {
        const before = this.#reactions.get(key) ?? [];
        this.#reactions.set(key, emojis);
        return before;
      },
    };
  }

  /** Only our own server is told that we are there. */
  #answer(iq: XmlElement, stream: XmppStream): void {
    const from = iq.attrs.get('from');
    const back = { to: from, id: iq.attrs.get('id') };
    const isOurs = from === undefined || from === domainOf(this.#settings.jid) || from === this.#settings.jid;
    if (isOurs && childOf(iq, 'ping', 'urn:xmpp:ping')) return void stream.tell(element('iq', { type: 'result', ...back }));
    const error = element('error', { type: 'cancel' }, element('service-unavailable', { xmlns: stanzaErrors }));
    stream.tell(element('iq', { type: 'error', ...back }, error));
  }

  /** Asks the server now and then whether it is there, and the rooms whether we are. */
  #watch(stream: XmppStream, rooms: Rooms, inbox: Inbox): void {
    const look = async (): Promise<void> => {
      await stream.ask('get', domainOf(this.#settings.jid), element('ping', { xmlns: 'urn:xmpp:ping' })).catch((error: unknown) => {
        if (!(error instanceof CoPawError) || error.code !== 'send-refused') throw error;
      });
      inbox.alive();
      await rooms.check();
    };
    const again = (): void => {
      if (!this.#session) return;
      this.#timers.set(
        '/ping',
        this.#hands.clock.after(pingMs, () => void look().then(again, (error: unknown) => stream.fail(error))),
      );
    };
    again();
  }
}

const typeOf = ({ peer }: Address): 'chat' | 'groupchat' => (peer === undefined ? 'groupchat' : 'chat');

/** The latest of what there was. */
class Remembered<T> {
  readonly #values = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: T): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > mostRemembered && oldest !== undefined) this.#values.delete(oldest);
  }
}
