// Socket Mode: one connection, what it brings taken one after the other, and each envelope acknowledged once it is stored.
// https://docs.slack.dev/apis/events-api/using-socket-mode

import { z } from 'zod';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { openWebSocket } from '../web-socket.ts';

const pingMs = 25_000;
/** Envelopes that wait to be taken; Slack delivers again what is not acknowledged. */
const mostWaiting = 1_000;

const frame = z.looseObject({ type: z.string(), envelope_id: z.string().max(200).optional(), payload: z.unknown().optional(), reason: z.string().optional() });

export interface SlackSocket {
  /** "refresh": Slack asks for another connection, and goes on with this one for a moment. Rejects where another is of no use. */
  readonly over: Promise<'refresh' | 'closed'>;
  /** Ends it once what it brought is done with. */
  close(): Promise<void>;
}

/** Resolves with the first word of Slack. `take` resolves once what an envelope brought is stored. */
export async function openSocket(
  hands: ChannelHands,
  url: string,
  signal: AbortSignal,
  { alive, take }: { alive(): void; take(type: string, payload: unknown): Promise<void> },
): Promise<SlackSocket> {
  const webSocket = await openWebSocket(hands, url, signal);
  const hello = Promise.withResolvers<void>();
  const over = Promise.withResolvers<'refresh' | 'closed'>();
  over.promise.catch(() => undefined); // asked for later
  hello.promise.catch(() => undefined);
  let waiting = 0;
  let work = Promise.resolve();
  let timer: { cancel(): void } | undefined;
  const ping = (): void => {
    timer = hands.clock.after(pingMs, () => {
      webSocket.ping();
      ping();
    });
  };

  const acknowledge = async (envelope: string, type: string, payload: unknown): Promise<void> => {
    try {
      await take(type, payload);
      webSocket.send(JSON.stringify({ envelope_id: envelope }), () => undefined);
    } catch (error) {
      hands.log('warn', 'slack-event-untaken', { cause: error }); // it comes again
    } finally {
      waiting--;
    }
  };
  webSocket.on('ping', alive).on('pong', alive);
  webSocket.on('message', (bytes, isBinary) => {
    const given = isBinary ? undefined : frame.safeParse(jsonOf(String(bytes))).data;
    if (!given) return;
    const { type, envelope_id: envelope, payload, reason } = given;
    if (type === 'hello') {
      alive();
      hello.resolve();
    } else if (type === 'disconnect') {
      if (reason === 'link_disabled')
        over.reject(
          new CoPawError('forbidden', 'Socket Mode is switched off for this app.', {
            next: 'Switch it on at api.slack.com/apps, then run: copaw channels restart',
          }),
        );
      else over.resolve('refresh');
    } else if (envelope !== undefined && waiting < mostWaiting) {
      waiting++;
      work = work.then(() => acknowledge(envelope, type, payload));
    }
  });
  webSocket.once('close', () => {
    timer?.cancel();
    over.resolve('closed');
    hello.reject(new CoPawError('channel-down', 'Slack closed the connection.'));
  });
  if (webSocket.readyState === webSocket.OPEN) ping();
  else webSocket.terminate();
  const late = hands.clock.after(30_000, () => webSocket.terminate());
  try {
    await hello.promise;
  } finally {
    late.cancel();
  }
  return {
    over: over.promise,
    async close() {
      await work;
      timer?.cancel();
      webSocket.terminate();
    },
  };
}
