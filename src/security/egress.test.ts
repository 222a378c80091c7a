import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '../core/secret.ts';
import { systemClock } from '../lib/clock.ts';
import { isPublicAddress } from '../lib/public-address.ts';
import { createEgress } from './egress.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(
      (server) =>
        new Promise((resolve) => {
          server.closeAllConnections();
          server.close(resolve);
        }),
    ),
  );
});

async function serve(
  answer: (path: string) => { status?: number; headers?: Record<string, string>; body?: string },
): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? '-'}`);
    const { status = 200, headers = { 'content-type': 'text/plain' }, body = 'body' } = answer(request.url ?? '/');
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

describe('egress', () => {
  test.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://user:pass@example.org/',
    'http://example.org:8080/',
    'file:///etc/passwd',
    'ftp://example.org/',
    'not an address',
  ])('private, odd or foreign address is refused: %s', async (url) => {
    const egress = createEgress({ clock: systemClock, lookup: async () => ['127.0.0.1'] });
    await expect(egress.fetch(url, { kind: 'public' })).rejects.toMatchObject({ code: 'egress-refused', rule: 'R18' });
  });

  test('DNS rebinding: one private address among public ones is refused', async () => {
    const egress = createEgress({ clock: systemClock, lookup: async () => ['93.184.216.34', '127.0.0.1'] });
    await expect(egress.fetch('http://rebind.example/', { kind: 'public' })).rejects.toMatchObject({ code: 'egress-refused' });
  });

  test('a redirect into the private network is refused before it is followed', async () => {
    const inside = await serve(() => ({ body: 'secret' }));
    const outside = await serve(() => ({ status: 302, headers: { location: `http://127.0.0.2:${inside.port}/` } }));
    const egress = createEgress({ clock: systemClock, lookup: async () => ['127.0.0.1'], reachable: (address) => address === '127.0.0.1' });
    await expect(egress.fetch(`http://page.example:${outside.port}/`, { kind: 'public' })).rejects.toMatchObject({ code: 'egress-refused' });
    expect(inside.seen).toEqual([]);
  });

  test('credentials do not follow a redirect to another origin', async () => {
    const second = await serve(() => ({ body: 'end' }));
    const first = await serve(() => ({ status: 302, headers: { location: `http://other.example:${second.port}/` } }));
    const egress = createEgress({ clock: systemClock, lookup: async () => ['127.0.0.1'], reachable: () => true });
    const page = await egress.fetch(`http://page.example:${first.port}/`, { kind: 'public' }, { headers: { authorization: 'Bearer canary' } });
    expect(new TextDecoder().decode(page.body)).toBe('end');
    expect(first.seen).toEqual(['/ Bearer canary']);
    expect(second.seen).toEqual(['/ -']);
  });

  test('attack: a page that was asked about does not send on to a host that was not', async () => {
    const second = await serve(() => ({ body: 'end' }));
    const first = await serve((path) => ({
      status: 302,
      headers: { location: path === '/away' ? `http://other.example:${second.port}/?told=1` : `http://www.page.example:${second.port}/` },
    }));
    const egress = createEgress({ clock: systemClock, lookup: async () => ['127.0.0.1'], reachable: () => true });
    const read = async (path: string) => {
      const page = await egress.fetch(`http://page.example:${first.port}${path}`, { kind: 'public' }, { sameHost: true });
      return new TextDecoder().decode(page.body);
    };
    expect(await read('/away')).toBe(`This page redirects to http://other.example:${second.port}/?told=1`);
    expect(second.seen).toEqual([]);
    expect(await read('/')).toBe('end');
  });

  test('redirects and bytes are capped', async () => {
    const loop = await serve((path) => (path === '/big' ? { body: 'x'.repeat(2_000) } : { status: 302, headers: { location: '/again' } }));
    const egress = createEgress({ clock: systemClock, lookup: async () => ['127.0.0.1'], reachable: () => true });
    await expect(egress.fetch(`http://page.example:${loop.port}/`, { kind: 'public' })).rejects.toMatchObject({ code: 'egress-refused' });
    await expect(egress.fetch(`http://page.example:${loop.port}/big`, { kind: 'public' }, { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'too-large' });
  });

  test('a configured origin is reached, loopback included; any other is not', async () => {
    const server = await serve(() => ({ body: 'model' }));
    const egress = createEgress({ clock: systemClock });
    const fetchModel = egress.fetchFor({ kind: 'origins', origins: [`http://127.0.0.1:${server.port}`] });
    expect(await (await fetchModel(`http://127.0.0.1:${server.port}/v1`, { method: 'POST', body: '{}' })).text()).toBe('model');
    await expect(fetchModel('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'egress-refused' });
  });

  test('public unicast addresses are public', () => {
    expect(['93.184.216.34', '8.8.8.8', '2606:4700::1111'].map(isPublicAddress)).toEqual([true, true, true]);
    expect(['::1', 'fe80::1', 'fc00::1', '224.0.0.1', '255.255.255.255', '2002:7f00:1::', 'example.org'].map(isPublicAddress)).toEqual(Array(7).fill(false));
  });
});

describe('connect', () => {
  const listen = async (onSocket: (socket: Socket) => void): Promise<number> => {
    const server = createTcpServer(onSocket);
    sockets.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const sockets: TcpServer[] = [];
  afterEach(async () => {
    await Promise.all(sockets.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });
  const egress = createEgress({ clock: systemClock, lookup: async (name) => (name === 'mail.example' ? ['127.0.0.1'] : []) });
  const never = new AbortController().signal;

  test('reaches exactly the configured origin', async () => {
    const port = await listen((socket) => socket.end('hello'));
    const origin = `tcp://mail.example:${port}`;
    const socket = await egress.connect(origin, [origin], never);
    expect(Buffer.concat(await socket.toArray()).toString()).toBe('hello');
  });

  test.each([
    'tcp://mail.example:1',
    'tls://mail.example:25',
    'tcp://other.example:25',
    'tcp://user@mail.example:25',
    'http://mail.example:25',
    'tcp://mail.example:25/x',
  ])('%s is not tcp://mail.example:25', async (origin) => {
    await expect(egress.connect(origin, ['tcp://mail.example:25', 'http://mail.example:25', 'tcp://user@mail.example:25'], never)).rejects.toMatchObject({
      code: 'egress-refused',
      rule: 'R18',
    });
  });

  test('tls names the host it means, and trusts nobody who cannot prove the name', async () => {
    const greeting = Promise.withResolvers<string>();
    const port = await listen((socket) => {
      socket.once('data', (bytes) => {
        greeting.resolve(bytes.toString('latin1'));
        socket.end('not tls');
      });
      socket.on('error', () => undefined);
    });
    const origin = `tls://mail.example:${port}`;
    await expect(egress.connect(origin, [origin], never)).rejects.toMatchObject({ code: 'egress-failed' });
    expect(await greeting.promise).toContain('mail.example');
  });

  test('an unknown name, a closed port and a stop each say so', async () => {
    await expect(egress.connect('tcp://gone.example:25', ['tcp://gone.example:25'], never)).rejects.toMatchObject({ code: 'egress-failed' });
    const port = await listen(() => undefined);
    await new Promise((resolve) => sockets.pop()?.close(resolve));
    const origin = `tcp://mail.example:${port}`;
    await expect(egress.connect(origin, [origin], never)).rejects.toMatchObject({ code: 'egress-failed' });
    await expect(egress.connect(origin, [origin], AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('attack: a secret is lured to another origin', () => {
  const secret = { name: 'Authorization', value: new Secret('Bearer canary') };
  const open = () => createEgress({ clock: systemClock, lookup: async () => ['127.0.0.1'], reachable: () => true });

  test('it goes to the asked origin and to redirects within it', async () => {
    const { port, seen } = await serve((path) => (path === '/a' ? { status: 302, headers: { location: '/b' } } : {}));
    await open().fetch(`http://one.example:${port}/a`, { kind: 'public' }, { secret });
    expect(seen).toEqual(['/a Bearer canary', '/b Bearer canary']);
  });

  test('not along a redirect to another host or port, and not back again', async () => {
    const other = await serve((path) => (path === '/back' ? { status: 302, headers: { location: `http://one.example:${first.port}/again` } } : {}));
    const first: Awaited<ReturnType<typeof serve>> = await serve((path) =>
      path === '/out' ? { status: 302, headers: { location: `http://one.example:${other.port}/back` } } : {},
    );
    await open().fetch(`http://one.example:${first.port}/out`, { kind: 'public' }, { secret });
    expect(first.seen).toEqual(['/out Bearer canary', '/again -']);
    expect(other.seen).toEqual(['/back -']);
  });

  test('an error on the way does not tell it', async () => {
    const error = await open()
      .fetch('http://one.example:1/', { kind: 'public' }, { secret })
      .catch((thrown: unknown) => thrown);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
  });
});
