// What ships: in the built bundle every module with power is imported by the chunk that holds its door, and by no other.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen, shut } from '../platforms/loopback.ts';

/** Module → chunks that may import it, by the start of their name. "app" holds the doors; commander brings its own way to start a subcommand, which CoPaw does not use. */
const mayImport: Readonly<Record<string, RegExp>> = {
  child_process: /^(?:app|process|commander)/u,
  undici: /^(?:app|egress)/u,
  // testing: hands for channels in tests, which end at loopback. mail-power: over a socket that is there, and no other.
  tls: /^(?:app|egress|testing|mail-power)/u,
  dns: /^(?:app|egress)/u,
  // base and mail-power: `isIP` and `BlockList`, which only compute.
  net: /^(?:app|egress|base|testing|mail-power)/u,
  // It speaks over a connection that the door made.
  ws: /^web-socket/u,
  http: /^(?:app|egress|serve|testing)/u,
  // base: the atomic file and the log; home: the home before there is an app; testing: temporary homes.
  fs: /^(?:app|base|home|process|commander|testing|artifact|install|persona|review|security|open-review|open-security)/u,
  'fs/promises': /^(?:app|artifact|install|review)/u,
  sqlite: /^app/u,
  // base: the collection after a start.
  vm: /^(?:app|base)/u,
  worker_threads: /^(?:app|readable-worker|open-backup-worker|open-home-backups)/u,
  // rolldown-runtime: `require` for packages inside that are no ES modules; what they name with it is looked at here as well.
  module: /^(?:main|rolldown-runtime)/u,
};
/** Nobody imports these. */
const never = ['cluster', 'dgram', 'https', 'http2', 'inspector', 'repl', 'wasi', 'dns/promises'];

let folder: string;
let chunks: readonly (readonly [name: string, text: string])[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copaw-bundle-'));
  const out = join(folder, 'dist');
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/bundle.js'), out]);
  chunks = readdirSync(out)
    .filter((name) => name.endsWith('.js'))
    .map((name) => [name, readFileSync(join(out, name), 'utf8')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const importersOf = (module: string): readonly string[] => {
  const spelled = `(?:node:)?${module.replace('/', '\\/')}`;
  const pattern = new RegExp(`(?:\\bfrom|\\bimport|\\bimport\\(|getBuiltinModule\\(|__require\\()\\s*["'\`]${spelled}["'\`]`, 'u');
  return chunks.filter(([, text]) => pattern.test(text)).map(([name]) => name);
};

test.each(Object.keys(mayImport))('%s is imported by its door alone', (module) => {
  const importers = importersOf(module);
  expect(importers.filter((name) => !mayImport[module]?.test(name))).toEqual([]);
  expect(importers.length).toBeGreaterThan(0);
});

test.each(never)('%s is imported by nobody', (module) => expect(importersOf(module)).toEqual([]));

test.each(['base', 'mail-power'])('%s takes from node:net only what computes', (chunk) => {
  const text = chunks.find(([name]) => name === `${chunk}.js`)?.[1] ?? '';
  const names = [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*["']node:net["']/gu)].flatMap(([, list]) =>
    (list ?? '').split(',').map((name) => name.trim().split(' ')[0]),
  );
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => name !== 'isIP' && name !== 'isIPv4' && name !== 'isIPv6' && name !== 'BlockList')).toEqual([]);
});

test('packages for mail put TLS on a socket that is there, and open none', async () => {
  const server = createServer((socket) => socket.destroy());
  const port = await listen(server);
  let connections = 0;
  server.on('connection', () => connections++);
  const inBundle = (name: string): Promise<{ default: unknown }> => import(pathToFileURL(join(folder, 'dist', `${name}.js`)).href);
  const [{ default: smtp }, { default: imap }] = await Promise.all([inBundle('smtp-connection'), inBundle('imap-flow')]);
  const SmtpConnection = smtp as new (
    options: object,
  ) => { connect(done: (error: Error) => void): void; once(event: 'error', heard: (error: Error) => void): void };
  const { ImapFlow } = imap as { ImapFlow: new (options: object) => { connect(): Promise<void> } };
  for (const secure of [true, false]) {
    const where = { host: '127.0.0.1', port, secure };
    const sent = new Promise<Error>((resolve) => {
      const connection = new SmtpConnection(where);
      connection.once('error', resolve);
      connection.connect(resolve);
    });
    expect(String(await sent)).toMatch(/outward door|not a function/u);
    await expect(new ImapFlow({ ...where, logger: false, auth: { user: 'u', pass: 'p' } }).connect()).rejects.toThrow(/outward door|not a function/u);
  }
  expect(connections).toBe(0);
  await shut(server);
});

test('nothing in it makes code out of text or loads a module by a name that is computed', () => {
  for (const [name, text] of chunks.filter(([chunk]) => !/^(?:zod|commander|http)/u.test(chunk))) {
    expect(text.match(/\bnew Function\(|(?<![.\w])eval\(/u)?.[0], name).toBeUndefined();
    const computed = [...text.matchAll(/(?<![.\w])(?:import|__require)\(\s*([^"'`\s][^)]{0,60})/gu)].map(([whole]) => whole);
    expect(computed, name).toEqual([]);
  }
});
