// What comes from Mattermost: events of the web socket, one after the other, and what was missed. The server remembers up to where each channel was read: what was
// stored is marked so there, and a connection begins with what is behind that mark.
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Inbox } from '../../core/channel.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError, toCoPawError } from '../../core/error.ts';
import { remember } from '../../lib/remember.ts';
import { openWebSocket } from '../web-socket.ts';
import type { MattermostApi } from './api.ts';
import {
  type ChannelType,
  channelType,
  deleteOf,
  editOf,
  type Frame,
  frame,
  type Me,
  messageOf,
  post,
  postList,
  type Received,
  reaction,
  reactionOf,
  read,
} from './wire.ts';

const pingMs = 30_000;
const helloMs = 15_000;
/** How soon what was stored is marked as read. */
const markMs = 5_000;
/** A mark is set by the server's clock and for the whole channel: so much before it is looked at again. What is known already is dropped by its id. */
const overlapMs = 5 * 60_000;
/** What is older is not acted on anyway. */
const furthestMs = 24 * 60 * 60_000;
const mostWaiting = 2_000;
const mostKnown = 2_000;
const memberPage = 200;

export interface Receiving {
  readonly hands: ChannelHands;
  readonly api: MattermostApi;
  readonly inbox: Inbox;
  readonly me: Me;
}

/** Until the signal aborts; throws once the connection is gone, or where an event could not be stored: the next connection gets it again. */
export async function listen({ hands, api, inbox, me }: Receiving, signal: AbortSignal): Promise<void> {
  const { clock } = hands;
  const types = new Map<string, ChannelType>();
  const stored = new Map<string, true>();
  /** What the web socket said of posts, which is more than a list says: who is meant. */
  const announced = new Map<string, Announced>();
  const unmarked = new Set<string>();
  const ended = Promise.withResolvers<never>();
  let work: Promise<void> = Promise.resolve();
  let waiting = 0;
  let marking: { cancel(): void } | undefined;

  const typeOf = async (channel: string): Promise<ChannelType> => {
    const known = types.get(channel);
    if (known) return known;
    const { type } = await api.call(`/channels/${encodeURIComponent(channel)}`, z.object({ type: channelType }), { signal });
    remember(types, channel, type, mostKnown);
    return type;
  };

  const mark = async (): Promise<void> => {
    marking = undefined;
    const channels = [...unmarked];
    unmarked.clear();
    for (const channel_id of channels) await api.call('/channels/members/me/view', z.unknown(), { json: { channel_id }, signal }).catch(() => undefined); // at worst it is looked at once more
  };

  const take = async (received: Received | undefined): Promise<void> => {
    if (!received || signal.aborted) return;
    const { event, files } = received;
    if (stored.has(event.id)) return;
    await inbox.receive(event, files);
    remember(stored, event.id, true, mostKnown);
    unmarked.add(event.chat.id);
    marking ??= clock.after(markMs, () => void mark());
  };

  const missed = async (channel: string, since: number): Promise<void> => {
    const list = await api.call(`/channels/${encodeURIComponent(channel)}/posts?since=${since}`, postList, { signal });
    // Newest first, as the server lists them; those of one millisecond keep their order.
    const posts = list.order
      .toReversed()
      .flatMap((id) => post.safeParse(list.posts[id]).data ?? [])
      .toSorted((a, b) => a.create_at - b.create_at);
    const type = await typeOf(channel);
    for (const one of posts) {
      if (one.delete_at > 0) await take(deleteOf(one, me, type, undefined));
      else if (one.create_at > since) await take(messageOf(one, { me, type, open: api.file, ...announced.get(one.id) }));
      if (one.delete_at === 0 && one.edit_at > 0) await take(editOf(one, me, type));
    }
  };

  const catchUp = async (): Promise<void> => {
    const channels = await api.call('/users/me/channels', z.array(z.object({ id: z.string(), type: z.string(), last_post_at: z.number() })), { signal });
    const lastPost = new Map(channels.map(({ id, last_post_at }) => [id, last_post_at]));
    for (const { id, type } of channels) if (channelType.safeParse(type).success) remember(types, id, channelType.parse(type), mostKnown);
    const members = z.array(z.object({ channel_id: z.string(), last_viewed_at: z.number() }));
    for (let page = 0; ; page++) {
      const found = await api.call(`/users/me/channel_members?page=${page}&per_page=${memberPage}`, members, { signal });
      for (const { channel_id, last_viewed_at } of found) {
        const since = Math.max(last_viewed_at - overlapMs, clock.now() - furthestMs);
        if ((lastPost.get(channel_id) ?? 0) > since && types.has(channel_id)) await unlessGone(missed(channel_id, since));
      }
      if (found.length < memberPage) return;
    }
  };

  const handle = async ({ event = '', data, broadcast, seq = 0 }: Frame): Promise<void> => {
    const channel = broadcast?.channel_id ?? '';
    if (event === 'reaction_added' || event === 'reaction_removed') {
      const one = read(data?.reaction, reaction);
      if (!one || channel === '') return;
      const place = { chat: channel, type: await typeOf(channel), me, now: clock.now() };
      return take(reactionOf(one, event === 'reaction_added', `${event}-${one.user_id}-${one.emoji_name}-${one.create_at}-${clock.now()}-${seq}`, place));
    }
    if (event !== 'posted' && event !== 'post_edited' && event !== 'post_deleted') return;
    const one = read(data?.post, post);
    if (!one) return;
    const type = data?.channel_type ?? (await typeOf(one.channel_id));
    if (event === 'post_edited') return take(editOf(one, me, type));
    if (event === 'post_deleted') return take(deleteOf(one, me, type, data?.delete_by));
    return take(messageOf(one, { me, type, open: api.file, ...(announced.get(one.id) ?? announcedBy({ data })) }));
  };

  const queue = (job: () => Promise<void>): void => {
    if (waiting >= mostWaiting) {
      ended.reject(new CoPawError('channel-down', 'More came in than could be stored.'));
      return;
    }
    waiting++;
    work = work
      .then(() => (signal.aborted ? undefined : job()))
      .catch((error: unknown) => ended.reject(error))
      .finally(() => waiting--);
  };

  const socket = await openWebSocket(hands, api.socketUrl, signal);
  let pinging: { cancel(): void } | undefined;
  const ping = (): void => {
    socket.ping();
    pinging = clock.after(pingMs, ping);
  };
  let next: number | undefined;
  const hear = (text: string): void => {
    inbox.alive();
    const heard = read(text, frame);
    if (heard?.event === undefined) return;
    if (heard.seq !== undefined) {
      // Something between was lost on its way.
      if (next !== undefined && heard.seq > next) queue(catchUp);
      next = heard.seq + 1;
    }
    const one = heard.event === 'posted' ? read(heard.data?.post, post) : undefined;
    if (one) remember(announced, one.id, announcedBy(heard), mostKnown);
    queue(() => unlessGone(handle(heard)));
  };
  try {
    const greeting = await greet(socket, await api.token(), hands);
    next = greeting.next;
    socket.on('message', (bytes) => hear(String(bytes)));
    socket.on('pong', () => inbox.alive());
    socket.on('ping', () => inbox.alive());
    socket.once('close', () => ended.reject(new CoPawError('channel-down', 'Mattermost closed the connection.')));
    const meanwhile = greeting.release();
    if (signal.aborted) return;
    if (socket.readyState !== socket.OPEN) throw new CoPawError('channel-down', 'Mattermost closed the connection.');
    inbox.alive();
    queue(catchUp);
    for (const text of meanwhile) hear(text);
    ping();
    await ended.promise;
  } finally {
    pinging?.cancel();
    marking?.cancel();
    socket.terminate();
  }
}

