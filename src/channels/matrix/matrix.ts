// Matrix, by the client-server API over plain requests: /sync brings what is said, events with transaction ids carry the answers. It reads no encrypted rooms.

import { z } from 'zod';
import type { Address } from '../../core/address.ts';
import { type Channel, type ChannelLimits, type OutgoingFile, type PartKey, partName, type SentRef } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { idTime } from '../../lib/ids.ts';
import { restOf, uploadOf } from '../platform-request.ts';
import { clientPath, type MatrixApi, matrixApi } from './api.ts';
import { editContent, fileContent, mostWords, wordsContent } from './content.ts';
import { receiveAll } from './receive.ts';
import { Rooms } from './rooms.ts';
import { messagesAnswer, partField, readEvents, sentEvent, uploaded, whoami } from './wire.ts';

const settings = z.looseObject({
  homeserver: z.url({ protocol: /^https?$/ }).describe('Address of the homeserver of the account, for example https://matrix.example.org.'),
  accessToken: channelSecret().describe('Access token of the account, from a login of its own.'),
  invitesFrom: z.array(z.string()).default([]).describe('Matrix ids whose invitations are accepted, for example @ana:example.org. Empty: nobody.'),
});

const limits: ChannelLimits = { dialect: 'matrix-html', textLength: mostWords, media: true, edit: true, editMs: 5_000, choices: false, threads: true };

const typingMs = 10_000;
const besideMs = 5_000;
/** Pages of a hundred messages of CoPaw's own that a lost part is looked for in. */
const mostPages = 10;
/** How far the clock of a server may be behind. */
const skewMs = 60 * 60_000;
const usualFreshMinutes = 1_440;
const anything = z.unknown();
const partMark = z.object({ key: z.string(), last: z.boolean() });

export const matrix = channelKind({
  kind: 'matrix',
  title: 'Matrix',
  settings,
  origins: ({ homeserver }) => [new URL(homeserver).origin],
  open: (chosen, hands) => openMatrix(chosen, hands),
});

