// Server-sent events: placed events as `id:` and `data:` lines, with a heartbeat, at the reader's pace, ending when the reader goes.
import type { PlacedEvent } from '../core/turn-event.ts';
import type { Clock, Timer } from '../lib/clock.ts';

const heartbeatMs = 15_000;
/** Chunks that may wait unread before the source is no longer pulled. */
const mostWaiting = 16;

/** Why a source is let go. Made once: an abort without a reason makes an error, with its stack, each time. */
const readerGone = new Error('The reader of this stream has gone.');

/** `reader` aborts when the reader goes or may no longer read; `source` is given a signal that aborts then. Events already sent on this stream are not sent again. */
export function eventStream(source: (signal: AbortSignal) => AsyncIterable<PlacedEvent>, clock: Clock, reader: AbortSignal): Response {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, reader]);
  const encoder = new TextEncoder();
  const iterator = source(signal)[Symbol.asyncIterator]();
  let heartbeat: Timer | undefined;
  let last = '';
  const end = (): void => {
    heartbeat?.cancel();
    gone.abort(readerGone);
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode('retry: 1000\n: connected\n\n'));
        const beat = (): void => {
          heartbeat = clock.after(heartbeatMs, () => {
            if (signal.aborted) return;
            if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': heartbeat\n\n'));
            beat();
          });
        };
        beat();
      },
      async pull(controller) {
        const next = await nextNew();
        if (next !== undefined) return controller.enqueue(encoder.encode(frame(next)));
        end();
        controller.close();
      },
      async cancel() {
        end();
        await iterator.return?.();
      },
    },
    { highWaterMark: mostWaiting },
  );
  /** The next event that is later than the last one sent; undefined at the end. */
  async function nextNew(): Promise<PlacedEvent | undefined> {
    while (!signal.aborted) {
      const { done, value } = await iterator.next();
      if (done === true || signal.aborted) return undefined;
      if (last !== '' && compareIds(value.id, last) <= 0) continue;
      last = value.id;
      return value;
    }
    return undefined;
  }
  return new Response(stream, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' } });
}

/** Opaque provider data of a message never leaves the process. */
export function withoutEcho(event: PlacedEvent): PlacedEvent {
  if (event.type !== 'message' || event.message.role !== 'assistant') return event;
  const { echo: _, ...message } = event.message;
  return { ...event, message };
}

/** Orders event ids: "<seq>" before "<seq>.1" before "<seq>.2". */
export function compareIds(a: string, b: string): number {
  const [aSeq = 0, aPassing = 0] = a.split('.').map(Number);
  const [bSeq = 0, bPassing = 0] = b.split('.').map(Number);
  return aSeq - bSeq || aPassing - bPassing;
}

function frame(event: PlacedEvent): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(withoutEcho(event))}\n\n`;
}
