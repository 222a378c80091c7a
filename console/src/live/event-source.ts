// The one live stream, by fetch: an EventSource could not send this browser's key. Whenever it breaks it is opened again after the last event id.
import type { PlacedEvent } from '../../../src/http/contract.ts';
import { parseSse, type SseEvent } from '../../../src/lib/sse-parse.ts';
import { ownKey } from './own-key.ts';

export interface Follower {
  /** Events that came together, in order. */
  events(events: readonly PlacedEvent[]): void;
  opened(): void;
  /** The connection broke and is being made again. */
  lost(): void;
}

const firstWaitMs = 1000;
const longestWaitMs = 15_000;
/** Deltas that come close together are drawn together. */
const gatherMs = 24;

/** Follows everything after the event id `after`; returns how to stop. */
export function followEvents(after: string, follower: Follower): () => void {
  let last = after;
  let connection: { readonly gone: AbortController; open: boolean } | undefined;
  let waitMs = firstWaitMs;
  let again: ReturnType<typeof setTimeout> | undefined;
  let gathered: PlacedEvent[] = [];
  let gathering: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    gathering = undefined;
    const events = gathered;
    gathered = [];
    if (events.length > 0) follower.events(events);
  };
  const take = ({ id, data }: SseEvent): void => {
    last = id;
    gathered.push(JSON.parse(data) as PlacedEvent);
    gathering ??= setTimeout(flush, gatherMs);
  };
  const connect = (): void => {
    clearTimeout(again);
    connection?.gone.abort();
    const own = { gone: new AbortController(), open: false };
    const { signal } = own.gone;
    connection = own;
    const opened = (): void => {
      own.open = true;
      waitMs = firstWaitMs;
      follower.opened();
    };
    const ended = (): void => {
      if (signal.aborted) return;
      own.gone.abort();
      own.open = false;
      again = setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
      follower.lost();
    };
    read(`/api/events?after=${last}`, signal, opened, take).then(ended, ended);
  };
  const now = (): void => {
    if (connection?.open !== true) connect();
  };
  addEventListener('online', now);
  connect();
  return () => {
    removeEventListener('online', now);
    clearTimeout(again);
    clearTimeout(gathering);
    connection?.gone.abort();
  };
}

/** Reads one stream to its end. Nothing is told after `signal`. */
async function read(path: string, signal: AbortSignal, opened: () => void, take: (event: SseEvent) => void): Promise<void> {
  const response = await fetch(path, { headers: { accept: 'text/event-stream', ...ownKey.headers() }, cache: 'no-store', signal });
  if (!response.ok || !response.body || !/^text\/event-stream\b/iu.test(response.headers.get('content-type') ?? '')) return response.body?.cancel();
  if (signal.aborted) return;
  opened();
  for await (const event of parseSse(chunks(response.body.getReader()))) {
    if (signal.aborted) return;
    take(event);
  }
}

/** A body cannot be iterated in every browser. */
async function* chunks(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}
