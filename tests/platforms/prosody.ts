// A real XMPP server on loopback: prosody with a folder of its own. Accounts are files in it, so that one is made, changed or gone at once.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { makeCertificate } from './certificate.ts';
import { freePort } from './loopback.ts';
import { listening } from './loopback-proxy.ts';

export interface Prosody {
  readonly port: number;
  /** Direct TLS, with the certificate below. */
  readonly tlsPort: number;
  readonly certificate: string;
  /** Where files are put and fetched. */
  readonly files: string;
  setPassword(user: string, password: string): void;
  /** What the server wrote down. */
  log(): string;
  close(): Promise<void>;
}

/** One server for the tests of a file, from its first to its last. */
export function prosodyForAll(): () => Prosody {
  let server: Prosody | undefined;
  beforeAll(async () => {
    server = await startProsody();
  }, 60_000);
  afterAll(() => server?.close());
  return () => {
    if (!server) throw new Error('prosody does not run yet.');
    return server;
  };
}

async function startProsody(): Promise<Prosody> {
  const certificate = makeCertificate();
  const folder = mkdtempSync(join(tmpdir(), 'copaw-prosody-'));
  const [port, tlsPort, httpPort] = [await freePort(), await freePort(), await freePort()];
  const accounts = join(folder, 'data/localhost/accounts');
  mkdirSync(accounts, { recursive: true });
  const [key, cert] = [join(folder, 'localhost.key'), join(folder, 'localhost.crt')];
  writeFileSync(key, certificate.key, { mode: 0o600 });
  writeFileSync(cert, certificate.cert);
  const config = join(folder, 'prosody.cfg.lua');
  writeFileSync(
    config,
    `run_as_root = true
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
certificates = "${folder}"
log = { { levels = { min = "warn" }, to = "console" } }
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
c2s_direct_tls_ports = { ${tlsPort} }
c2s_direct_tls_ssl = { key = "${key}", certificate = "${cert}" }
s2s_ports = {}
http_ports = { ${httpPort} }
http_interfaces = { "127.0.0.1" }
https_ports = {}
c2s_require_encryption = false
authentication = "internal_plain"
modules_enabled = { "saslauth", "roster", "disco", "ping", "smacks", "offline", "carbons", "pep" }
modules_disabled = { "s2s", "tls" }
VirtualHost "localhost"
Component "rooms.localhost" "muc"
muc_room_default_public_jids = true
muc_room_locking = false
modules_enabled = { "muc_mam" }
Component "masks.localhost" "muc"
muc_room_locking = false
Component "upload.localhost" "http_file_share"
http_host = "127.0.0.1"
http_external_url = "http://127.0.0.1:${httpPort}/"
`,
  );
  const server: ChildProcess = spawn('prosody', ['--config', config, '-F'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text) => (said += String(text)));
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  for (const one of [port, tlsPort, httpPort])
    await listening(one).catch((error: unknown) => {
      server.kill('SIGKILL');
      throw new Error(`prosody did not start: ${said}`, { cause: error });
    });
  return {
    ...{ port, tlsPort, certificate: certificate.cert, files: `http://127.0.0.1:${httpPort}` },
    setPassword: (user, password) => writeFileSync(join(accounts, `${user}.dat`), `return { ["password"] = ${JSON.stringify(password)} };\n`),
    log: () => said,
    async close() {
      server.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
