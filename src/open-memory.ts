// Composition of memory: for the running server, and for the command line alone, which then takes the home's lock and follows nothing.
import type { Origin } from './core/address.ts';
import type { AuditDoor } from './core/audit.ts';
import { ownChannels } from './core/channel-config.ts';
import { type Config, defaultAgent } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import type { Files } from './core/files.ts';
import type { MemoryAdmin } from './core/memory-admin.ts';
import type { Redact } from './core/secret.ts';
import type { Session } from './core/session.ts';
import { sightOf } from './core/sight.ts';
import type { Store } from './core/store.ts';
import type { Kept } from './core/text-page.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { createIds, type Ids } from './lib/ids.ts';
import type { Meaning } from './memory/meaning.ts';
import type { Memory } from './memory/memory.ts';
import type { Environment } from './open-home.ts';

interface MemoryDoors {
  readonly store: Store;
  readonly files: (agentId: string) => Files;
  readonly clock: Clock;
  readonly config: () => Config;
  readonly redact: Redact;
  readonly onFault: (error: unknown) => void;
  /** Whether files are followed by events. */
  readonly workspace?: (agentId: string) => string;
  /** Absent: memory is found by words alone. */
  readonly meaning?: Meaning;
}

export async function openMemory({ store, files, clock, config, redact, onFault, workspace, meaning }: MemoryDoors): Promise<Memory> {
  const [{ createMemory }, { secretShapes }, { watchFolder }] = await Promise.all([
    import('./memory/memory.ts'),
    import('./review/secret-shapes.ts'),
    import('./store/watch-folder.ts'),
  ]);
  return createMemory({
    ...{ files, clock, onFault, redact, index: store.memoryIndex },
    timezone: () => config().timezone,
    secretIn: (text) => (redact(text) === text ? secretShapes.find(({ pattern }) => pattern.test(text))?.what : 'the value of a secret'),
    messageOf: async (turnId) => (await store.inbox.ofTurn(turnId)).at(-1)?.key,
    ...(meaning === undefined ? {} : { meaning }),
    ...(workspace === undefined ? {} : { watch: (agentId, folder, changed) => watchFolder(workspace(agentId), folder, changed) }),
  });
}

export interface TextDoors extends Pick<MemoryDoors, 'files' | 'config' | 'redact'> {
  readonly memory: Memory;
  readonly ids: Ids;
  readonly keeper: Pick<import('./agent/version-keeper.ts').VersionKeeper, 'alone' | 'change'>;
  readonly taint: Pick<import('./agent/taint.ts').Taint, 'markOf'>;
}

interface AdminDoors extends TextDoors {
  readonly store: Store;
  readonly audit: Pick<AuditDoor, 'append'>;
  /** For the audit: "cli", "console:device-id". */
  readonly by: string;
}

/** Files of a workspace for the operator, and how a change of one is kept. */
export async function openTextPages({ files, config, redact, memory, ids, keeper, taint }: TextDoors) {
  const { createTextPages } = await import('./agent/text-pages.ts');
  const keep = async <T>(agentId: string, path: string, make: () => Promise<T>): Promise<Kept & { readonly made: T }> => {
    if (config().undo.megabytes === 0) return { made: await make() };
    const undoId = ids('edit');
    const place = { agentId, path, sessionId: '', turnId: undoId, callId: undoId };
    const { made, noted } = await keeper.alone(() => keeper.change(place, make));
    return { made, ...(noted.some(({ before }) => before !== 'unkept') ? { undoId } : {}) };
  };
  const pages = createTextPages({
    ...{ files, redact, keep },
    tainted: async (agentId, path, content) => (await taint.markOf(agentId, path, content)) !== undefined,
    alone: (agentId, work) => memory.alone(agentId, work),
  });
  return { pages, keep };
}

export async function createMemoryAdminOf(doors: AdminDoors): Promise<MemoryAdmin> {
  const { store, files, config, redact, memory, audit, by } = doors;
  const { createMemoryAdmin } = await import('./memory/admin.ts');
  return createMemoryAdmin({
    ...{ memory, files, redact, sessions: store.sessions },
    ...(await openTextPages(doors)),
    agent(asked) {
      const { agents } = config();
      const agentId = asked ?? defaultAgent(config()).id;
      if (!Object.hasOwn(agents, agentId))
        throw new CoPawError('not-found', `There is no agent ${agentId}.`, { next: `There are: ${Object.keys(agents).join(', ')}.` });
      return agentId;
    },
    audit: async (kind, detail) => void (await audit.append(kind, { actor: by, ...detail })),
    originOf: (session) => originOf(store, session),
    sight: (session, origin) => sightOf(config(), { ...session, origin }),
  });
}

/** Entries of a conversation that are looked through for its last turn. */
const lookedAt = 200;

/** Whoever spoke last; where that was too long ago, whoever can speak there. */
async function originOf(store: Store, { id, address }: Session): Promise<Origin> {
  const last = (await store.entries.tail(id, lookedAt)).findLast(({ event }) => event.type === 'turn-start')?.event;
  if (last?.type === 'turn-start') return last.origin;
  if (ownChannels.has(address.channel)) return 'operator';
  return address.peer === undefined ? 'group' : 'direct';
}

/** Of a home where no server runs. */
export async function openMemoryAdmin(home: string, environment: Environment): Promise<MemoryAdmin> {
  const [{ withHome }, { createFiles }, { openConfig }, { openUndo }] = await Promise.all([
    import('./open-home.ts'),
    import('./security/workspace-files.ts'),
    import('./config/config-file.ts'),
    import('./open-undo.ts'),
  ]);
  const clock = systemClock;
  const ids = createIds(clock.now);
  const files = (agentId: string): Files => createFiles({ root: `${home}/workspaces/${agentId}`, trash: `${home}/trash`, clock, ids });
  const alone = <T>(ask: (admin: MemoryAdmin) => Promise<T>): Promise<T> =>
    withHome(home, environment, async ({ store, audit, secrets }) => {
      const file = openConfig(home, { onWarning: () => undefined });
      const config = (): Config => file.current();
      const { redact } = secrets;
      const { keeper, taint } = await openUndo({ store, files, clock, ids, audit, keep: () => config().undo });
      const memory = await openMemory({ ...{ store, files, clock, config, redact }, onFault: () => undefined });
      return ask(await createMemoryAdminOf({ ...{ store, files, config, redact, memory, ids, audit, keeper, taint }, by: 'cli' }));
    });
  return {
    list: (agentId) => alone((admin) => admin.list(agentId)),
    stats: (agentId) => alone((admin) => admin.stats(agentId)),
    search: (query, limit, agentId) => alone((admin) => admin.search(query, limit, agentId)),
    show: (path, agentId) => alone((admin) => admin.show(path, agentId)),
    save: (page, agentId) => alone((admin) => admin.save(page, agentId)),
    forget: (path, what, agentId) => alone((admin) => admin.forget(path, what, agentId)),
    reindex: (agentId) => alone((admin) => admin.reindex(agentId)),
    sight: (sessionId) => alone((admin) => admin.sight(sessionId)),
    sights: (limit) => alone((admin) => admin.sights(limit)),
  };
}
