// Composition of the server: the app, the HTTP door in front of it, and setup mode before there is a home (R2).
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type App, type AppOptions, openApp } from './app.ts';
import { CoPawError } from './core/error.ts';
import type { Store } from './core/store.ts';
import { systemClock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';

export interface ServerOptions extends AppOptions {
  /** Overrides `server.port`; 0 takes a free one. */
  readonly port?: number;
  readonly commit: string;
  readonly log: (line: string) => void;
}

export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** How many ports after the default one are tried when it is busy and nobody asked for it. */
const nextPorts = 20;

/** Serves a home whose notice was accepted. */
export async function serveHome(options: ServerOptions): Promise<Server> {
  const app = await openApp(options);
  try {
    return await serveApp(app, options);
  } catch (error) {
    await app.stop();
    throw error;
  }
}

async function serveApp(app: App, options: ServerOptions): Promise<Server> {
  const [{ createAuthenticate }, { createHttp }, { listen }, { writeRunFile, removeRunFile }] = await Promise.all([
    import('./security/authenticate.ts'),
    import('./http/server.ts'),
    import('./http/listen.ts'),
    import('./config/run-file.ts'),
  ]);
  const clock = options.clock ?? systemClock;
  const { server } = app.config.current();
  const token = randomBytes(32).toString('base64url');
  const auth = createAuthenticate({
    devices: app.store.devices,
    runToken: () => token,
    clock,
    ids: options.ids ?? createIds(clock.now),
    hosts: () => app.config.current().server.hosts,
    audit: app.audit,
  });
  const http = createHttp({
    operator: app.operator,
    models: app.models,
    clock,
    auth,
    version: { version: options.version, commit: options.commit },
    staticFile: await consoleFiles(),
  });
  const listening = await listenNear((wanted) => listen(http, { host: server.host, port: wanted }), options.port, server.port, options.log);
  const { port } = listening;
  if (!['127.0.0.1', 'localhost', '::1'].includes(server.host))
    options.log(`warning: listening on ${server.host}: other machines can reach this CoPaw. Every request still needs the operator's credential.`);
  writeRunFile(options.home, { pid: process.pid, port, token });
  const { code } = auth.newLoginCode();
  let stopping: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}/#code=${code}`,
    stop: () => {
      stopping ??= (async () => {
        removeRunFile(options.home, token);
        await listening.close();
        await app.stop();
      })();
      return stopping;
    },
  };
}

export interface SetupOptions {
  readonly port?: number;
  readonly version: string;
  readonly commit: string;
  readonly notice: { readonly text: string; readonly sha256: string };
  readonly log: (line: string) => void;
  /** Writes the home, then serves it on the same port. */
  accepted(port: number): Promise<Server>;
}

/** R2: the home stays untouched, a code in the log is the only credential, and the console shows the notice alone. */
export async function serveSetup(options: SetupOptions): Promise<Server> {
  const [{ createSetupHttp }, { listen }, { createAuthenticate }] = await Promise.all([
    import('./http/setup.ts'),
    import('./http/listen.ts'),
    import('./security/authenticate.ts'),
  ]);
  const code = randomBytes(24).toString('base64url');
  const strangers = createAuthenticate({
    devices: nobody,
    runToken: () => undefined,
    clock: systemClock,
    ids: createIds(systemClock.now),
    hosts: () => [],
    audit: { append: async () => undefined, verify: async () => ({ ok: true, records: 0 }) },
  });
  let real: Server | undefined;
  const http = createSetupHttp({
    notice: options.notice,
    checkCode: (given) => same(given, code),
    checkHost: (request) => strangers.checkHost(request),
    version: { version: options.version, commit: options.commit },
    staticFile: await consoleFiles(),
    accept: async () => {
      // The answer must leave before the door it came through is replaced.
      systemClock.after(200, () => {
        void listening.close().then(async () => {
          real = await options.accepted(port);
          options.log(`The notice was accepted. CoPaw is ready: ${real.url}`);
        });
      });
    },
  });
  const listening = await listenNear((wanted) => listen(http, { host: '127.0.0.1', port: wanted }), options.port, 8088, options.log);
  const { port } = listening;
  return {
    url: `http://127.0.0.1:${port}/#code=${code}`,
    stop: async () => {
      if (real) await real.stop();
      else await listening.close();
    },
  };
}

/** The asked-for port or an error; else the default one or the next free, said aloud. */
async function listenNear<T extends { readonly port: number }>(
  open: (port: number) => Promise<T>,
  asked: number | undefined,
  usual: number,
  log: (line: string) => void,
): Promise<T> {
  if (asked !== undefined) return open(asked);
  for (let port = usual; ; port++) {
    try {
      const listening = await open(port);
      if (port !== usual) log(`Port ${usual} is busy; using ${port}.`);
      return listening;
    } catch (error) {
      if (!(error instanceof CoPawError) || error.code !== 'port-busy' || port >= usual + nextPorts) throw error;
    }
  }
}

/** Before there is a home nobody has a token. */
const nobody: Store['devices'] = {
  add: async () => undefined,
  byHash: async () => undefined,
  list: async () => [],
  touch: async () => undefined,
  remove: async () => false,
};

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

const mediaTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
};

/** The built console through the path door; nothing where it is not built. */
async function consoleFiles(): Promise<(path: string) => Promise<{ body: Uint8Array; mediaType: string } | undefined>> {
  const [{ createFiles }, { fileURLToPath }] = await Promise.all([import('./security/open-path.ts'), import('node:url')]);
  const root = fileURLToPath(new URL('../console/dist', import.meta.url));
  const files = createFiles({ root, trash: `${root}.trash`, clock: systemClock, ids: createIds(systemClock.now) });
  return async (path) => {
    try {
      return { body: await files.read(path), mediaType: mediaTypes[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream' };
    } catch (error) {
      if (error instanceof CoPawError) return undefined;
      throw error;
    }
  };
}
