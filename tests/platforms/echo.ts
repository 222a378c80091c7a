// The chat server of examples/channel-echo.ts: JSON lines over TCP. It keeps what people say until it is taken, and refuses what it does not know.

import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { plugin } from '../../examples/channel-echo.ts';
import type { ChannelWorld, Platform, PlatformFault, ShownMessage } from '../../src/testing/channel-world.ts';
import { listen, shut } from './loopback.ts';

const fromClient = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), token: z.string() }),
  z.strictObject({ type: z.literal('pong') }),
  z.strictObject({ type: z.literal('taken'), id: z.string() }),
  z.strictObject({ type: z.literal('send'), key: z.string(), to: z.string(), text: z.string().max(2_000) }),
]);

const [kind] = plugin({}).channels ?? [];
if (!kind) throw new Error('The plugin brings no channel.');

export const echoWorld: ChannelWorld = { kind, can: { reply: true, redelivers: true, login: true }, open: openEchoServer };

async function openEchoServer(): Promise<Platform> {
  const token = 'token-of-the-echo-server';
  const shown: ShownMessage[] = [];
  const open = new Map<string, object>();
  const complaints: string[] = [];
  const faults: PlatformFault[] = [];
  const sockets = new Set<Socket>();
  const inside = new Set<Socket>();
  let known = true;
  let count = 0;
  const say = (socket: Socket, line: object): void => void socket.write(`${JSON.stringify(line)}\n`);
  const deliver = (line: object): void => {
    for (const socket of inside) say(socket, line);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      for (const set of [sockets, inside]) set.delete(socket);
    });
    const lines = createInterface({ input: socket });
    lines.on('error', () => undefined); // it passes on those of the socket
    lines.on('line', (line) => {
      const said = fromClient.safeParse(JSON.parse(line));
      if (!said.success || (said.data.type !== 'hello' && !inside.has(socket))) return void complaints.push(line);
      const { data } = said;
      if (data.type === 'hello') {
        if (!known || data.token !== token) return say(socket, { type: 'denied' });
        inside.add(socket);
        say(socket, { type: 'welcome' });
        for (const one of open.values()) say(socket, one);
      }
      if (data.type === 'taken') open.delete(data.id);
      if (data.type !== 'send') return;
      const fault = faults.shift();
      const status = fault === undefined || fault === 'lost' ? undefined : { unauthenticated: 401, forbidden: 403, busy: 429, broken: 500 }[fault];
      if (status !== undefined) return say(socket, { type: 'refused', key: data.key, status, ...(fault === 'busy' ? { wait: 2_000 } : {}) });
      const id = `sent-${shown.length + 1}`;
      shown.push({ id, chat: data.to, text: data.text, files: [], choices: [], edits: 0 });
      if (fault === 'lost') return void socket.destroy();
      say(socket, { type: 'sent', key: data.key, id });
    });
  });
  const port = await listen(server);
  const said = new Map<string, object>();
  return {
    settings: { port, token: { vault: 'echo' } },
    secrets: { echo: token },
    ids: { ana: 'ana', ben: 'ben', self: 'copaw', bot: 'bot' },
    chat: (_where, person = 'ana') => person,
    async says({ from = 'ana', text, replyTo, at = Date.now() }) {
      const id = `m${++count}`;
      const line = { type: 'said', id, from, text, at, ...(replyTo === undefined ? {} : { answers: replyTo }) };
      said.set(id, line);
      open.set(id, line);
      deliver(line);
      return id;
    },
    again: async (id) => deliver(said.get(id) ?? {}),
    async raw(frame) {
      for (const socket of inside) socket.write(`${frame}\n`);
    },
    shown: () => shown,
    next: (...more) => void faults.push(...more),
    knowsAccount(is) {
      known = is;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    connections: () => sockets.size,
    complaints,
    close() {
      for (const socket of sockets) socket.destroy();
      return shut(server);
    },
  };
}
