// The two ways updates of Telegram come in: asked for one long poll after the other, or brought to the webhook. Confirmed once they are stored, never before.
import { z } from 'zod';
import type { Inbox } from '../../core/channel.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { remember } from '../../lib/remember.ts';
import type { TelegramApi } from './api.ts';
import { addressedAlbum, parseUpdate, type Reading, toEvents, type Update, wantedUpdates } from './wire.ts';

const pollSeconds = 50;
const batch = 100;
/** Albums of which it is known that they are addressed to the bot. */
const mostAlbums = 200;

export interface Receiving {
  readonly hands: ChannelHands;
  readonly api: TelegramApi;
  readonly inbox: Inbox;
  /** As things are now. */
  reading(): Omit<Reading, 'addressed'>;
  /** Albums that are addressed to the bot: one piece says so for all. */
  readonly albums: Map<string, true>;
  /** Says to Telegram that a button was heard. */
  pressed(id: string, known: boolean): void;
}

/** Until the signal aborts. An update that is not taken ends it: the next connection gets it again. */
export async function poll(parts: Receiving, signal: AbortSignal): Promise<void> {
  const { api, inbox } = parts;
  let offset: number | undefined;
  const ask = async (timeout: number): Promise<readonly unknown[]> => {
    const params = { ...(offset === undefined ? {} : { offset }), limit: batch, timeout, allowed_updates: wantedUpdates };
    const found = await api.call('getUpdates', params, z.array(z.unknown()), { signal, timeoutMs: (timeout + 15) * 1_000 });
    inbox.alive();
    return found;
  };
  while (!signal.aborted) {
    const found = await ask(pollSeconds);
    await take(found, parts);
    const last = Math.max(...found.map(idOf).filter(Number.isFinite));
    if (Number.isFinite(last)) offset = last + 1;
    else if (found.length > 0) throw new CoPawError('channel-down', 'Telegram sent updates without a number.', { retryable: false });
  }
}

/** One update of a webhook. */
export async function takeUpdate(given: unknown, parts: Receiving): Promise<void> {
  await take([given], parts);
}

async function take(given: readonly unknown[], parts: Receiving): Promise<void> {
  const updates = given.map(parseUpdate).filter((update) => update !== undefined);
  if (updates.length < given.length) parts.hands.log('info', 'telegram-update-unknown', { updates: given.map(idOf).filter(Number.isFinite) });
  for (const update of updates) {
    const album = addressedAlbum(update, parts.reading().me);
    if (album !== undefined) remember(parts.albums, album, true, mostAlbums);
  }
  for (const update of updates) await takeOne(update, parts);
}

async function takeOne(update: Update, { inbox, reading, albums, pressed, hands }: Receiving): Promise<void> {
  const now = { ...reading(), addressed: (album: string) => albums.has(album) };
  for (const { event, files } of toEvents(update, now)) await inbox.receive(event, files);
  const { callback_query: query, message } = update;
  if (query) pressed(query.id, now.value(query.data ?? '') !== undefined);
  const movedTo = message?.migrate_to_chat_id;
  if (message && movedTo !== undefined) hands.log('warn', 'telegram-group-moved', { from: String(message.chat.id), to: String(movedTo) });
}

const idOf = (given: unknown): number => {
  const parsed = z.object({ update_id: z.int() }).safeParse(given);
  return parsed.success ? parsed.data.update_id : Number.NaN;
};
