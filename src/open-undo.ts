// Composition of what is kept of files and taken back: for the running server, and for the command line alone, which then takes the home's lock.
import type { AuditDoor } from './core/audit.ts';
import type { Files } from './core/files.ts';
import type { Store } from './core/store.ts';
import type { UndoAdmin, VersionKeep } from './core/undo.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { createIds, type Ids } from './lib/ids.ts';
import type { Environment } from './open-home.ts';

interface UndoDoors {
  readonly store: Store;
  readonly files: (agentId: string) => Files;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly audit: AuditDoor;
  readonly keep: () => VersionKeep;
}

/** The taint comes with it: what is kept carries its marks, and what comes back gets them again. */
export async function openUndo(doors: UndoDoors) {
  const [{ createTaint }, { createVersionKeeper }] = await Promise.all([import('./agent/taint.ts'), import('./agent/version-keeper.ts')]);
  const taint = createTaint(doors);
  const keeper = createVersionKeeper({ ...doors, taint });
  const undo = async (by: string): Promise<UndoAdmin> => (await import('./agent/undo.ts')).createUndo({ ...doors, keeper, by });
  return { taint, keeper, undo };
}

/** Of a home where no server runs. */
export async function openUndoAdmin(home: string, environment: Environment): Promise<UndoAdmin> {
  const [{ withHome }, { createFiles }, { openConfig }] = await Promise.all([
    import('./open-home.ts'),
    import('./security/workspace-files.ts'),
    import('./config/config-file.ts'),
  ]);
  const clock = systemClock;
  const ids = createIds(clock.now);
  const files = (agentId: string): Files => createFiles({ root: `${home}/workspaces/${agentId}`, trash: `${home}/trash`, clock, ids });
  const alone = <T>(ask: (admin: UndoAdmin) => Promise<T>): Promise<T> =>
    withHome(home, environment, async ({ store, audit }) => {
      const file = openConfig(home, { onWarning: () => undefined });
      const { undo } = await openUndo({ store, files, clock, ids, audit, keep: () => file.current().undo });
      return ask(await undo('cli'));
    });
  return {
    recent: (filter) => alone((admin) => admin.recent(filter)),
    undo: (turnId, options) => alone((admin) => admin.undo(turnId, options)),
  };
}
