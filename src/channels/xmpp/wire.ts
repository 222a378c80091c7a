// A message stanza as an event: who it is of is what the server says in `from`, never what the message says. Carbons, archives and private
// messages of rooms are copies or masks that anybody can make up; none is asked for, and none is read.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Inbound } from '../../core/inbound.ts';
import { nickOf } from './rooms.ts';
import { bareOf } from './stream.ts';
import { childOf, childrenOf, textOf, type XmlElement } from './xml.ts';

/** What a stanza is seen against. */
export interface Surroundings {
  /** Our own bare address. */
  readonly own: string;
  readonly isRoom: (bare: string) => boolean;
  readonly nick: (room: string) => string;
  readonly realOf: (room: string, nick: string) => string | undefined;
  /** Our id of a message that a room gave one of its own. */
  readonly ownId: (id: string) => string;
  /** The emojis that a sender had on a message, which are replaced. */
  readonly swapReactions: (key: string, emojis: readonly string[]) => readonly string[];
  readonly now: number;
}

export interface Heard {
  readonly events: readonly Inbound[];
  /** Where its file is (XEP-0066). */
  readonly url?: string;
  /** Whom to tell that it came (XEP-0184). */
  readonly receipt?: { readonly to: string; readonly id: string };
}

const head = z.object({ from: z.string().min(1).max(3_071), type: z.enum(['chat', 'normal', 'groupchat']), id: z.string().min(1).max(256).optional() });
const id = z.string().min(1).max(256);
const ns = {
  replace: 'urn:xmpp:message-correct:0',
  retract: 'urn:xmpp:message-retract:1',
  reactions: 'urn:xmpp:reactions:0',
  reply: 'urn:xmpp:reply:0',
  fallback: 'urn:xmpp:fallback:0',
  reference: 'urn:xmpp:reference:0',
  forward: 'urn:xmpp:forward:0',
  receipts: 'urn:xmpp:receipts',
  stanzaId: 'urn:xmpp:sid:0',
  delay: 'urn:xmpp:delay',
  oob: 'jabber:x:oob',
  mucUser: 'http://jabber.org/protocol/muc#user',
};
const mostText = 100_000;
const nothing: Heard = { events: [] };

export function hear(stanza: XmlElement, around: Surroundings): Heard {
  const parsed = head.safeParse({ type: 'normal', ...Object.fromEntries(stanza.attrs) });
  if (!parsed.success) return nothing;
  const { from, type } = parsed.data;
  const place = type === 'groupchat' ? inRoom(from, around) : direct(from, stanza, around);
  if (!place) return nothing;
  const body = textOf(childOf(stanza, 'body', 'jabber:client'))?.slice(0, mostText);
  const own = parsed.data.id ?? givenId(stanza, around.own, place.chat.id) ?? madeUp(from, body ?? '');
  const base = { id: own, ...place, at: timeOf(stanza, around, place.chat.id) };
  const reactions = childOf(stanza, 'reactions', ns.reactions);
  if (reactions) return { events: reacted(base, reactions, around) };
  const retracted = id.safeParse(childOf(stanza, 'retract', ns.retract)?.attrs.get('id'));
  if (retracted.success) return { events: [{ kind: 'delete', ...base, target: around.ownId(retracted.data) }] };
  if (body === undefined) return nothing;
  const replaced = id.safeParse(childOf(stanza, 'replace', ns.replace)?.attrs.get('id'));
  if (replaced.success) return { events: [{ kind: 'edit', ...base, target: replaced.data, text: withoutOwnName(body, place.chat, around) || body }] };
  const url = textOf(childOf(childOf(stanza, 'x', ns.oob), 'url'));
  const reply = id.safeParse(childOf(stanza, 'reply', ns.reply)?.attrs.get('id'));
  const flags = {
    ...(isMentioned(stanza, body, place.chat, around) ? { mentioned: true } : {}),
    ...(reply.success ? { replyTo: around.ownId(reply.data) } : {}),
    ...(childOf(stanza, 'forwarded', ns.forward) ? { forwarded: true } : {}),
  };
  const words = wordsOf(stanza, body, url);
  return {
    events: [{ kind: 'message', ...base, text: withoutOwnName(words, place.chat, around) || words, ...flags }],
    ...(url === undefined ? {} : { url }),
    ...(type !== 'groupchat' && parsed.data.id !== undefined && childOf(stanza, 'request', ns.receipts) ? { receipt: { to: from, id: parsed.data.id } } : {}),
  };
}

type Place = Pick<Inbound, 'chat' | 'sender'>;

