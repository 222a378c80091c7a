// A web socket (RFC 6455) over a connection that the outward door made: the only place that speaks the protocol, by the `ws` package.
import type { WebSocket } from 'ws';
import type { ChannelHands } from '../core/channel-kind.ts';
import { CoPawError } from '../core/error.ts';

/** Longest message that is taken, bytes. */
const mostMessage = 16 * 1024 * 1024;
const handshakeMs = 15_000;

export interface WebSocketOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  readonly maxBytes?: number;
}

/** Where the connection of a web socket leads: of a ws or wss address, or the http or https one beside it. */
export function socketOrigin({ protocol, hostname, port }: URL): string {
  const secure = protocol === 'wss:' || protocol === 'https:';
  return `${secure ? 'tls' : 'tcp'}://${hostname}:${port || (secure ? '443' : '80')}`;
}

/**
 * Open, once it resolves; gone when `signal` aborts. `url`: ws or wss. Rejects with `unauthenticated` or `forbidden` where the server says so in the
 * handshake, `egress-failed` where it is not reached.
 */
export async function openWebSocket(
  hands: Pick<ChannelHands, 'connect' | 'clock'>,
  url: string,
  signal: AbortSignal,
  { headers = {}, protocols = [], maxBytes = mostMessage }: WebSocketOptions = {},
): Promise<WebSocket> {
  const target = new URL(url);
  const [{ WebSocket }, socket] = await Promise.all([import('ws'), hands.connect(socketOrigin(target), signal)]);
  // The connection is there and checked: what ws would open is replaced by it.
  const webSocket = new WebSocket(url, [...protocols], {
    ...{ headers, maxPayload: maxBytes, perMessageDeflate: false, handshakeTimeout: handshakeMs },
    createConnection: () => socket,
  });
  const abort = (): void => webSocket.terminate();
  signal.addEventListener('abort', abort, { once: true });
  webSocket.once('close', () => signal.removeEventListener('abort', abort));
  // What comes with the handshake waits until somebody listens.
  webSocket.once('open', () => webSocket.pause());
  webSocket.on('newListener', (name) => void (name === 'message' && queueMicrotask(() => webSocket.resume())));
  webSocket.on('error', () => undefined); // its end says what is left to say
  await new Promise<void>((resolve, reject) => {
    webSocket.once('open', resolve);
    webSocket.once('unexpected-response', (_request, { statusCode = 0 }) => {
      webSocket.terminate();
      const said = `${target.host} answered ${statusCode} in place of a web socket.`;
      const code = statusCode === 401 ? 'unauthenticated' : statusCode === 403 ? 'forbidden' : 'egress-failed';
      reject(new CoPawError(code, said));
    });
    webSocket.once('error', (error) => reject(new CoPawError('egress-failed', `${target.host} could not be reached.`, { cause: error })));
    webSocket.once('close', () => reject(new CoPawError(signal.aborted ? 'cancelled' : 'egress-failed', `${target.host} closed the connection.`)));
    if (signal.aborted) abort();
  });
  return webSocket;
}

export interface KeepOpen {
  readonly clock: ChannelHands['clock'];
  readonly signal: AbortSignal;
  alive(): void;
  /** Asks the other side for a sign of life: now, and each time so many milliseconds later. */
  ping(): void;
  pingMs(): number;
}

/** Resolves with its signal; throws `channel-down` once the connection is lost. Either way the socket is gone. */
export async function keepOpen(socket: WebSocket, { clock, signal, alive, ping, pingMs }: KeepOpen): Promise<void> {
  let timer: { cancel(): void } | undefined;
  const again = (): void => {
    ping();
    timer = clock.after(pingMs(), again);
  };
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  try {
    alive();
    again();
    await closed;
  } finally {
    timer?.cancel();
    socket.terminate();
  }
  if (!signal.aborted) throw new CoPawError('channel-down', 'The platform closed the connection.');
}
