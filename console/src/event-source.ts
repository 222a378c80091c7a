// The one live stream. The browser resumes it by the last event id; where it gives up for good, it is opened again after that id.
import type { PlacedEvent } from '../../src/http/contract.ts';

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
  let source: EventSource | undefined;
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
  const connect = (): void => {
    clearTimeout(again);
    source?.close();
    const opened = new EventSource(`/api/events?after=${last}`);
    source = opened;
    opened.onopen = () => {
      waitMs = firstWaitMs;
      follower.opened();
    };
    opened.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
      last = lastEventId;
      gathered.push(JSON.parse(data) as PlacedEvent);
      gathering ??= setTimeout(flush, gatherMs);
    };
    opened.onerror = () => {
      follower.lost();
      if (opened.readyState !== EventSource.CLOSED) return;
      again = setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    };
  };
  const now = (): void => {
    if (source?.readyState !== EventSource.OPEN) connect();
  };
  addEventListener('online', now);
  connect();
  return () => {
    removeEventListener('online', now);
    clearTimeout(again);
    clearTimeout(gathering);
    source?.close();
  };
}
