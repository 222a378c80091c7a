// Rooms (XEP-0045) and who is who in them: an occupant is somebody only where the room shows the real address; a nickname says nothing.
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { bareOf, stanzaErrors, type XmppStream } from './stream.ts';
import { childOf, childrenOf, element, type XmlElement } from './xml.ts';

const muc = 'http://jabber.org/protocol/muc';
const mucUser = `${muc}#user`;
const mostOccupants = 10_000;
const joinMs = 15_000;

interface Room {
  nick: string;
  joined: boolean;
  /** Real bare address by nickname. */
  readonly occupants: Map<string, string>;
  readonly settled: PromiseWithResolvers<void>;
}

export const nickOf = (jid: string): string => (jid.includes('/') ? jid.slice(jid.indexOf('/') + 1) : '');

export class Rooms {
  readonly #rooms: ReadonlyMap<string, Room>;
  readonly #stream: XmppStream;
  readonly #hands: Pick<ChannelHands, 'clock' | 'log'>;

  constructor(rooms: readonly string[], nick: string, stream: XmppStream, hands: Pick<ChannelHands, 'clock' | 'log'>) {
    this.#rooms = new Map(rooms.map((room) => [room, { nick, joined: false, occupants: new Map(), settled: Promise.withResolvers<void>() }]));
    this.#stream = stream;
    this.#hands = hands;
  }

  has(room: string): boolean {
    return this.#rooms.has(room);
  }

  isJoined(room: string): boolean {
    return this.#rooms.get(room)?.joined === true;
  }

  /** What CoPaw is called there. */
  nick(room: string): string {
    return this.#rooms.get(room)?.nick ?? '';
  }

  /** Whose nickname it is now, by the address that the room itself shows. */
  realOf(room: string, nick: string): string | undefined {
    return this.#rooms.get(room)?.occupants.get(nick);
  }

  /** Resolves once each room has answered, or has not in time. The others go on without one that did not let us in. */
  async join(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = this.#hands.clock.after(joinMs, late.resolve);
    try {
      for (const room of this.#rooms.keys()) this.#enter(room);
      await Promise.race([late.promise, Promise.all([...this.#rooms.values()].map(({ settled }) => settled.promise))]);
    } finally {
      timer.cancel();
    }
  }

  /** Throws `channel-down` where we are no longer in a room that we were in (XEP-0410). */
  async check(): Promise<void> {
    for (const [room, { joined, nick }] of this.#rooms) {
      if (!joined) continue;
      await this.#stream.ask('get', `${room}/${nick}`, element('ping', { xmlns: 'urn:xmpp:ping' })).catch((error: unknown) => {
        // Whoever answers "not-acceptable" says that we are not in it; anything else, that the question came back to us.
        if (error instanceof CoPawError && error.message.includes('not-acceptable')) throw lost(room);
        if (!(error instanceof CoPawError) || error.code !== 'send-refused') throw error;
      });
    }
  }

  /** Throws `channel-down` where a room put us out. */
  presence(stanza: XmlElement): void {
    const from = stanza.attrs.get('from') ?? '';
    const room = this.#rooms.get(bareOf(from));
    if (!room) return;
    const nick = nickOf(from);
    if (stanza.attrs.get('type') === 'error') return void this.#refused(bareOf(from), room, stanza);
    const shown = childOf(stanza, 'x', mucUser);
    const codes = childrenOf(shown, 'status').map((status) => status.attrs.get('code'));
    const isSelf = codes.includes('110');
    if (stanza.attrs.get('type') === 'unavailable') {
      room.occupants.delete(nick);
      if (isSelf && !codes.includes('303')) throw lost(bareOf(from));
      return;
    }
    const real = bareOf(childOf(shown, 'item')?.attrs.get('jid') ?? '');
    room.occupants.delete(nick);
    if (real !== '' && room.occupants.size < mostOccupants) room.occupants.set(nick, real);
    if (!isSelf) return;
    Object.assign(room, { nick, joined: true });
    room.settled.resolve();
  }

  #enter(jid: string): void {
    const room = this.#rooms.get(jid);
    if (!room) return;
    // What was said before came from whoever had a nickname then: that cannot be told now.
    const history = element('history', { maxstanzas: '0' });
    this.#stream.tell(element('presence', { to: `${jid}/${room.nick}` }, element('x', { xmlns: muc }, history)));
  }

  #refused(jid: string, room: Room, stanza: XmlElement): void {
    if (room.joined) return;
    if (childOf(childOf(stanza, 'error'), 'conflict', stanzaErrors) && room.nick.length < 60) {
      room.nick += '_';
      return void this.#enter(jid);
    }
    const condition = childOf(stanza, 'error')?.children.find((child): child is XmlElement => typeof child !== 'string')?.name;
    this.#hands.log('warn', 'xmpp-room-refused', { room: jid, condition });
    room.settled.resolve();
  }
}

const lost = (room: string): CoPawError => new CoPawError('channel-down', `We are no longer in the room ${room}.`);