function direct(from: string, stanza: XmlElement, { own, isRoom }: Surroundings): Place | undefined {
  const bare = bareOf(from);
  // A message of an occupant to us alone has the address of the room: it is nobody's.
  if (!bare.includes('@') || isRoom(bare) || childOf(stanza, 'x', ns.mucUser)) return undefined;
  return { chat: { id: bare, kind: 'direct' }, sender: { id: bare, ...(bare === own ? { self: true } : {}) } };
}

function inRoom(from: string, { own, isRoom, nick, realOf }: Surroundings): Place | undefined {
  const room = bareOf(from);
  const name = nickOf(from);
  const real = isRoom(room) ? realOf(room, name) : undefined;
  if (real === undefined || name === nick(room)) return undefined;
  return { chat: { id: room, kind: 'group' }, sender: { id: real, name, ...(real === own ? { self: true } : {}) } };
}

/** By our server or the room; anybody can write one "by" somebody else. */
export const givenId = (stanza: XmlElement, ...by: readonly string[]): string | undefined =>
  id.safeParse(
    childrenOf(stanza, 'stanza-id', ns.stanzaId)
      .find(({ attrs }) => by.includes(attrs.get('by') ?? ''))
      ?.attrs.get('id'),
  ).data;

const madeUp = (from: string, body: string): string => `none-${createHash('sha256').update(`${from}\n${body}`).digest('base64url').slice(0, 32)}`;

/** When it was sent, where whoever kept it says so: our own server or the room, not the sender. */
function timeOf(stanza: XmlElement, { own, now }: Surroundings, chat: string): number {
  const domain = own.slice(own.indexOf('@') + 1);
  const keeper = chat === own ? [own, domain] : [own, domain, ...(stanza.attrs.get('type') === 'groupchat' ? [chat] : [])];
  const stamp = childrenOf(stanza, 'delay', ns.delay)
    .find(({ attrs }) => keeper.includes(attrs.get('from') ?? ''))
    ?.attrs.get('stamp');
  const at = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isFinite(at) && at >= 0 && at <= now ? at : now;
}

function isMentioned(stanza: XmlElement, body: string, chat: Inbound['chat'], around: Surroundings): boolean {
  if (chat.kind === 'direct') return false;
  const { own, nick } = around;
  const [room, name] = [chat.id, nick(chat.id)];
  const uris = childrenOf(stanza, 'reference', ns.reference).flatMap(({ attrs }) => (attrs.get('type') === 'mention' ? [attrs.get('uri')] : []));
  if (uris.some((uri) => uri === `xmpp:${own}` || uri === `xmpp:${room}/${encodeURIComponent(name)}`)) return true;
  return withoutOwnName(body, chat, around) !== undefined;
}

/** What a room hears behind our name, so that a command is one there too; undefined where the name does not begin it. */
function withoutOwnName(words: string, { id: room, kind }: Inbound['chat'], { nick }: Surroundings): string | undefined {
  if (kind === 'direct') return undefined;
  const name = nick(room);
  const start = words.startsWith('@') ? words.slice(1) : words;
  return start.startsWith(name) && /^(?:[,:\s]|$)/u.test(start.slice(name.length)) ? start.slice(name.length).replace(/^[,:]?\s*/u, '') : undefined;
}

/** Without the quotation that stands in for an answer, and without the address of a file that comes along. */
function wordsOf(stanza: XmlElement, body: string, url: string | undefined): string {
  if (body === url) return '';
  const quoted = childrenOf(stanza, 'fallback', ns.fallback).find(({ attrs }) => attrs.get('for') === ns.reply);
  const range = childOf(quoted, 'body');
  if (!range) return body;
  const characters = [...body];
  const [start, end] = [Number(range.attrs.get('start')), Number(range.attrs.get('end'))];
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > characters.length) return body;
  return characters.slice(0, start).concat(characters.slice(end)).join('');
}

function reacted(base: Pick<Inbound, 'id' | 'at'> & Place, reactions: XmlElement, around: Surroundings): readonly Inbound[] {
  const target = id.safeParse(reactions.attrs.get('id')).data;
  if (target === undefined) return [];
  const emojis = [...new Set(childrenOf(reactions, 'reaction').map((one) => textOf(one) ?? ''))].filter((one) => one !== '' && one.length <= 64).slice(0, 20);
  const before = around.swapReactions(`${base.chat.id}\n${base.sender.id}\n${target}`, emojis);
  const event = (emoji: string, added: boolean): Inbound => ({
    ...{ kind: 'reaction', ...base, id: `${base.id}:${added ? '+' : '-'}${emoji}`, target: around.ownId(target), emoji, added },
  });
  return [
    ...emojis.filter((one) => !before.includes(one)).map((one) => event(one, true)),
    ...before.filter((one) => !emojis.includes(one)).map((one) => event(one, false)),
  ];
}
