// Attacks on the one way out of a command with listed hosts: real bubblewrap, the real proxy, and servers on loopback that stand for the internet.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ProcessDoor } from '../../src/core/process.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createIds } from '../../src/lib/ids.ts';
import { createEgress } from '../../src/security/egress.ts';
import { createCommandProxies } from '../../src/security/egress-proxy.ts';
import { createProcessDoor, probeSandbox } from '../../src/security/process.ts';

const sandbox = await probeSandbox();
const folder = mkdtempSync(join(tmpdir(), 'copaw-proxy-test-'));
const workspace = join(folder, 'workspaces/main');
const heard: { url: string | undefined; headers: NodeJS.Dict<string | string[]>; raw: string[] }[] = [];
const refusals: { host: string; reason: string }[] = [];
/** What names lead to; a list gives one answer after the other. */
const names = new Map<string, readonly (readonly string[])[]>();
let server: Server;
let port: number;
let proxies: ReturnType<typeof createCommandProxies>;
let door: ProcessDoor;

beforeAll(async () => {
  mkdirSync(workspace, { recursive: true });
  server = createServer((request, response) => {
    heard.push({ url: request.url, headers: request.headers, raw: request.rawHeaders });
    response.end(`hello ${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
  const ids = createIds(() => systemClock.now());
  const lookup = async (name: string): Promise<readonly string[]> => {
    const [first = [], ...rest] = names.get(name) ?? [];
    if (rest.length > 0) names.set(name, rest);
    return first;
  };
  // 127.0.0.1 stands for a public address; 10.0.0.1 is what a rebinding name leads to.
  const egress = createEgress({ clock: systemClock, lookup, reachable: (address) => address === '127.0.0.1' });
  proxies = createCommandProxies({ dial: egress.dial, onRefusal: (detail) => refusals.push(detail) });
  const limits = { memoryMb: 1024, processes: 128, outputBytes: 20_000 };
  door = createProcessDoor({ sandbox, clock: systemClock, ids, limits, hostPath: '/usr/local/bin:/usr/bin:/bin', proxy: proxies.socketFor });
});
beforeEach(() => {
  heard.length = 0;
  refusals.length = 0;
  names.clear();
  for (const name of ['listed.example', 'other.example', 'a.wild.example']) names.set(name, [['127.0.0.1']]);
});
afterAll(async () => {
  await door.stopAll();
  proxies.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const hosts = () => ({
  hosts: [`listed.example:${port}`, `*.wild.example:${port}`, 'plain.example', `twice.example:${port}`],
  privateHosts: [`nas.example:${port}`],
});
const run = (argv: readonly string[]) =>
  door.run({ workspace, cwd: '', argv, network: true, sandboxed: true, hosts: hosts(), timeoutMs: 20_000 }, new AbortController().signal);
const node = (script: string) => run(['/run/copaw/node', '-e', script]);
const curl = (...words: string[]) => run(['curl', '-sS', '-m', '10', ...words]);

/** What the proxy answers to exactly these bytes. */
function say(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(proxies.socketFor(hosts()));
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
    socket.once('error', reject).once('close', () => resolve(answer));
    socket.write(text);
    systemClock.after(2_000, () => socket.destroy());
  });
}

describe.skipIf(sandbox.kind === 'none')('a command with listed hosts', () => {
  test('attack: another host, by name, address or port', async () => {
    for (const url of [
      `http://other.example:${port}/`,
      `http://wild.example:${port}/`,
      `http://127.0.0.1:${port}/`,
      `http://[::1]:${port}/`,
      `http://2130706433:${port}/`,
      `http://listed.example:${port + 1}/`,
      'http://listed.example/',
    ]) {
      expect((await curl('--noproxy', '', url)).output, url).toContain('R18');
      expect((await curl('--noproxy', '', '-p', url)).exitCode, url).not.toBe(0);
    }
    expect(heard).toEqual([]);
    expect(refusals.map(({ host }) => host)).toContain(`http://other.example:${port}/`);
  });

  test('attack: a socket of its own, a name looked up, this machine through loopback', async () => {
    const direct = await node(
      `require('node:net').connect(${port}, '127.0.0.1').on('error', (e) => console.log(e.code)).on('connect', () => console.log('reached'))`,
    );
    expect(direct.output).toBe('ECONNREFUSED\n');
    const outward = await node(
      `require('node:net').connect(80, '1.1.1.1').on('error', (e) => console.log(e.code)).on('connect', () => console.log('reached'))`,
    );
    expect(outward.output).toMatch(/ENETUNREACH|EHOSTUNREACH/u);
    const dns = await node(`require('node:dns').resolve4('listed.example', (e) => console.log(e.code))`);
    expect(dns.output).toMatch(/ECONNREFUSED|ENOTFOUND|ETIMEOUT/u);
    const named = await node(`require('node:dns').lookup('example.org', (e) => console.log(e.code))`);
    expect(named.output).toMatch(/ENOTFOUND|EAI_AGAIN/u);
    const udp = await node(`require('node:dgram').createSocket('udp4').send('x', 53, '1.1.1.1', (e) => { console.log(e.code); process.exit() })`);
    expect(udp.output).toMatch(/ENETUNREACH/u);
  });

  test('attack: the way out is only what was bound, and nothing of it can be changed', async () => {
    const state = await run(['/bin/sh', '-c', 'ls /run/copaw /tmp; echo x > /run/copaw/forward.cjs; rm /run/copaw/proxy; ls -A /run']);
    expect(state.output).toContain('Read-only file system');
    expect(state.output.split('\n')).not.toContain('copaw-proxy');
  });

  test('attack: a name that leads inward, at once or the second time', async () => {
    names.set('listed.example', [['10.0.0.1']]);
    expect((await curl(`http://listed.example:${port}/`)).output).toContain('not public');
    names.set('listed.example', [['127.0.0.1', '10.0.0.1']]);
    expect((await curl(`http://listed.example:${port}/`)).output).toContain('not public');
    names.set('twice.example', [['127.0.0.1'], ['10.0.0.1']]);
    expect((await curl(`http://twice.example:${port}/`)).output).toBe('hello /');
    expect((await curl(`http://twice.example:${port}/`)).output).toContain('not public');
    expect(heard).toHaveLength(1);
  });

  test('a host the operator listed as private may lead inward', async () => {
    const inward = createEgress({ clock: systemClock, lookup: async () => ['127.0.0.1'] });
    const own = createCommandProxies({ dial: inward.dial, onRefusal: () => undefined });
    const limits = { memoryMb: 1024, processes: 128, outputBytes: 20_000 };
    const ids = createIds(() => systemClock.now());
    const there = createProcessDoor({ sandbox, clock: systemClock, ids, limits, hostPath: '/usr/bin:/bin', proxy: own.socketFor });
    const to = (name: string) =>
      there.run(
        { workspace, cwd: '', argv: ['curl', '-sS', `http://${name}:${port}/`], network: true, sandboxed: true, hosts: hosts(), timeoutMs: 20_000 },
        new AbortController().signal,
      );
    expect((await to('nas.example')).output).toBe('hello /');
    expect((await to('listed.example')).output).toContain('not public');
    own.close();
  });

  test('without network there is neither proxy nor network', async () => {
    const plan = { workspace, cwd: '', argv: ['/bin/sh', '-c', 'ls /run; env'], network: false, sandboxed: true, hosts: hosts(), timeoutMs: 20_000 };
    const { output } = await door.run(plan, new AbortController().signal);
    expect(output).not.toMatch(/copaw|PROXY/iu);
  });
});

