// The long connection: frames come in, are put together, taken one after the other, and acknowledged only then.

import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { toCoPawError } from '../../core/error.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { oneAtATime } from '../../lib/one-at-a-time.ts';
import { remember } from '../../lib/remember.ts';
import { keepOpen, openWebSocket } from '../web-socket.ts';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';

const control = 0;
const data = 1;
/** Of an event that comes in several frames. */
const mostPieces = 64;
const mostParts = 32;
const mostPayload = 4 * 1024 * 1024;
const mostWaiting = 500;
/** However seldom the platform asks for it: silence is noticed sooner. */
const mostPingMs = 60_000;

const pong = z.object({ PingInterval: z.number().positive() });

export interface ListenParts {
  readonly hands: ChannelHands;
  readonly url: string;
  readonly pingSeconds: number;
  readonly signal: AbortSignal;
  alive(): void;
  /** Resolves once it is stored; only then is it acknowledged. */
  take(event: unknown): Promise<void>;
}

/** Ends with its signal; throws when the connection is lost. */
export async function listen({ hands, url, pingSeconds, signal, alive, take }: ListenParts): Promise<void> {
  const socket = await openWebSocket(hands, url, signal);
  const service = Number(new URL(url).searchParams.get('service_id') ?? 0);
  const pieces = new Map<string, Pieces>();
  const inOrder = oneAtATime();
  let pingMs = Math.min(mostPingMs, pingSeconds * 1_000);
  let waiting = 0;
  const ping = (): void => send(socket, { seqId: 0n, logId: 0n, service, method: control, headers: [{ key: 'type', value: 'ping' }] });
  const answer = async (frame: Frame, event: unknown): Promise<void> => {
    const began = hands.clock.steady();
    let code = 200;
    try {
      await take(event);
    } catch (error) {
      code = 500; // the platform delivers it again
      hands.log('warn', 'feishu-not-taken', { account: hands.account, code: toCoPawError(error).code });
    }
    const took = String(Math.round(hands.clock.steady() - began));
    send(socket, { ...frame, headers: [...frame.headers, { key: 'biz_rt', value: took }], payload: Buffer.from(JSON.stringify({ code })) });
  };
  socket.on('message', (bytes: Buffer) => {
    const frame = decodeFrame(bytes);
    if (!frame) return;
    alive();
    const type = headerOf(frame, 'type');
    if (frame.method === control && type === 'pong') {
      const { data: told } = pong.safeParse(jsonOf(frame.payload ?? new Uint8Array()));
      if (told) pingMs = Math.min(mostPingMs, told.PingInterval * 1_000);
    }
    if (frame.method !== data || (type !== 'event' && type !== 'card')) return;
    const whole = putTogether(pieces, frame);
    if (!whole) return;
    if (++waiting > mostWaiting) return socket.terminate(); // what is not acknowledged comes again
    void inOrder(() => answer(frame, jsonOf(whole))).finally(() => waiting--);
  });
  await keepOpen(socket, { clock: hands.clock, signal, alive, ping, pingMs: () => pingMs });
}

function send(socket: WebSocket, frame: Frame): void {
  if (socket.readyState === socket.OPEN) socket.send(encodeFrame(frame), () => undefined); // a lost connection says so itself
}

const headerOf = (frame: Frame, key: string): string | undefined => frame.headers.find((one) => one.key === key)?.value;

interface Pieces {
  readonly parts: (Uint8Array | undefined)[];
  size: number;
}

/** All of an event, once its last piece is there. */
function putTogether(known: Map<string, Pieces>, frame: Frame): Uint8Array | undefined {
  const { payload } = frame;
  if (!payload) return undefined;
  const [sum, seq, id] = [Number(headerOf(frame, 'sum') ?? 1), Number(headerOf(frame, 'seq') ?? 0), headerOf(frame, 'message_id') ?? ''];
  if (sum <= 1) return payload;
  if (!Number.isInteger(sum) || !Number.isInteger(seq) || sum > mostPieces || seq < 0 || seq >= sum) return undefined;
  const all = known.get(id) ?? { parts: new Array<Uint8Array | undefined>(sum).fill(undefined), size: 0 };
  if (all.parts.length !== sum) return undefined;
  all.size += payload.length - (all.parts[seq]?.length ?? 0);
  all.parts[seq] = payload;
  known.delete(id);
  if (all.size > mostPayload) return undefined;
  if (all.parts.every((part) => part !== undefined)) return Buffer.concat(all.parts);
  remember(known, id, all, mostParts);
  return undefined;
}
