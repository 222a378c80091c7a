// Composition of what the operator may do with conversations: for the running server, and for the command line alone, which then takes the home's lock.
import type { AuditDoor } from './core/audit.ts';
import { defaultAgent, modelOf } from './core/config.ts';
import type { Redact } from './core/secret.ts';
import type { SessionsAdmin } from './core/sessions.ts';
import type { Store } from './core/store.ts';
import type { LiveSessions } from './gateway/sessions.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { createIds, type Ids } from './lib/ids.ts';
import type { SaidIndex } from './memory/said-index.ts';
import type { Environment } from './open-home.ts';

export async function openSessions(parts: {
  readonly store: Store;
  readonly redact: Redact;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly audit: AuditDoor;
  readonly by: string;
  readonly agentId: () => string;
  readonly checkModel: (agentId: string, ref: string) => unknown;
  readonly index: Pick<SaidIndex, 'search'>;
  readonly live?: LiveSessions;
}): Promise<SessionsAdmin> {
  const [{ createSessionsAdmin }, { placedEvent }] = await Promise.all([import('./gateway/sessions.ts'), import('./http/event-schema.ts')]);
  return createSessionsAdmin({ ...parts, placedEvent, search: (question) => parts.index.search(question) });
}

/** Of a home where no server runs. */
export async function openSessionsAdmin(home: string, environment: Environment): Promise<SessionsAdmin> {
  const [{ withHome }, { openConfig }, { createSaidIndex }, { dropUnfinishedCopies }] = await Promise.all([
    import('./open-home.ts'),
    import('./config/config-file.ts'),
    import('./memory/said-index.ts'),
    import('./gateway/copy-session.ts'),
  ]);
  const alone = <T>(ask: (admin: SessionsAdmin) => Promise<T>): Promise<T> =>
    withHome(home, environment, async ({ store, audit, secrets }) => {
      const file = openConfig(home, { onWarning: () => undefined });
      const index = createSaidIndex({ said: store.said, clock: systemClock, onFault: () => undefined });
      await dropUnfinishedCopies(store);
      const agentId = (): string => defaultAgent(file.current()).id;
      const checkModel = (_agentId: string, ref: string): unknown => modelOf(file.current(), ref);
      const own = { store, redact: secrets.redact, clock: systemClock, ids: createIds(systemClock.now), audit, by: 'cli', agentId, checkModel, index };
      return ask(await openSessions(own));
    });
  return {
    list: (page) => alone((admin) => admin.list(page)),
    get: (id) => alone((admin) => admin.get(id)),
    read: (id, page) => alone((admin) => admin.read(id, page)),
    search: (query) => alone((admin) => admin.search(query)),
    change: (id, change) => alone((admin) => admin.change(id, change)),
    remove: (id, options) => alone((admin) => admin.remove(id, options)),
    fork: (id, turnId) => alone((admin) => admin.fork(id, turnId)),
    regenerate: (id, options) => alone((admin) => admin.regenerate(id, options)),
    say: (id, message) => alone((admin) => admin.say(id, message)),
    export: (id, format) => whole(alone, (admin) => admin.export(id, format)),
    importLines: (lines) => alone((admin) => admin.importLines(lines)),
  };
}

/** The home stays open until the last line was taken, or nobody wants more. */
async function* whole(
  alone: <T>(ask: (admin: SessionsAdmin) => Promise<T>) => Promise<T>,
  read: (admin: SessionsAdmin) => AsyncIterable<string>,
): AsyncGenerator<string> {
  const opened = Promise.withResolvers<AsyncIterable<string>>();
  const done = Promise.withResolvers<void>();
  const open = alone(async (admin) => {
    opened.resolve(read(admin));
    await done.promise;
  });
  open.catch(opened.reject);
  try {
    yield* await opened.promise;
  } finally {
    done.resolve();
    await open;
  }
}