describe.skipIf(sandbox.kind === 'none')('ordinary work', () => {
  test('reaches a listed host with curl and with node, and says so by its exit code', async () => {
    expect(await curl(`http://listed.example:${port}/a`)).toMatchObject({ exitCode: 0, output: 'hello /a' });
    expect(await curl('-p', `http://a.wild.example:${port}/b`)).toMatchObject({ exitCode: 0, output: 'hello /b' });
    expect(await node(`fetch('http://listed.example:${port}/c').then((r) => r.text()).then(console.log)`)).toMatchObject({ exitCode: 0, output: 'hello /c\n' });
    expect((await run(['/bin/sh', '-c', 'exit 7'])).exitCode).toBe(7);
    expect((await run(['/bin/sh', '-c', 'kill -9 $$'])).exitCode).toBe(137);
    expect((await run(['no-such-program'])).exitCode).toBe(127);
  });
});

describe('ordinary work without a sandbox', () => {
  test('nothing is left once it is closed', () => {
    const other = createCommandProxies({ dial: () => Promise.reject(new Error('no')), onRefusal: () => undefined });
    const socket = other.socketFor(hosts());
    expect(other.socketFor(hosts())).toBe(socket);
    other.close();
    expect(() => readdirSync(join(socket, '..'))).toThrow(/ENOENT/u);
  });

  test('a tunnel carries bytes both ways and ends with either side', async () => {
    const echo = createTcpServer((socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const there = (echo.address() as AddressInfo).port;
    const network = { hosts: [`listed.example:${there}`], privateHosts: [] };
    const socket = connect(proxies.socketFor(network));
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      answer += piece;
      if (answer.endsWith('ping')) socket.end();
    });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(`CONNECT listed.example:${there} HTTP/1.1\r\nHost: listed.example:${there}\r\n\r\nping`);
    await closed;
    expect(answer).toBe('HTTP/1.1 200 Connection Established\r\n\r\nping');
    echo.close();
  });
});

