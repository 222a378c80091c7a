// The stream: JSON frames come in, are taken one after the other, and are acknowledged only then. A frame without an answer comes again after a minute.

import type { ChannelHands } from '../../core/channel-kind.ts';
import { toCoPawError } from '../../core/error.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { oneAtATime } from '../../lib/one-at-a-time.ts';
import { keepOpen, openWebSocket } from '../web-socket.ts';
import { type StreamFrame, streamFrame } from './wire.ts';

const pingMs = 30_000;
const mostWaiting = 500;

export interface ListenParts {
  readonly hands: ChannelHands;
  readonly url: string;
  readonly signal: AbortSignal;
  alive(): void;
  /** Resolves once it is stored; only then is it acknowledged. */
  take(frame: StreamFrame): Promise<void>;
}

/** Ends with its signal; throws when the connection is lost. */
export async function listen({ hands, url, signal, alive, take }: ListenParts): Promise<void> {
  const socket = await openWebSocket(hands, url, signal);
  const inOrder = oneAtATime();
  let waiting = 0;
  const answer = (messageId: string, data: string): void => {
    const headers = { contentType: 'application/json', messageId };
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ code: 200, headers, message: 'OK', data }), () => undefined); // its end says so itself
  };
  const ping = (): void => {
    if (socket.readyState === socket.OPEN) socket.ping(() => undefined);
  };
  const work = async (frame: StreamFrame): Promise<void> => {
    try {
      await take(frame);
      answer(frame.headers.messageId, JSON.stringify({ response: null }));
    } catch (error) {
      hands.log('warn', 'dingtalk-not-taken', { account: hands.account, code: toCoPawError(error).code });
    }
  };
  socket.on('pong', alive);
  socket.on('ping', alive);
  socket.on('message', (bytes: Buffer, binary) => {
    const { data: frame } = binary ? {} : streamFrame.safeParse(jsonOf(bytes.toString()));
    if (!frame) return;
    alive();
    const { topic, messageId } = frame.headers;
    if (frame.type === 'SYSTEM' && topic === 'ping') return answer(messageId, frame.data);
    // The platform is about to close: what is under way is finished, and the next connection takes the rest.
    if (frame.type === 'SYSTEM' && topic === 'disconnect') return void inOrder(async () => socket.close());
    if (frame.type !== 'CALLBACK') return;
    if (++waiting > mostWaiting) return socket.terminate();
    void inOrder(() => work(frame)).finally(() => waiting--);
  });
  await keepOpen(socket, { clock: hands.clock, signal, alive, ping, pingMs: () => pingMs });
}