function openMatrix(chosen: z.output<typeof settings>, hands: ChannelHands): Channel {
  const rooms = new Rooms();
  const stopped = new AbortController();
  let live: { readonly api: MatrixApi; readonly own: string } | undefined;
  let edits = 0;

  const connection = (): { readonly api: MatrixApi; readonly own: string } => {
    if (live) return live;
    throw new CoPawError('channel-down', 'It is not connected.');
  };
  const put = async (api: MatrixApi, chat: string, transaction: string, content: object): Promise<SentRef> => {
    const path = clientPath('rooms', chat, 'send', 'm.room.message', transaction);
    const { event_id: id } = await api.ask(path, sentEvent, { method: 'PUT', json: content });
    return { id };
  };
  /** Throws where these words are not meant for all who would read them. */
  const checkRoom = ({ chat, peer }: Address): void => {
    if (rooms.of(chat).encrypted) throw new CoPawError('send-refused', 'The room encrypts what is said there, and CoPaw does not.');
    if (peer !== undefined && rooms.crowded(chat)) throw new CoPawError('send-refused', 'It was meant for one person, and more have come into the room.');
  };
  /** Shows that it was read: only where CoPaw answers, so that a stranger learns nothing. */
  const markRead = async (api: MatrixApi, chat: string): Promise<void> => {
    const room = rooms.of(chat);
    const { unread } = room;
    if (unread === undefined) return;
    delete room.unread;
    const request = api.ask(clientPath('rooms', chat, 'receipt', 'm.read', unread), anything, { json: {}, timeoutMs: besideMs });
    await request.catch(() => undefined); // nothing hangs on it
  };
  const upload = async (api: MatrixApi, { name, mediaType, bytes }: OutgoingFile) => {
    const body = await bytes();
    const path = `/_matrix/media/v3/upload?${new URLSearchParams({ filename: name })}`;
    const { content_uri: uri } = await uploadOf(api.ask(path, uploaded, { body, headers: { 'content-type': mediaType }, timeoutMs: 50_000 }));
    return { name, mediaType, size: body.byteLength, uri };
  };

  return {
    limits,
    async start(inbox, given) {
      const signal = AbortSignal.any([given, stopped.signal]);
      try {
        const api = matrixApi(hands, chosen.homeserver, await hands.secret(chosen.accessToken));
        const { user_id: own } = await whoIs(api, signal);
        live = { api, own };
        const freshMinutes = typeof chosen.freshMinutes === 'number' ? chosen.freshMinutes : usualFreshMinutes;
        await receiveAll({ ...{ api, hands, inbox, rooms, own, signal }, freshMs: freshMinutes * 60_000, invitesFrom: chosen.invitesFrom });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    async send(to, message, key) {
      const { api } = connection();
      checkRoom(to);
      const files = [];
      for (const file of message.files ?? []) files.push(await upload(api, file));
      checkRoom(to);
      const thread = to.thread === undefined ? undefined : { root: to.thread, after: rooms.latest(to.chat, to.thread) };
      const words = message.text === '' && files.length > 0 ? [] : [wordsContent(message, key, thread, files.length === 0)];
      const contents = [...words, ...files.map((file, index) => fileContent(file, key, thread, index === files.length - 1))];
      const sent: SentRef[] = [];
      for (const [index, content] of contents.entries()) sent.push(await restOf(index, put(api, to.chat, `${partName(key)}.${index}`, content)));
      const [first] = sent;
      if (!first) throw new CoPawError('send-refused', 'There is nothing to send.');
      if (to.thread !== undefined) rooms.follow(to.chat, to.thread, sent.at(-1)?.id ?? first.id);
      await markRead(api, to.chat);
      return first;
    },
    async edit(to, { id }, message) {
      const { api } = connection();
      checkRoom(to);
      await put(api, to.chat, `edit.${hands.clock.now()}.${edits++}.${hands.random().toString(36).slice(2)}`, editContent(message, id));
    },
    async typing({ chat }) {
      const { api, own } = connection();
      await markRead(api, chat);
      await api.ask(clientPath('rooms', chat, 'typing', own), anything, { method: 'PUT', json: { typing: true, timeout: typingMs }, timeoutMs: besideMs });
    },
    reconcile: (to, key) => lookUp(connection(), to.chat, key),
    stop: async () => stopped.abort(),
  };
}

async function whoIs(api: MatrixApi, signal: AbortSignal): Promise<z.output<typeof whoami>> {
  try {
    return await api.ask(clientPath('account', 'whoami'), whoami, { signal });
  } catch (error) {
    if (!(error instanceof CoPawError) || error.code !== 'send-refused') throw error;
    throw new CoPawError('config-invalid', `There is no homeserver that takes this account: ${error.message}`, {
      next: 'Check the address of the homeserver: copaw channels add matrix.',
      cause: error,
    });
  }
}

/** A part is found by what its events say of themselves; the server's memory of transactions is short. */
async function lookUp({ api, own }: { readonly api: MatrixApi; readonly own: string }, chat: string, key: PartKey): Promise<SentRef | 'absent' | 'unknown'> {
  const filter = JSON.stringify({ types: ['m.room.message'], senders: [own] });
  const since = (idTime(key.answerId) ?? 0) - skewMs;
  const found: { readonly id: string; readonly last: boolean }[] = [];
  let from: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({ dir: 'b', limit: '100', filter, ...(from === undefined ? {} : { from }) });
    const { chunk, end } = await api.ask(`${clientPath('rooms', chat, 'messages')}?${query}`, messagesAnswer);
    const events = readEvents(chunk).filter(({ sender }) => sender === own);
    for (const { event_id: id, content } of events) {
      const mark = partMark.safeParse(content[partField]).data;
      if (mark?.key === partName(key)) found.push({ id, last: mark.last });
    }
    const oldest = found.at(-1);
    if (oldest && found.some(({ last }) => last)) return { id: oldest.id };
    const before = (events.at(-1)?.origin_server_ts ?? since) < since;
    if (end === undefined || before) return found.length === 0 ? 'absent' : 'unknown'; // a part of it is there, the rest is not
    from = end;
  }
  return 'unknown';
}
