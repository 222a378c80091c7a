// Composition of what the operator's surfaces may look at and change while CoPaw runs. Each is loaded when it is first asked for.
import type { AuditDoor } from './core/audit.ts';
import type { ConfigSource } from './core/config.ts';
import type { PeopleAdmin } from './core/people.ts';
import type { PermissionsAdmin, PermissionTable } from './core/permissions.ts';
import type { RemindersAdmin } from './core/reminder.ts';
import type { SkillsAdmin } from './core/skill.ts';
import type { Store } from './core/store.ts';
import type { Clock } from './lib/clock.ts';
import type { Ids } from './lib/ids.ts';

/** `by` is for the audit: "cli", "console:device-id". */
export interface Admins {
  skills(by: string): Promise<SkillsAdmin>;
  permissions(by: string): Promise<PermissionsAdmin>;
  people(by: string): Promise<PeopleAdmin>;
  reminders(by: string): Promise<RemindersAdmin>;
}

interface AdminParts {
  readonly home: string;
  readonly config: ConfigSource;
  readonly store: Store;
  readonly audit: AuditDoor;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Names of all tools. */
  readonly tools: readonly string[];
  readonly sandbox: PermissionTable['sandbox'];
}

export function openAdmins({ home, config, store, audit, clock, ids, tools, sandbox }: AdminParts): Admins {
  let lastChange: Promise<unknown> = Promise.resolve();
  return {
    async skills(by) {
      const { openSkills } = await import('./open-skills.ts');
      return openSkills({
        ...{ home, by, clock, ids },
        alone: (work) => {
          const done = lastChange.then(() => work(audit));
          lastChange = done.catch(() => undefined);
          return done;
        },
      });
    },
    async permissions(by) {
      const { openPermissions } = await import('./open-permissions.ts');
      return openPermissions({ config, store, audit, tools, sandbox }, by);
    },
    async people(by) {
      const { createPeopleAdmin } = await import('./gateway/people.ts');
      return createPeopleAdmin({ store: store.senders, config, clock, by, audit: (kind, detail) => audit.append(kind, detail) });
    },
    async reminders(by) {
      const { createRemindersAdmin } = await import('./schedule/reminders.ts');
      return createRemindersAdmin({ store, audit, by });
    },
  };
}
