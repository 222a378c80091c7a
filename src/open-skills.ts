// Composition of the skills of one home: the lock, the doors and the scan, for the running server and for the command line alone.
import type { AuditDoor } from './core/audit.ts';
import { CoPawError } from './core/error.ts';
import type { SkillsAdmin } from './core/skill.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { createIds, type Ids } from './lib/ids.ts';
import { treeHash } from './lib/tree-hash.ts';
import type { Environment } from './open-home.ts';

/** Runs one change at a time on a home, with its audit log open. */
type AloneWithAudit = <T>(work: (audit: AuditDoor) => Promise<T>) => Promise<T>;

/** The skills of a home where no server runs: each change takes the home's lock, so that the audit chain has one writer. */
export async function openSkillsAdmin(home: string, environment: Environment): Promise<SkillsAdmin> {
  const { withHome } = await import('./open-home.ts');
  const alone: AloneWithAudit = (work) => withHome(home, environment, ({ audit }) => work(audit));
  return openSkills({ home, by: 'cli', clock: systemClock, ids: createIds(systemClock.now), alone });
}

export async function openSkills(parts: {
  readonly home: string;
  readonly by: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly alone: AloneWithAudit;
}) {
  const { home, by, clock, ids, alone } = parts;
  const [
    { createSkillsAdmin },
    { readSource },
    lockFile,
    { readNamed, readTree },
    { createInstallArtifact },
    { createCommitSkillLock },
    { createFiles },
    scan,
    { createTrashFolder },
  ] = await Promise.all([
    import('./skills/admin.ts'),
    import('./skills/read-source.ts'),
    import('./config/skill-lock.ts'),
    import('./security/artifact-tree.ts'),
    import('./security/install-artifact.ts'),
    import('./security/commit-skill-lock.ts'),
    import('./security/workspace-files.ts'),
    import('./review/scan-artifact.ts'),
    import('./store/trash-folder.ts'),
  ]);
  const root = `${home}/skills`;
  const trashFolder = createTrashFolder(`${home}/trash`);
  const files = createFiles({ root, trash: `${home}/trash`, clock, ids });
  return createSkillsAdmin({
    clock,
    lock: () => lockFile.readSkillLock(home),
    removed: (trash) => lockFile.readRemovedSkill(home, trash),
    async trashed(id) {
      const [thing] = await trashFolder.named(new Set([id]));
      const folder = thing?.names.find((name) => name !== `${id}.json`);
      return folder === undefined ? undefined : readTree(`${home}/trash`, folder);
    },
    folders: async () => {
      const found = await files.list('').catch((error: unknown) => {
        if (error instanceof CoPawError && error.code === 'path-missing') return [];
        throw error;
      });
      return found.filter(({ kind }) => kind !== 'file').map(({ path }) => path);
    },
    tree: async (name) => {
      const entries = await readTree(root, name);
      return { entries, hash: treeHash(entries) };
    },
    source: (path) => readSource(path, readNamed),
    scan: scan.scanArtifact,
    alone: (work) =>
      alone((audit) => {
        const install = createInstallArtifact({ home, clock, ids, audit });
        const commit = createCommitSkillLock({ write: (change) => lockFile.writeSkillRecord(home, change), audit });
        return work({
          install: (entries, name, options) => install(entries, 'skill', name, options),
          commit: (change) => commit(by, change),
          trash: (name) => files.trash(name),
          empty: async (id) => {
            for (const thing of await trashFolder.named(new Set([id]))) await trashFolder.remove(thing);
          },
        });
      }),
  });
}
