// Composition of the server: the app, the HTTP door in front of it, and setup mode before there is a home (R2).
import { randomBytes } from 'node:crypto';
import { type App, type AppOptions, openApp } from './app.ts';
import { CoPawError } from './core/error.ts';
import type { Store } from './core/store.ts';
import type { HttpApp } from './http/parts.ts';
import { systemClock } from './lib/clock.ts';
import { createFailureLimit } from './lib/failure-limit.ts';
import { createIds } from './lib/ids.ts';
import { sameText } from './lib/same-text.ts';

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

/** The one listening socket of a run. What answers behind it changes once, when the notice is accepted. */
interface FrontDoor {
  readonly port: number;
  use(app: HttpApp): void;
  close(): Promise<void>;
}

/** How long after the start the HTTP application is loaded when nobody asked yet. */
const warmUpMs = 50;

/** An application that is loaded for the first request, so that the start does not wait for it. */
function whenAsked(make: () => Promise<HttpApp>): HttpApp & { load(): Promise<HttpApp> } {
  let made: Promise<HttpApp> | undefined;
  const load = (): Promise<HttpApp> => {
    made ??= make().catch((error: unknown) => {
      made = undefined; // the next request tries again
      throw error;
    });
    return made;
  };
  return { load, fetch: async (request) => (await load()).fetch(request) };
}

/** Serves a home whose notice was accepted; behind `door` where one is open already. */
export async function serveHome(options: ServerOptions, door?: FrontDoor): Promise<Server> {
  const app = await openApp(options);
  try {
    return await serveApp(app, options, door);
  } catch (error) {
    await app.stop();
    throw error;
  }
}

async function serveApp(app: App, options: ServerOptions, open?: FrontDoor): Promise<Server> {
  const [{ createAuthenticate }, { writeRunFile, removeRunFile }] = await Promise.all([import('./security/authenticate.ts'), import('./config/run-file.ts')]);
  const clock = options.clock ?? systemClock;
  const { server } = app.config.current();
  const { dangerousKeys } = await import('./review/check-access.ts');
  for (const key of dangerousKeys(app.config.current())) options.log(`warning: ${key} is on: a protection is switched off.`);
  const token = randomBytes(32).toString('base64url');
  const auth = createAuthenticate({
    devices: app.store.devices,
    runToken: () => token,
    clock,
    ids: options.ids ?? createIds(clock.now),
    hosts: () => app.config.current().server.hosts,
    audit: app.audit,
  });
  const http = whenAsked(async () => {
    const [{ createHttp }, { openAbout }] = await Promise.all([import('./http/server.ts'), import('./open-about.ts')]);
    return createHttp({
      ...app.admins,
      operator: app.operator,
      file: app.file,
      webhook: app.webhook,
      security: async (by) => {
        const { createSecurity } = await import('./open-security.ts');
        const review = { home: options.home, environment: options.environment, clock, running: true };
        return createSecurity({ store: app.store, audit: app.audit, secrets: app.secrets, auth, by, review });
      },
      commitConfig: async (by, changes) => void (await app.config.commit(by, changes)),
      redact: app.secrets.redact,
      about: openAbout({ ...options, startedAt: app.startedAt, store: app.store }),
      metrics: app.metrics,
      ready: async () => stopping === undefined && (await app.ready()),
      clock,
      auth,
      version: { version: options.version, commit: options.commit },
      staticFile: await consoleFiles(),
      onFault: app.onFault,
    });
  });
  const door = open ?? (await openFrontDoor(http, server, options.port, options.log));
  door.use(http);
  clock.after(warmUpMs, () => http.load().catch(app.onFault));
  writeRunFile(options.home, { pid: process.pid, port: door.port, token });
  const { code } = auth.newLoginCode();
  let stopping: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${door.port}/#code=${code}`,
    stop: () => {
      stopping ??= (async () => {
        removeRunFile(options.home, token);
        await door.close();
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
  /** Writes the home, then serves it behind the same door. */
  accepted(door: FrontDoor, language: 'en' | 'zh' | undefined): Promise<Server>;
}

/** R2: the home stays untouched, a code in the log is the only credential, and the console shows the notice alone. */
export async function serveSetup(options: SetupOptions): Promise<Server> {
  const [{ createSetupHttp }, { createAuthenticate }] = await Promise.all([import('./http/setup.ts'), import('./security/authenticate.ts')]);
  const code = randomBytes(24).toString('base64url');
  const strangers = createAuthenticate({
    devices: nobody,
    runToken: () => undefined,
    clock: systemClock,
    ids: createIds(systemClock.now),
    hosts: () => [],
    audit: { append: async () => undefined, verify: async () => ({ ok: true, records: 0 }) },
  });
  const guesses = createFailureLimit(systemClock, { most: 10, withinMs: 60_000 });
  let real: Promise<Server> | undefined;
  const http = createSetupHttp({
    notice: options.notice,
    checkCode: (given) => {
      if (sameText(given, code)) return true;
      if (guesses.exceeded()) throw new CoPawError('busy', 'Too many wrong setup codes.', { next: 'Open the link that CoPaw printed.', rule: 'R6' });
      guesses.add();
      return false;
    },
    checkHost: (request) => strangers.checkHost(request),
    version: { version: options.version, commit: options.commit },
    staticFile: await consoleFiles(),
    accept: async (language) => {
      real ??= options.accepted(door, language);
      try {
        // The browser that accepted goes on with a login code of its own.
        return { link: `/${new URL((await real).url).hash}` };
      } catch (error) {
        real = undefined;
        throw error;
      }
    },
  });
  const door = await openFrontDoor(http, { host: '127.0.0.1', port: 8088 }, options.port, options.log);
  return {
    url: `http://127.0.0.1:${door.port}/#code=${code}`,
    stop: async () => {
      if (real) await (await real).stop();
      else await door.close();
    },
  };
}

/** Opens the asked-for port or throws; else the usual one or the next free, said aloud. */
async function openFrontDoor(
  first: HttpApp,
  usual: { readonly host: string; readonly port: number },
  asked: number | undefined,
  log: (line: string) => void,
): Promise<FrontDoor> {
  const { listen } = await import('./http/listen.ts');
  let behind = first;
  const open = async (port: number): Promise<FrontDoor> => {
    const listening = await listen({ fetch: (request) => behind.fetch(request) }, { host: usual.host, port });
    return {
      ...listening,
      use: (app) => {
        behind = app;
      },
    };
  };
  if (!['127.0.0.1', 'localhost', '::1'].includes(usual.host))
    log(`warning: listening on ${usual.host}: other machines can reach this CoPaw. Every request still needs the operator's credential.`);
  if (asked !== undefined) return open(asked);
  for (let port = usual.port; ; port++) {
    try {
      const door = await open(port);
      if (port !== usual.port) log(`Port ${usual.port} is busy; using ${door.port}.`);
      return door;
    } catch (error) {
      if (!(error instanceof CoPawError) || error.code !== 'port-busy' || port >= usual.port + nextPorts) throw error;
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
  const [{ createFiles }, { fileURLToPath }] = await Promise.all([import('./security/workspace-files.ts'), import('node:url')]);
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
