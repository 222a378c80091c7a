// The gateway of a made-up Discord: sessions that outlive their connections, and dispatches that are numbered, kept and replayed.
// https://discord.com/developers/docs/events/gateway and topics/opcodes-and-status-codes

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { jsonOf } from '../../src/lib/json-of.ts';
import { sentFrame } from './discord-schema.ts';

interface GatewaySession {
  readonly id: string;
  readonly events: { readonly s: number; readonly t: string; readonly d: unknown }[];
  socket: WebSocket | undefined;
}

export interface DiscordGateway {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  dispatch(t: string, d: unknown): void;
  /** To the connected session, as it is. */
  raw(frame: string): void;
  /** Closes with this code. */
  close(code: number): void;
  cut(): void;
  connections(): number;
  /** Frames in the order they came. */
  readonly frames: { readonly op: number; readonly d: unknown; readonly path: string }[];
  stop(): void;
  /** Heartbeats are not answered while it says no. */
  acknowledges: boolean;
  heartbeatMs: number;
}

export function discordGateway(parts: {
  token: string;
  knows(): boolean;
  allowedIntents(): number;
  ready(): object;
  resumeUrl(): string;
  complaints: string[];
}): DiscordGateway {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, GatewaySession>();
  let current: GatewaySession | undefined;
  let count = 0;
  const frames: DiscordGateway['frames'] = [];
  const send = (socket: WebSocket | undefined, frame: object): void => socket?.send(JSON.stringify(frame));

  const gateway: DiscordGateway = {
    ...{ frames, acknowledges: true, heartbeatMs: 41_250 },
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? '/', 'http://gateway');
      if (url.searchParams.get('v') !== '10' || url.searchParams.get('encoding') !== 'json')
        parts.complaints.push(`a gateway address without version: ${request.url}`);
      server.handleUpgrade(request, socket, head, (one) => greet(one, url.pathname.replace(/\/+$/u, '')));
    },
    dispatch(t, d) {
      if (!current) return;
      const event = { s: ++count, t, d };
      current.events.push(event);
      send(current.socket, { op: 0, ...event });
    },
    raw: (frame) => current?.socket?.send(frame),
    close: (code) => current?.socket?.close(code),
    cut() {
      for (const one of server.clients) one.terminate();
    },
    connections: () => server.clients.size,
    stop: () => {
      for (const one of server.clients) one.terminate();
      server.close();
    },
  };

  function greet(socket: WebSocket, path: string) {
    let session: GatewaySession | undefined;
    socket.on('close', () => {
      if (session?.socket === socket) session.socket = undefined;
    });
    socket.on('message', (bytes) => {
      const text = String(bytes);
      const parsed = sentFrame.safeParse(jsonOf(text));
      if (!parsed.success || Buffer.byteLength(text) > 4_096) {
        parts.complaints.push(`a frame that Discord does not know: ${text.slice(0, 200)}`);
        return socket.close(4002);
      }
      const frame = parsed.data;
      frames.push({ op: frame.op, d: frame.d, path });
      if (frame.op === 1) return gateway.acknowledges ? send(socket, { op: 11 }) : undefined;
      if (session) {
        parts.complaints.push('identified twice');
        return socket.close(4005);
      }
      if (frame.d.token !== parts.token || !parts.knows()) return socket.close(4004);
      if (frame.op === 2) {
        if (path !== '/gateway') parts.complaints.push('a new session at the address for resuming');
        if ((frame.d.intents & ~parts.allowedIntents()) !== 0) return socket.close(4014);
        session = { id: `session${sessions.size}${'f'.repeat(24)}`, events: [], socket };
        sessions.set(session.id, session);
        current = session;
        gateway.dispatch('READY', { v: 10, session_id: session.id, resume_gateway_url: parts.resumeUrl(), session_type: 'normal', ...parts.ready() });
        gateway.dispatch('GUILD_CREATE', guildCreate);
        return;
      }
      const known = sessions.get(frame.d.session_id);
      if (path !== '/resume') parts.complaints.push('a session resumed at the address for new ones');
      if (!known) return send(socket, { op: 9, d: false });
      if (!(frame.d.seq <= count)) return socket.close(4007);
      session = known;
      known.socket = socket;
      current = known;
      for (const event of known.events) if (event.s > frame.d.seq) send(socket, { op: 0, ...event });
      send(socket, { op: 0, t: 'RESUMED', s: ++count, d: {} });
    });
    send(socket, { op: 10, d: { heartbeat_interval: gateway.heartbeatMs, _trace: ['made-up'] } });
  }

  const guildCreate = { id: '90000000000000001', unavailable: false, channels: [], threads: [] };
  return gateway;
}