/** A channel that was closed to us meanwhile is no reason to let the others go. */
async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (toCoPawError(error).code !== 'send-refused') throw error;
  }
}

interface Announced {
  readonly name: string | undefined;
  readonly mentions: readonly string[];
}

/** Where nobody is meant the server leaves the member out. */
const announcedBy = ({ data }: Pick<Frame, 'data'>): Announced => ({
  name: data?.sender_name,
  mentions: read(data?.mentions ?? '[]', z.array(z.string())) ?? [],
});

interface Greeting {
  readonly next: number | undefined;
  /** What came behind the greeting; from now on nothing is kept here. */
  release(): readonly string[];
}

/** Says who we are, and waits until the server greets. */
async function greet(socket: WebSocket, token: string, { clock }: Pick<ChannelHands, 'clock'>): Promise<Greeting> {
  const done = Promise.withResolvers<Greeting>();
  const heard: string[] = [];
  let greeted = false;
  const release = (): readonly string[] => {
    socket.off('message', hear);
    return heard;
  };
  const hear = (bytes: unknown): void => {
    const said = read(String(bytes), frame);
    if (greeted) heard.push(String(bytes));
    else if (said?.event === 'hello') {
      greeted = true;
      done.resolve({ next: said.seq === undefined ? undefined : said.seq + 1, release });
    } else if (said?.seq_reply === 1 && said.status !== 'OK') done.reject(refused());
  };
  const timer = clock.after(helloMs, () => done.reject(new CoPawError('channel-down', 'Mattermost did not greet.')));
  const closed = (code: number): void => done.reject(code === 1008 ? refused() : new CoPawError('channel-down', 'Mattermost closed the connection.'));
  socket.on('message', hear);
  socket.once('close', closed);
  socket.send(JSON.stringify({ seq: 1, action: 'authentication_challenge', data: { token } }));
  try {
    return await done.promise;
  } finally {
    timer.cancel();
    socket.off('close', closed);
  }
}

const refused = (): CoPawError =>
  new CoPawError('unauthenticated', 'Mattermost does not know this token.', { next: 'Give the account its token again: copaw channels add mattermost.' });
