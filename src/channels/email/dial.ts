// A socket of the outward door that ends with whoever speaks over it: the signal ends the dialling, and no open connection with an error that nobody hears.
import type { Socket } from 'node:net';
import type { ChannelHands } from '../../core/channel-kind.ts';

export async function dial(hands: Pick<ChannelHands, 'connect'>, origin: string, signal: AbortSignal): Promise<Socket> {
  const dialling = new AbortController();
  const abort = (): void => dialling.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const socket = await hands.connect(origin, dialling.signal);
    socket.on('error', () => undefined); // also once a library has let go of it
    return socket;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
