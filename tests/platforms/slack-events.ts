// How a made-up Slack brings its events: over Socket Mode, where each envelope waits for its acknowledgement and comes again without one, or by signed
// requests. https://docs.slack.dev/apis/events-api/using-socket-mode and https://docs.slack.dev/authentication/verifying-requests-from-slack

import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Channel } from '../../src/core/channel.ts';
import { jsonOf } from '../../src/lib/json-of.ts';
import { acknowledgement } from './slack-schema.ts';

/** In place of three seconds. */
const patienceMs = 300;

export type EnvelopeType = 'events_api' | 'interactive' | 'slash_commands';

export interface SlackSockets {
  ticket(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  send(type: EnvelopeType, payload: object): void;
  raw(frame: string): void;
  /** Slack wants another connection; the old one stays for a while. */
  disconnect(reason: string): void;
  cut(): void;
  connections(): number;
  /** How often each envelope was delivered. */
  readonly deliveries: Map<string, number>;
  readonly acknowledged: string[];
  stop(): void;
}

export function slackSockets(complaints: string[]): SlackSockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const waiting = new Map<string, object>();
  const timers = new Set<NodeJS.Timeout>();
  const deliveries = new Map<string, number>();
  const acknowledged: string[] = [];
  let current: WebSocket | undefined;
  let count = 0;

  const deliver = (id: string): void => {
    const envelope = waiting.get(id);
    if (!envelope || !current) return;
    const attempt = deliveries.get(id) ?? 0;
    if (attempt >= 4) return void waiting.delete(id);
    deliveries.set(id, attempt + 1);
    current.send(JSON.stringify({ ...envelope, ...(attempt === 0 ? {} : { retry_attempt: attempt, retry_reason: 'timeout' }) }));
    const timer = setTimeout(() => {
      timers.delete(timer);
      deliver(id);
    }, patienceMs);
    timers.add(timer);
  };

  const greet = (socket: WebSocket): void => {
    current = socket;
    socket.on('close', () => {
      if (current === socket) current = undefined;
    });
    socket.on('message', (bytes) => {
      const parsed = acknowledgement.safeParse(jsonOf(String(bytes)));
      if (!parsed.success || !deliveries.has(parsed.data.envelope_id)) return void complaints.push(`Slack does not know ${String(bytes).slice(0, 100)}`);
      acknowledged.push(parsed.data.envelope_id);
      waiting.delete(parsed.data.envelope_id);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: server.clients.size, connection_info: { app_id: 'A1' }, debug_info: { host: 'made-up' } }));
    for (const id of waiting.keys()) deliver(id);
  };

  return {
    ...{ deliveries, acknowledged },
    ticket() {
      const ticket = `ticket${++count}`;
      tickets.add(ticket);
      return ticket;
    },
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? '/', 'http://slack');
      if (url.pathname !== '/link/' || !tickets.delete(url.searchParams.get('ticket') ?? '')) {
        complaints.push('a web socket without a fresh ticket');
        return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      }
      server.handleUpgrade(request, socket, head, greet);
    },
    send(type, payload) {
      const id = `envelope-${++count}`;
      waiting.set(id, { envelope_id: id, type, payload, accepts_response_payload: type !== 'events_api' });
      deliver(id);
    },
    raw: (frame) => current?.send(frame),
    disconnect: (reason) => current?.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'made-up' } })),
    cut() {
      for (const one of server.clients) one.terminate();
    },
    connections: () => server.clients.size,
    stop() {
      for (const timer of timers) clearTimeout(timer);
      for (const one of server.clients) one.terminate();
      server.close();
    },
  };
}

export interface SlackRequests {
  to(channel: Pick<Channel, 'webhook'> | undefined): void;
  send(type: EnvelopeType, payload: object): Promise<void>;
  /** Answers with the status and what came with it. */
  post(body: string, contentType: string, given?: { readonly seconds?: number; readonly signature?: string }): Promise<{ status: number; json?: unknown }>;
}

export function slackRequests(secret: string): SlackRequests {
  let channel: Pick<Channel, 'webhook'> | undefined;
  let late = 0;
  const requests: SlackRequests = {
    to(one) {
      channel = one;
    },
    async post(body, contentType, { seconds = Math.floor(Date.now() / 1_000), signature } = {}) {
      const signed = `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`;
      const headers: Record<string, string> = {
        ...{ 'content-type': contentType, 'x-slack-request-timestamp': String(seconds), 'x-slack-signature': signature ?? signed },
      };
      const request = { header: (name: string) => headers[name.toLowerCase()], query: {}, body: new TextEncoder().encode(body) };
      return (await channel?.webhook?.(request)) ?? { status: 404 };
    },
    async send(type, payload) {
      const form = type === 'events_api' ? undefined : type === 'interactive' ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>);
      const body = form ? new URLSearchParams(form).toString() : JSON.stringify(payload);
      const contentType = form ? 'application/x-www-form-urlencoded' : 'application/json';
      for (let tries = 0; tries < 4; tries++) {
        const seconds = Math.floor(Date.now() / 1_000) + (late++ % 200); // each attempt is signed anew
        const { status } = await requests.post(body, contentType, { seconds }).catch(() => ({ status: 503 }));
        if (status >= 200 && status < 300) return;
      }
    },
  };
  return requests;
}
