// Composition of what the operator's surfaces may look at and change while CoPaw runs. Each is loaded when it is first asked for.
import type { ContextWindows } from './agent/context.ts';
import type { Taint } from './agent/taint.ts';
import type { VersionKeeper } from './agent/version-keeper.ts';
import type { ConfigFile } from './config/config-file.ts';
import type { Admins } from './core/admins.ts';
import type { AuditDoor } from './core/audit.ts';
import { type ConfigSource, defaultAgent } from './core/config.ts';
import type { Files } from './core/files.ts';
import type { ReadyModel } from './core/model.ts';
import type { PermissionTable } from './core/permissions.ts';
import type { Redact } from './core/secret.ts';
import type { Store } from './core/store.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { SayThereParts } from './gateway/say-there.ts';
import type { Clock } from './lib/clock.ts';
import type { Ids } from './lib/ids.ts';
import { redactDeep } from './lib/redactor.ts';
import type { Memory } from './memory/memory.ts';
import type { SaidIndex } from './memory/said-index.ts';

interface AdminParts {
  readonly home: string;
  readonly configFile: ConfigFile;
  readonly config: ConfigSource;
  readonly store: Store;
  readonly audit: AuditDoor;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly redact: Redact;
  readonly files: (agentId: string) => Files;
  readonly memory: Memory;
  readonly keeper: VersionKeeper;
  readonly taint: Taint;
  readonly gateway: Gateway;
  /** How words get into chats. */
  readonly chats: Pick<SayThereParts, 'bus' | 'composer' | 'delivery' | 'mayReach' | 'linked'>;
  readonly windows: ContextWindows;
  readonly saidIndex: SaidIndex;
  readonly model: (agentId: string, asked?: string) => ReadyModel;
  /** Names of all tools. */
  readonly tools: readonly string[];
  readonly sandbox: PermissionTable['sandbox'];
}

/** Those that are made elsewhere. */
type Given = Pick<Admins, 'backups' | 'channels' | 'learning' | 'messages' | 'models' | 'push' | 'undo'>;

export function openAdmins(parts: AdminParts, given: Given): Admins {
  const { home, config, store, audit, clock, ids, redact, gateway, windows, saidIndex, tools, sandbox } = parts;
  let lastChange: Promise<unknown> = Promise.resolve();
  return {
    ...given,
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
    async agents(by) {
      const { openAgents } = await import('./open-agents.ts');
      const { files, memory, keeper, taint, model } = parts;
      return openAgents({ config, files, redact, memory, ids, keeper, taint, audit, resolve: model, sandbox, by });
    },
    async settings(by) {
      const { openSettings } = await import('./open-settings.ts');
      return openSettings({ file: parts.configFile, audit, redact, by });
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
      return createRemindersAdmin({ store, audit, redact, by });
    },
    async sessions(by) {
      const [{ openSessions }, { createSayThere }] = await Promise.all([import('./open-sessions.ts'), import('./gateway/say-there.ts')]);
      const live = {
        running: (sessionId: string) => gateway.lanes.active(sessionId) !== undefined,
        quietly: gateway.quietly.bind(gateway),
        forget: (sessionId: string) => windows.forget(sessionId),
        regenerate: gateway.regenerate,
        say: createSayThere({ ...parts.chats, store, clock, audit, by }),
      };
      const agentId = (): string => defaultAgent(config.current()).id;
      return openSessions({ store, redact, clock, ids, audit, by, agentId, checkModel: parts.model, index: saidIndex, live });
    },
    logs: {
      async page(query, signal) {
        const { readLogPage } = await import('./config/log-pages.ts');
        return redactDeep(await readLogPage(`${home}/logs`, query, signal), redact);
      },
    },
    async usage() {
      const { createUsageAdmin } = await import('./gateway/usage.ts');
      return createUsageAdmin({ store, now: () => clock.now(), timezone: () => config.current().timezone });
    },
    async memory(by) {
      const { createMemoryAdminOf } = await import('./open-memory.ts');
      const { files, keeper, taint, memory } = parts;
      return createMemoryAdminOf({ store, files, redact, ids, audit, keeper, taint, by, memory, config: () => config.current() });
    },
  };
}
