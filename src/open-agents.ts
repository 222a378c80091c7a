// Composition of the agents for the operator: for the running server, and for the command line alone, which then takes the home's lock.
import type { AgentsAdmin } from './core/agents.ts';
import type { AuditDoor } from './core/audit.ts';
import type { ConfigSource } from './core/config.ts';
import type { Files } from './core/files.ts';
import type { ReadyModel } from './core/model.ts';
import type { PermissionTable } from './core/permissions.ts';
import { systemClock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';
import type { Environment } from './open-home.ts';
import { openTextPages, type TextDoors } from './open-memory.ts';

interface AgentDoors extends Omit<TextDoors, 'config'> {
  readonly config: ConfigSource;
  readonly audit: Pick<AuditDoor, 'append'>;
  readonly resolve: (agentId: string) => ReadyModel;
  readonly sandbox: PermissionTable['sandbox'];
  /** For the audit. */
  readonly by: string;
}

export async function openAgents(doors: AgentDoors): Promise<AgentsAdmin> {
  const { config, files, resolve, sandbox, audit, by } = doors;
  const { createAgentsAdmin } = await import('./agent/agents-admin.ts');
  const { pages } = await openTextPages({ ...doors, config: () => config.current() });
  return createAgentsAdmin({ ...{ config, files, pages, resolve, sandbox, by }, audit: (kind, detail) => audit.append(kind, detail) });
}

/** Of a home where no server runs. */
export async function openAgentsAdmin(home: string, environment: Environment): Promise<AgentsAdmin> {
  const [{ withHome }, { createFiles }, { openConfig }, { openUndo }, { openMemory }, { createCommitConfig }, models, { probeSandbox }, { sandboxState }] =
    await Promise.all([
      import('./open-home.ts'),
      import('./security/workspace-files.ts'),
      import('./config/config-file.ts'),
      import('./open-undo.ts'),
      import('./open-memory.ts'),
      import('./security/commit-config.ts'),
      Promise.all([import('./models/resolve.ts'), import('./models/offline.ts')]),
      import('./security/process.ts'),
      import('./open-permissions.ts'),
    ]);
  const [{ createModelResolver }, { createOfflineModel }] = models;
  const clock = systemClock;
  const ids = createIds(clock.now);
  const files = (agentId: string): Files => createFiles({ root: `${home}/workspaces/${agentId}`, trash: `${home}/trash`, clock, ids });
  const alone = <T>(ask: (admin: AgentsAdmin) => Promise<T>): Promise<T> =>
    withHome(home, environment, async ({ store, audit, secrets }) => {
      const file = openConfig(home, { onWarning: () => undefined });
      const config: ConfigSource = { current: () => file.current(), commit: createCommitConfig({ write: (changes) => file.write(changes), audit }) };
      const { redact } = secrets;
      const { keeper, taint } = await openUndo({ store, files, clock, ids, audit, keep: () => file.current().undo });
      const memory = await openMemory({ ...{ store, files, clock, redact }, config: () => file.current(), onFault: () => undefined });
      const offline = createOfflineModel({ clock, timezone: () => file.current().timezone });
      // Nothing is asked of a model here: only which one it would be.
      const resolve = createModelResolver({ config: () => file.current(), provider: () => offline, offline });
      const sandbox = sandboxState(file.current(), await probeSandbox());
      return ask(await openAgents({ ...{ config, files, redact, memory, ids, keeper, taint, audit, resolve, sandbox }, by: 'cli' }));
    });
  return {
    list: () => alone((admin) => admin.list()),
    change: (id, change) => alone((admin) => admin.change(id, change)),
    show: (id, path) => alone((admin) => admin.show(id, path)),
    save: (id, draft) => alone((admin) => admin.save(id, draft)),
  };
}
