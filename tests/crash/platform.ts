// A chat platform of its own process: it keeps what people wrote until it is acknowledged, delivers it again at every new connection, and records all that was sent.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Inbound } from '../../src/core/inbound.ts';

/** Acknowledged events that are delivered once more at each new connection, beside all that were not. */
const deliveredAgain = 40;

/** ok: arrives. lost: certainly did not. unsure: arrives, and the connection is cut before the receipt. blind: so too, and the platform cannot say later. refused: the platform says no for good. */
export type SendFate = 'ok' | 'lost' | 'unsure' | 'blind' | 'refused';

const sending = z.object({ to: z.object({ chat: z.string() }), text: z.string(), answerId: z.string(), part: z.int() });
const editing = z.object({ ref: z.string(), text: z.string() });
export type Visible = z.infer<typeof sending> & { readonly ref: string };

export interface Platform {
  readonly url: string;
  /** What people see, oldest first. */
  readonly visible: readonly Visible[];
  readonly connections: number;
  /** Events that CoPaw has not said it has. */
  readonly unacknowledged: number;
  /** Something a person does. */
  emit(event: Inbound): void;
  /** Accounts beside "main" that are turned away when they connect. */
  readonly refused: Set<string>;
  /** How the next sends end, whatever they say; then "ok" again. */
  fates: SendFate[];
  /** The same of the next edits. */
  editFates: SendFate[];
  /** Called with all words that people see. */
  onVisible: (text: string) => void;
  /** Called with each event that CoPaw says it has. */
  onAcknowledged: (event: Inbound) => void;
  close(): Promise<void>;
}

export async function startPlatform(): Promise<Platform> {
  const events: Inbound[] = [];
  const acknowledged = new Set<number>();
  const visible: Visible[] = [];
  const fates: SendFate[] = [];
  const editFates: SendFate[] = [];
  const refused = new Set<string>();
  const forgotten = new Set<string>();
  const polls = new Set<() => void>();
  let connections = 0;
  /** Of this connection: the next events to hand over. */
  let queue: number[] = [];

  const poll = (response: ServerResponse): void => {
    const answer = (): void => {
      polls.delete(answer);
      const handed = queue.splice(0).map((index) => ({ index, event: events[index] }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(handed));
    };
    polls.add(answer);
    response.once('close', () => polls.delete(answer));
    if (queue.length > 0) answer();
  };

  const send = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const message = sending.parse(JSON.parse(await bodyOf(request)));
    const fate = fates.shift() ?? 'ok';
    if (fate === 'lost') return void response.writeHead(503).end();
    if (fate === 'refused') return void response.writeHead(400).end();
    const ref = `sent-${visible.length + 1}`;
    visible.push({ ...message, ref });
    platform.onVisible(message.text);
    if (fate === 'blind') forgotten.add(message.answerId);
    if (fate === 'unsure' || fate === 'blind') return void response.destroy();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ref }));
  };

  const edit = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { ref, text } = editing.parse(JSON.parse(await bodyOf(request)));
    const fate = editFates.shift() ?? 'ok';
    const index = visible.findIndex((one) => one.ref === ref);
    const before = visible[index];
    if (fate === 'lost') return void response.writeHead(503).end();
    if (fate === 'refused' || !before) return void response.writeHead(400).end();
    visible[index] = { ...before, text };
    platform.onVisible(text);
    if (fate === 'ok') response.end();
    else response.destroy();
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://platform');
    const answer = async (): Promise<void> => {
      const account = url.searchParams.get('account') ?? 'main';
      if (url.pathname === '/connect' && account !== 'main') response.writeHead(refused.has(account) ? 401 : 200).end();
      else if (url.pathname === '/connect') {
        connections++;
        for (const old of [...polls]) old();
        const seen = [...acknowledged].slice(-deliveredAgain);
        queue = [...new Set([...seen, ...events.keys()].filter((index) => seen.includes(index) || !acknowledged.has(index)))];
        response.end();
      } else if (url.pathname === '/poll') poll(response);
      else if (url.pathname === '/acknowledge') {
        const index = Number(url.searchParams.get('index'));
        acknowledged.add(index);
        response.end();
        const event = events[index];
        if (event) platform.onAcknowledged(event);
      } else if (url.pathname === '/send') await send(request, response);
      else if (url.pathname === '/edit') await edit(request, response);
      else {
        if (forgotten.has(url.searchParams.get('answer') ?? '')) return void response.writeHead(503).end();
        const found = visible.find((one) => one.answerId === url.searchParams.get('answer') && one.part === Number(url.searchParams.get('part')));
        response.writeHead(found ? 200 : 404).end(found?.ref);
      }
    };
    answer().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const platform: Platform = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    visible,
    fates,
    refused,
    editFates,
    onVisible: () => undefined,
    onAcknowledged: () => undefined,
    get connections() {
      return connections;
    },
    get unacknowledged() {
      return events.length - acknowledged.size;
    },
    emit(event) {
      queue.push(events.push(event) - 1);
      for (const waiting of [...polls]) waiting();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return platform;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) body += String(piece);
  return body;
}
