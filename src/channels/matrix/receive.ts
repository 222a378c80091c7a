// Receiving: one long poll of /sync after the other. What the inbox does not take is asked for again, and a gap in a room's history is filled.
import { z } from 'zod';
import type { Inbox } from '../../core/channel.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError, toCoPawError } from '../../core/error.ts';
import { platformFile } from '../platform-request.ts';
import { clientPath, type MatrixApi } from './api.ts';
import type { Rooms } from './rooms.ts';
import { type EventPlace, messagesAnswer, partField, type RoomEvent, readEvents, type SyncAnswer, syncAnswer, toInbound } from './wire.ts';

const pollMs = 30_000;
/** The first answer holds all rooms; a large account takes its server a while. */
const firstMs = 80_000;
const mostAnswer = 32 * 1024 * 1024;
const againMs = 1_000;
/** Of one room at once: the newest of them are in the answer, the rest is fetched, a hundred at a time. */
const inOneAnswer = 50;
const mostPages = 10;

const timelineTypes = ['m.room.message', 'm.room.encrypted', 'm.room.redaction', 'm.reaction', 'm.room.member', 'm.room.encryption'];
const nothing = { not_types: ['*'] };
const filter = JSON.stringify({
  presence: nothing,
  account_data: nothing,
  room: {
    timeline: { limit: inOneAnswer, types: timelineTypes },
    state: { types: ['m.room.encryption', 'm.room.member'], lazy_load_members: true },
    ephemeral: nothing,
    account_data: nothing,
  },
});
const historyFilter = JSON.stringify({ types: timelineTypes, lazy_load_members: true });

export interface ReceiveParts {
  readonly api: MatrixApi;
  readonly hands: ChannelHands;
  readonly inbox: Inbox;
  readonly rooms: Rooms;
  readonly own: string;
  /** What is older on arrival is not acted on, so it is not looked for either. */
  readonly freshMs: number;
  readonly invitesFrom: readonly string[];
  readonly signal: AbortSignal;
}

/** Events of one room, oldest first. */
type Batch = readonly [room: string, events: readonly RoomEvent[]];

/** Ends with its signal; throws what ends the connection. */
export async function receiveAll(parts: ReceiveParts): Promise<void> {
  const { api, hands, inbox, rooms, signal } = parts;
  const reactions: EventPlace['reactions'] = new Map();
  let since: string | undefined;
  while (!signal.aborted) {
    const query = new URLSearchParams({ filter, timeout: String(since === undefined ? 0 : pollMs), ...(since === undefined ? {} : { since }) });
    const path = `${clientPath('sync')}?${query}`;
    const answer = await api.ask(path, syncAnswer, { signal, timeoutMs: since === undefined ? firstMs : pollMs * 2, maxBytes: mostAnswer });
    for (const [id, room] of answer.rooms?.join ?? []) rooms.update(id, room);
    for (const [id] of answer.rooms?.leave ?? []) rooms.forget(id);
    inbox.alive();
    await answerInvites(parts, answer);
    const batches = await gather(parts, answer, since);
    try {
      for (const [room, events] of batches) for (const event of events) await take(parts, room, event, reactions);
      since = answer.next_batch;
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      hands.log('warn', 'matrix-not-taken', { account: hands.account, code: toCoPawError(error.cause).code });
      await hands.clock.sleep(againMs, signal); // the same answer comes again, and what was taken already changes nothing
    }
  }
}

class NotTaken extends Error {}

async function take(
  { api, hands, inbox, rooms, own, signal }: ReceiveParts,
  room: string,
  event: RoomEvent,
  reactions: EventPlace['reactions'],
): Promise<void> {
  const { type, state_key, content, sender } = event;
  if (state_key !== undefined) return rooms.heed(room, { type, state_key, content });
  if (type === 'm.room.encrypted') return sayUnread(hands, rooms, room);
  if (sender === own && content[partField] !== undefined) return; // what CoPaw itself has sent
  const received = toInbound(event, {
    chat: { id: room, kind: await rooms.kind(room, api, signal) },
    ...{ own, reactions, name: rooms.name(room, sender) },
    open: (mxc, stop) => mediaOf(api, hands, mxc, stop),
  });
  if (!received) return;
  try {
    await inbox.receive(received.event, received.files);
  } catch (error) {
    throw new NotTaken('It was not taken.', { cause: error });
  }
  if (received.event.kind !== 'message' || sender === own) return;
  const { thread } = received.event.chat;
  if (thread !== undefined) rooms.follow(room, thread, event.event_id);
  rooms.of(room).unread = event.event_id;
}

