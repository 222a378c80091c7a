// A program that speaks the generic webhook, as docs/channels/webhook.md has it: it signs what it posts, and takes nothing that is not signed.

import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { z } from 'zod';
import { webhook } from '../../src/channels/webhook/webhook.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { ChannelWorld, Platform, PlatformFault, ShownMessage } from '../../src/testing/channel-world.ts';
import { bodyOf, listen, shut } from './loopback.ts';

const secret = 'a secret of the webhook, long enough';
const place = { id: z.string().min(1), chat: z.string().min(1), thread: z.string().min(1).optional() };
/** What a receiver is promised. */
const taken = z.strictObject({
  type: z.enum(['message', 'edit']),
  ...place,
  text: z.string(),
  choices: z.array(z.strictObject({ label: z.string(), value: z.string() })).optional(),
  files: z.array(z.strictObject({ name: z.string().min(1), mediaType: z.string().min(3), base64: z.base64() })),
});

const sign = (seconds: string, body: string): string => `sha256=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

export const webhookWorld: ChannelWorld = {
  kind: webhook,
  can: {
    ...{ group: true, mention: true, thread: true, reply: true, forwarded: true, filesIn: true, filesOut: true },
    ...{ editIn: true, deleteIn: true, reactionIn: true, redelivers: true },
  },
  open: openWebhookPlatform,
};

async function openWebhookPlatform(): Promise<Platform> {
  const shown: (ShownMessage & { edits: number })[] = [];
  const posted = new Map<string, string>();
  const faults: PlatformFault[] = [];
  const complaints: string[] = [];
  let channel: Pick<Channel, 'webhook'> | undefined;
  let count = 0;
  const statusOf = { unauthenticated: 401, forbidden: 403, busy: 429, broken: 500, lost: 0 } as const;

  const server = createServer(async (request, response) => {
    const body = (await bodyOf(request)).toString();
    const seconds = String(request.headers['x-copaw-timestamp']);
    if (request.headers['x-copaw-signature'] !== sign(seconds, body) || Math.abs(Date.now() / 1_000 - Number(seconds)) > 300) {
      complaints.push('a request that is not signed');
      return void response.writeHead(401).end();
    }
    const fault = faults.shift();
    if (fault !== undefined && fault !== 'lost') return void response.writeHead(statusOf[fault], fault === 'busy' ? { 'retry-after': '2' } : {}).end();
    const parsed = taken.safeParse(JSON.parse(body));
    if (!parsed.success) {
      complaints.push(z.prettifyError(parsed.error));
      return void response.writeHead(400).end();
    }
    const { type, id, chat, thread, text, choices = [], files } = parsed.data;
    const known = shown.findIndex((one) => one.id === id);
    const message = {
      ...{ id, chat, text, choices, ...(thread === undefined ? {} : { thread }), edits: type === 'edit' ? (shown[known]?.edits ?? 0) + 1 : 0 },
      files: files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, 'base64') })),
    };
    if (known >= 0) shown[known] = message;
    else shown.push(message);
    if (fault === 'lost') return void request.socket.destroy();
    response.writeHead(204).end();
  });
  const port = await listen(server);

  const post = async (body: string): Promise<number> => {
    const seconds = String(Math.floor(Date.now() / 1_000));
    const headers: Record<string, string> = { 'x-copaw-timestamp': seconds, 'x-copaw-signature': sign(seconds, body) };
    const answer = await channel?.webhook?.({ header: (name) => headers[name], query: {}, body: new TextEncoder().encode(body) });
    return answer?.status ?? 404;
  };
  /** As a careful program does: until it is taken. */
  const deliver = async (event: object): Promise<void> => {
    const body = JSON.stringify(event);
    for (let tries = 0; tries < 3; tries++) {
      const status = await post(body).catch(() => 503);
      if (status < 500) return;
    }
  };
  const sender = (from = 'ana', name?: string) => ({ id: `id-${from}`, ...(name === undefined ? {} : { name }) });
  const own = (id: string, from?: string) => ({ sender: sender(from), target: id, id: `event-${++count}` });

  return {
    settings: { secret: { vault: 'hook' }, url: `http://127.0.0.1:${port}/in` },
    secrets: { hook: secret },
    ids: { ana: 'id-ana', ben: 'id-ben', self: 'id-self', bot: 'id-bot' },
    chat: (where, person = 'ana') => (where === 'group' ? 'the-group' : `id-${person}`),
    async says({ from, where, text, mention, replyTo, thread, forwarded, files = [], displayName, at }) {
      const id = `message-${++count}`;
      const chat = where === 'group' ? { chat: { id: 'the-group', group: true, ...(thread === undefined ? {} : { thread }) } } : {};
      const flags = { ...(mention ? { mentioned: true } : {}), ...(replyTo === undefined ? {} : { replyTo }), ...(forwarded ? { forwarded: true } : {}) };
      const event = {
        ...{ id, sender: sender(from, displayName), ...chat, text, ...flags, ...(at === undefined ? {} : { at }) },
        files: files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })),
      };
      posted.set(id, JSON.stringify(event));
      await deliver(event);
      return id;
    },
    async again(id) {
      await deliver({ ...JSON.parse(posted.get(id) ?? '{}'), again: ++count });
    },
    edits: async (id, text, from) => deliver({ type: 'edit', ...own(id, from), text }),
    withdraws: async (id, from) => deliver({ type: 'delete', ...own(id, from) }),
    reacts: async (id, emoji, from) => deliver({ type: 'reaction', ...own(id, from), emoji }),
    presses: async (id, value, from) => deliver({ type: 'choice', ...own(id, from), value }),
    raw: async (frame) => void (await post(frame)),
    shown: () => shown,
    next: (...more) => void faults.push(...more),
    calls(to) {
      channel = to;
    },
    knowsAccount: () => undefined,
    connections: () => 0, // requests come and go
    complaints,
    close() {
      server.closeAllConnections();
      return shut(server);
    },
  };
}
