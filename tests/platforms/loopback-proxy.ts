// Stands between CoPaw and a real server on loopback: counts CoPaw's connections, cuts them, and can slip bytes in as if the server had sent them.

import { connect, createServer, type Socket } from 'node:net';
import { listen, shut } from './loopback.ts';

export interface LoopbackProxy {
  readonly port: number;
  connections(): number;
  cut(): void;
  /** Towards CoPaw, on every connection. */
  inject(bytes: string): void;
  /** What CoPaw sends is looked at, and held back where the answer is false. */
  watch: (bytes: Buffer) => boolean;
  /** Nothing of the server reaches CoPaw any more. */
  mute: boolean;
  close(): Promise<void>;
}

export async function openLoopbackProxy(to: number): Promise<LoopbackProxy> {
  const open = new Set<Socket>();
  const proxy: Omit<LoopbackProxy, 'port'> = {
    watch: () => true,
    mute: false,
    connections: () => open.size,
    cut: () => {
      for (const socket of open) socket.destroy();
    },
    inject: (bytes) => {
      for (const socket of open) socket.write(bytes);
    },
    close() {
      for (const socket of open) socket.destroy();
      return shut(server);
    },
  };
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    open.add(near);
    near.on('data', (bytes) => void (proxy.watch(bytes) && far.write(bytes)));
    far.on('data', (bytes) => void (proxy.mute || near.write(bytes)));
    near.once('close', () => {
      open.delete(near);
      far.end();
    });
    far.once('close', () => near.end());
    near.once('end', () => far.end());
    for (const one of [near, far]) one.on('error', () => one.destroy());
  });
  return Object.assign(proxy, { port: await listen(server) });
}

/** Resolves once something listens there; rejects after fifteen seconds. */
export async function listening(port: number): Promise<void> {
  const end = performance.now() + 15_000;
  for (;;) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (reached) return;
    if (performance.now() > end) throw new Error(`Nothing listens on ${port}.`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