describe('attack: what is said to the proxy', () => {
  test.each([
    ['CONNECT to an address', () => `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: listed.example:${port}\r\n\r\n`],
    ['CONNECT to a bracketed address', () => `CONNECT [::1]:${port} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['CONNECT with a user name', () => `CONNECT listed.example:${port}@127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['CONNECT to a name with a dot at its end', () => `CONNECT listed.example.:${port} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['CONNECT to an odd port', () => 'CONNECT listed.example:22 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['CONNECT to a port with zeros', () => `CONNECT listed.example:0${port} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['CONNECT to a suffix of a wildcard', () => `CONNECT evilwild.example:${port} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['a path without a host', () => `GET / HTTP/1.1\r\nHost: listed.example:${port}\r\n\r\n`],
    ['an address with a user name', () => `GET http://listed.example:${port}@127.0.0.1:${port}/ HTTP/1.1\r\nHost: listed.example:${port}\r\n\r\n`],
    ['another scheme', () => `GET ftp://listed.example:${port}/ HTTP/1.1\r\nHost: listed.example:${port}\r\n\r\n`],
    ['a Host that says otherwise', () => `GET http://listed.example:${port}/ HTTP/1.1\r\nHost: other.example\r\n\r\n`],
    ['two Hosts', () => `GET http://listed.example:${port}/ HTTP/1.1\r\nHost: listed.example:${port}\r\nHost: other.example\r\n\r\n`],
    [
      'two lengths',
      () => `POST http://listed.example:${port}/ HTTP/1.1\r\nHost: listed.example:${port}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
  ])('%s', async (_name, text) => {
    expect(await say(text())).toMatch(/^HTTP\/1\.1 (?:403|400) /u);
    expect(heard).toEqual([]);
  });

  test('headers of the connection do not go on, and a second request is judged by itself', async () => {
    const first = `GET http://listed.example:${port}/one HTTP/1.1\r\nHost: listed.example:${port}\r\nProxy-Authorization: Basic eA==\r\nConnection: X-Mine\r\nX-Mine: 1\r\nUpgrade: websocket\r\nX-Kept: 2\r\n\r\n`;
    const second = `GET http://other.example:${port}/two HTTP/1.1\r\nHost: other.example:${port}\r\n\r\n`;
    const answer = await say(first + second);
    expect(heard.map(({ url }) => url)).toEqual(['/one']);
    expect(heard[0]?.headers).toEqual({ host: `listed.example:${port}`, 'x-kept': '2', connection: 'close' });
    expect(answer).toContain('R18');
  });
});