/** Once for each room and connection. */
function sayUnread(hands: ChannelHands, rooms: Rooms, id: string): void {
  const room = rooms.of(id);
  room.encrypted = true;
  if (room.told) return;
  room.told = true;
  hands.log('warn', 'matrix-room-encrypted', { account: hands.account, room: id, next: 'CoPaw reads no encrypted rooms. Make one without encryption.' });
}

/** https://spec.matrix.org/v1.11/client-server-api/#get_matrixclientv1mediadownloadservernamemediaid */
function mediaOf(api: MatrixApi, hands: ChannelHands, mxc: string, signal: AbortSignal): AsyncIterable<Uint8Array> | undefined {
  const [, server, media] = /^mxc:\/\/([A-Za-z0-9.:[\]-]{1,255})\/([A-Za-z0-9_-]{1,255})$/u.exec(mxc) ?? [];
  if (server === undefined || media === undefined) return undefined;
  const path = `/_matrix/client/v1/media/download/${encodeURIComponent(server)}/${media}`;
  return platformFile(hands, api.url(path), signal, api.headers);
}

async function gather(parts: ReceiveParts, answer: SyncAnswer, since: string | undefined): Promise<readonly Batch[]> {
  const { freshMs, hands } = parts;
  const oldest = hands.clock.now() - freshMs;
  const batches: Batch[] = [];
  for (const [room, { timeline }] of answer.rooms?.join ?? []) {
    if (!timeline) continue;
    const { limited = false, prev_batch } = timeline;
    const newest = readEvents(timeline.events);
    const more = limited && prev_batch !== undefined && (newest[0]?.origin_server_ts ?? oldest) >= oldest;
    const events = more ? [...(await fillGap(parts, room, prev_batch, since, oldest)), ...newest] : newest;
    batches.push([
      room,
      since === undefined ? events.filter(({ origin_server_ts, state_key }) => state_key !== undefined || origin_server_ts >= oldest) : events,
    ]);
  }
  return batches;
}

/** What was said between the last answer and the beginning of this one, back to what is too old; oldest first. */
async function fillGap({ api, hands, rooms, signal }: ReceiveParts, room: string, from: string, to: string | undefined, oldest: number): Promise<RoomEvent[]> {
  const events: RoomEvent[] = [];
  for (let page = 0, at: string | undefined = from; at !== undefined && page < mostPages; page++) {
    const query = new URLSearchParams({ dir: 'b', limit: '100', from: at, filter: historyFilter, ...(to === undefined ? {} : { to }) });
    try {
      const { chunk, end, state } = await api.ask(`${clientPath('rooms', room, 'messages')}?${query}`, messagesAnswer, { signal });
      for (const event of state ?? []) if (rooms.name(room, event.state_key) === undefined) rooms.heed(room, event);
      const found = readEvents(chunk);
      events.push(...found);
      at = chunk.length === 0 || (found.at(-1)?.origin_server_ts ?? oldest) < oldest ? undefined : end;
    } catch (error) {
      if (!(error instanceof CoPawError) || error.code !== 'send-refused') throw error;
      hands.log('warn', 'matrix-gap', { account: hands.account, room }); // the account may not read it any more
      break;
    }
  }
  return events.filter(({ origin_server_ts }) => origin_server_ts >= oldest).reverse();
}

/** Only of whom the settings name: anybody can invite. */
async function answerInvites({ api, hands, invitesFrom, own, signal }: ReceiveParts, answer: SyncAnswer): Promise<void> {
  for (const [room, { invite_state }] of answer.rooms?.invite ?? []) {
    const invite = invite_state.events.find(({ type, state_key }) => type === 'm.room.member' && state_key === own);
    if (!invite || !invitesFrom.includes(invite.sender)) {
      hands.log('info', 'matrix-invite-waits', { account: hands.account, room, from: invite?.sender });
      continue;
    }
    try {
      await api.ask(clientPath('rooms', room, 'join'), z.object({ room_id: z.string() }), { json: {}, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      hands.log('warn', 'matrix-join-failed', { account: hands.account, room, code: toCoPawError(error).code });
    }
  }
}
