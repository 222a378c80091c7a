// A push service on loopback, and browsers that are registered there: it knows the sender by its signature, and opens what it takes as the browser would.
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PushTarget } from '../../src/core/push.ts';

export interface Delivered {
  readonly browser: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the service itself has in hands. */
  readonly body: Buffer;
  readonly message: {
    readonly id: string;
    readonly tag: string;
    readonly hash: string;
    readonly title: string;
    readonly body: string;
    readonly silent: boolean;
  };
}

export interface PushService {
  /** The name that endpoints have; nothing answers there but `fetch` of this double. */
  readonly origin: string;
  /** Leads to the double, for that origin alone. */
  readonly fetch: typeof globalThis.fetch;
  /** Everything that was taken, in order. */
  readonly delivered: Delivered[];
  /** Statuses to answer next with, before it takes anything again; 0: no answer at all. */
  readonly answers: (number | { readonly status: number; readonly retryAfter: string })[];
  /** Requests so far, taken or not. */
  readonly asked: number;
  /** A browser that allows the bearer of this key alone to send to it. */
  subscribe(name: string, serverKey: string): PushTarget;
  /** Resolves once so many were taken. */
  taken(count: number): Promise<readonly Delivered[]>;
  close(): Promise<void>;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');

/** Whether the JWT of RFC 8292 is signed by this key, for this service, and is still good. */
function isSender(header: string, serverKey: string, origin: string): boolean {
  const [, head = '', claims = '', mark = '', key = ''] = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/u.exec(header) ?? [];
  if (key !== serverKey) return false;
  const point = bytes(key);
  const [x = '', y = ''] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
  if (!verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes(mark))) return false;
  const { aud, sub, exp } = JSON.parse(bytes(claims).toString()) as { aud: string; sub: string; exp: number };
  return aud === origin && /^(?:mailto:[^@]+@|https:\/\/)[\w-]+(?:\.[\w-]+)*\.(?!local|invalid|test)[a-z]+$/u.test(sub) && Number.isInteger(exp);
}

export async function openPushService(): Promise<PushService> {
  const origin = 'https://push.example';
  const browsers = new Map<string, { readonly serverKey: string; readonly open: (body: Buffer) => string }>();
  const delivered: Delivered[] = [];
  const answers: PushService['answers'] = [];
  const waiting = new Set<() => void>();
  let asked = 0;

  const server = createServer((request, answer) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      asked++;
      const told = answers.shift();
      if (told === 0) return void request.socket.destroy();
      if (told !== undefined) {
        const { status, retryAfter } = typeof told === 'number' ? { status: told, retryAfter: undefined } : told;
        answer.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
        for (const look of waiting) look();
        return;
      }
      const name = (request.url ?? '').slice(1);
      const browser = browsers.get(name);
      const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]));
      if (!browser) return void answer.writeHead(404).end();
      if (!isSender(headers.authorization ?? '', browser.serverKey, origin)) return void answer.writeHead(403).end();
      if (headers['content-encoding'] !== 'aes128gcm' || !/^\d+$/u.test(headers.ttl ?? '')) return void answer.writeHead(400).end();
      const body = Buffer.concat(parts);
      delivered.push({ browser: name, headers, body, message: JSON.parse(browser.open(body)) as Delivered['message'] });
      answer.writeHead(201).end();
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin,
    delivered,
    answers,
    get asked() {
      return asked;
    },
    fetch: async (input, init) => {
      const url = new URL(String(input));
      if (url.origin !== origin) throw new Error(`Nothing is at ${url.origin}.`);
      return fetch(`http://127.0.0.1:${port}${url.pathname}`, init);
    },
    subscribe(name, serverKey) {
      const pair = createECDH('prime256v1');
      pair.generateKeys();
      const auth = randomBytes(16);
      browsers.set(name, { serverKey, open: (body) => open(body, pair, auth) });
      return { endpoint: `${origin}/${name}`, p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') };
    },
    taken: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (delivered.length < count) return;
          waiting.delete(look);
          resolve(delivered);
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** As a browser opens it (RFC 8291). */
function open(body: Buffer, pair: ReturnType<typeof createECDH>, auth: Buffer): string {
  const [salt, sender, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)];
  const derive = (secret: Uint8Array, from: Uint8Array, info: string | Buffer, length: number) => Buffer.from(hkdfSync('sha256', secret, from, info, length));
  const shared = derive(pair.computeSecret(sender), auth, Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender]), 32);
  const key = derive(shared, salt, 'Content-Encoding: aes128gcm\0', 16);
  const decipher = createDecipheriv('aes-128-gcm', key, derive(shared, salt, 'Content-Encoding: nonce\0', 12));
  decipher.setAuthTag(sealed.subarray(-16));
  const record = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return record.subarray(0, record.lastIndexOf(2)).toString();
}
