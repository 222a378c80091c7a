// The two ways updates of Telegram come in: asked for one long poll after the other, or brought to the webhook. Confirmed once they are stored, never before.
import { z } from 'zod';
import type { Inbox } from '../../core/channel.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import type { TelegramApi } from './api.ts';
import { albumOf, messageOf, parseUpdate, type Reading, type Received, toEvents, type Update, wantedUpdates } from './wire.ts';

const pollSeconds = 50;
const batch = 100;
/** How long the next piece of an album is waited for. */
const albumMs = 700;

export interface Receiving {
  readonly hands: ChannelHands;
  readonly api: TelegramApi;
  readonly inbox: Inbox;
  /** As things are now. */
  reading(): Reading;
  /** Says to Telegram that a button was heard. */
  pressed(id: string, known: boolean): void;
}

/** Until the signal aborts. An update that is not taken ends it: the next connection gets it again. */
export async function poll(parts: Receiving, signal: AbortSignal): Promise<void> {
  const { api, inbox, hands } = parts;
  let offset: number | undefined;
  const ask = async (timeout: number): Promise<readonly unknown[]> => {
    const params = { ...(offset === undefined ? {} : { offset }), limit: batch, timeout, allowed_updates: wantedUpdates };
    const found = await api.call('getUpdates', params, z.array(z.unknown()), { signal, timeoutMs: (timeout + 15) * 1_000 });
    inbox.alive();
    return found;
  };
  while (!signal.aborted) {
    let found = await ask(pollSeconds);
    // Pieces of an album come one by one: nothing is confirmed until no more of them come.
    for (let pieces = countPieces(found); pieces > 0 && found.length < batch; ) {
      await hands.clock.sleep(albumMs, signal);
      found = await ask(0);
      const now = countPieces(found);
      if (now <= pieces) break;
      pieces = now;
    }
    const whole = found.length < batch ? found : withoutLastAlbum(found);
    for (const update of inOneAlbum(whole)) await take(update, parts);
    const last = Math.max(...whole.map(idOf).filter(Number.isFinite));
    if (Number.isFinite(last)) offset = last + 1;
    else if (whole.length > 0) throw new CoPawError('channel-down', 'Telegram sent updates without a number.', { retryable: false });
  }
}

/** One update of a webhook; an album comes in pieces, each once the one before was taken. */
export async function takeUpdate(given: unknown, parts: Receiving): Promise<void> {
  await take([given], parts);
}

async function take(given: readonly unknown[], { inbox, reading, pressed, hands }: Receiving): Promise<void> {
  const updates = given.map(parseUpdate).filter((update) => update !== undefined);
  if (updates.length < given.length) hands.log('info', 'telegram-update-unknown', { updates: given.map(idOf).filter(Number.isFinite) });
  const [first] = updates;
  if (!first) return;
  for (const { event, files } of eventsOf(updates, first, reading())) await inbox.receive(event, files);
  const { callback_query: query } = first;
  if (query) pressed(query.id, reading().value(query.data ?? '') !== undefined);
  const movedTo = first.message?.migrate_to_chat_id;
  if (first.message && movedTo !== undefined) hands.log('warn', 'telegram-group-moved', { from: String(first.message.chat.id), to: String(movedTo) });
}

function eventsOf(updates: readonly Update[], first: Update, reading: Reading): readonly Received[] {
  if (updates.length === 1) return toEvents(first, reading);
  const album = messageOf(
    updates.flatMap(({ message }) => (message ? [message] : [])),
    reading,
  );
  return album ? [album] : [];
}

const idOf = (given: unknown): number => {
  const parsed = z.object({ update_id: z.int() }).safeParse(given);
  return parsed.success ? parsed.data.update_id : Number.NaN;
};
const keyOf = (given: unknown): string | undefined => {
  const update = parseUpdate(given);
  return update && albumOf(update);
};
const countPieces = (found: readonly unknown[]): number => found.filter((one) => keyOf(one) !== undefined).length;

/** A full batch may end in the middle of an album: what is before it is confirmed first. */
function withoutLastAlbum(found: readonly unknown[]): readonly unknown[] {
  const key = keyOf(found.at(-1));
  const start = key === undefined ? -1 : found.findIndex((one) => keyOf(one) === key);
  return start > 0 ? found.slice(0, start) : found;
}

/** In order, the pieces of an album where its first one is. */
function inOneAlbum(found: readonly unknown[]): readonly (readonly unknown[])[] {
  const albums = new Map<string, unknown[]>();
  const all: unknown[][] = [];
  for (const one of found) {
    const key = keyOf(one);
    const known = key === undefined ? undefined : albums.get(key);
    if (known) {
      known.push(one);
      continue;
    }
    const group = [one];
    all.push(group);
    if (key !== undefined) albums.set(key, group);
  }
  return all;
}
