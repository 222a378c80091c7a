// The one live stream, by fetch: an EventSource could not send this browser's key. Whenever it breaks it is opened again after the last event id.
import type { PlacedEvent } from '../../../src/http/contract.ts';
import { parseSse, type SseEvent } from '../../../src/lib/sse-parse.ts';
import { compareIds } from './compare-ids.ts';
import { ownKey } from './own-key.ts';

export interface Follower {
  /** Events that came together, in order. */
  events(events: readonly PlacedEvent[]): void;
  opened(): void;
  /** The connection broke and is being made again. */
  lost(): void;
  /** It was let go to another tab, until this one is looked at. */
  rested(): void;
}

/** What a tab says to the others of this browser when it opens its stream. */
interface Opening {
  readonly born: number;
  readonly seen: boolean;
}

/** Waits between tries double from the first to the longest; while nobody looks at the page they may be longer. */
const firstWaitMs = 250;
const longestWaitMs = 500;
const longestHiddenMs = 15_000;
/** A stream says something every 15 seconds; one that is silent for so long has gone without a word, as when a laptop slept. */
const silenceMs = 32_000;
const watchMs = 2000;
/** Events that come close together are drawn together: after a pause at the next frame, and while they stream some fifteen times a second. */
const soonMs = 16;
const betweenMs = 66;

/**
 * Follows everything after the event id `after`. `now`: tries at once where the connection is lost.
 * A browser has six connections to a server, whatever the number of tabs: beside those that are seen, one hidden tab at most keeps its stream.
 */
export function followEvents(after: string, follower: Follower): { stop(): void; now(): void } {
  let last = after;
  let connection: { readonly gone: AbortController; open: boolean; heard: number; ended(): void } | undefined;
  let waitMs = firstWaitMs;
  let again: ReturnType<typeof setTimeout> | undefined;
  let gathered: PlacedEvent[] = [];
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let flushed = Number.NEGATIVE_INFINITY;
  const born = performance.timeOrigin + Math.random();
  const others = new BroadcastChannel('copaw.stream');

  const flush = (): void => {
    gathering = undefined;
    flushed = performance.now();
    const events = gathered;
    gathered = [];
    if (events.length > 0) follower.events(events);
  };
  const take = ({ id, data }: SseEvent): void => {
    const event = JSON.parse(data) as PlacedEvent;
    // Whatever stands between may have repeated or mixed up bytes: such a stream is not believed.
    if (event.id !== id) throw new TypeError('An event is not the one that it says.');
    if (compareIds(id, last) <= 0) return;
    last = id;
    gathered.push(event);
    gathering ??= setTimeout(flush, Math.max(soonMs, flushed + betweenMs - performance.now()));
  };
  const connect = (): void => {
    clearTimeout(again);
    connection?.gone.abort();
    others.postMessage({ born, seen: !document.hidden } satisfies Opening);
    const own = { gone: new AbortController(), open: false, heard: Date.now(), ended: (): void => ended() };
    const { signal } = own.gone;
    connection = own;
    const heard = (): void => {
      own.heard = Date.now();
    };
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
      waitMs = Math.min(waitMs * 2, document.hidden ? longestHiddenMs : longestWaitMs);
      follower.lost();
    };
    read(`/api/events?after=${last}`, signal, opened, heard, take).then(ended, ended);
  };
  /** Back from sleep, or looked at again: what should have been heard by now and was not has gone. */
  const now = (): void => {
    if (document.hidden) return;
    if (connection?.open !== true || Date.now() - connection.heard > silenceMs / 2) {
      waitMs = firstWaitMs;
      connect();
    }
  };
  others.onmessage = ({ data }: MessageEvent<Opening>) => {
    if (!document.hidden || !(data.seen || data.born > born)) return;
    clearTimeout(again);
    connection?.gone.abort();
    connection = undefined;
    follower.rested();
  };
  // By the clock, not by a timer: timers stand still while a machine sleeps.
  const watching = setInterval(() => {
    if (connection && Date.now() - connection.heard > silenceMs) connection.ended();
  }, watchMs);
  addEventListener('online', now);
  addEventListener('pageshow', now);
  document.addEventListener('visibilitychange', now);
  connect();
  const stop = (): void => {
    removeEventListener('online', now);
    removeEventListener('pageshow', now);
    document.removeEventListener('visibilitychange', now);
    clearInterval(watching);
    clearTimeout(again);
    clearTimeout(gathering);
    connection?.gone.abort();
    others.close();
  };
  return { stop, now };
}

/** Reads one stream to its end. Nothing is told after `signal`. */
async function read(path: string, signal: AbortSignal, opened: () => void, heard: () => void, take: (event: SseEvent) => void): Promise<void> {
  const response = await fetch(path, { headers: { accept: 'text/event-stream', ...ownKey.headers() }, cache: 'no-store', signal });
  if (!response.ok || !response.body || !/^text\/event-stream\b/iu.test(response.headers.get('content-type') ?? '')) return response.body?.cancel();
  if (signal.aborted) return;
  opened();
  for await (const event of parseSse(chunks(response.body.getReader(), heard))) {
    if (signal.aborted) return;
    take(event);
  }
}

/** A body cannot be iterated in every browser. */
async function* chunks(reader: ReadableStreamDefaultReader<Uint8Array>, heard: () => void): AsyncGenerator<Uint8Array> {
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    heard();
    yield read.value;
  }
}
