// The web socket over a connection of the outward door: what a server says together with its handshake is not lost.
import { createHash } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { openWebSocket } from './web-socket.ts';

test('a frame that comes with the handshake is heard by whoever listens afterwards', async () => {
  const server = createServer((socket) => {
    socket.once('data', (bytes) => {
      const key = /sec-websocket-key: (\S+)/iu.exec(String(bytes))?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
      socket.write(Buffer.concat([Buffer.from(head), Buffer.from([0x81, 5]), Buffer.from('hello')]));
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const dial = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket;
  };
  const abort = new AbortController();
  const webSocket = await openWebSocket({ connect: dial, clock: systemClock }, `ws://127.0.0.1:${port}/`, abort.signal);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await new Promise((resolve) => webSocket.once('message', (bytes) => resolve(String(bytes))))).toBe('hello');
  abort.abort();
  await new Promise((resolve) => server.close(resolve));
});
