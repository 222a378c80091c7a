// Composition of learning: the engine, loaded only where an agent learns or the operator asks, and what the operator may do with it.
import type { Learning, LearningParts } from './agent/learning.ts';
import type { ConfigSource } from './core/config.ts';
import type { LearningAdmin } from './core/learning.ts';
import type { ReadyModel } from './core/model.ts';
import type { Store } from './core/store.ts';
import { systemClock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';
import { once } from './lib/once.ts';
import type { Memory } from './memory/memory.ts';
import { type Environment, withHome } from './open-home.ts';

interface Parts extends Omit<LearningParts, 'store' | 'model' | 'agents' | 'wishes' | 'memory'> {
  readonly memory: Pick<Memory, 'search' | 'read' | 'write' | 'alone'>;
  readonly store: Store;
  readonly config: ConfigSource;
  /** "provider/model" as asked for, or the agent's. */
  resolve(agentId: string, asked?: string): ReadyModel;
}

export interface OpenLearning {
  /** At start, and when config.json changed. */
  look(): void;
  turnEnded(turnId: string): void;
  admin(by: string): Promise<LearningAdmin>;
  stop(): Promise<void>;
}

export function openLearning(parts: Parts): OpenLearning {
  const { store, config, clock, files, resolve, onFault, audit, redact, memory } = parts;
  const of = (agentId: string) => config.current().agents[agentId]?.learning;
  const model = (agentId: string): ReadyModel => resolve(agentId, of(agentId)?.model);
  let learning: Learning | undefined;
  const load = once(async (): Promise<Learning> => {
    const { createLearning } = await import('./agent/learning.ts');
    learning = createLearning({
      ...parts,
      model,
      agents: () => Object.keys(config.current().agents),
      wishes: (agentId) => ({ facts: of(agentId)?.facts ?? false, dreams: of(agentId)?.dreams ?? false, hour: of(agentId)?.hour ?? 3 }),
    });
    return learning;
  });
  const wished = (): boolean => Object.values(config.current().agents).some((agent) => agent.learning?.facts || agent.learning?.dreams);
  return {
    look() {
      if (!learning && !wished()) return;
      load()
        .then((engine) => engine.look())
        .catch(onFault);
    },
    turnEnded(turnId) {
      learning?.turnEnded(turnId);
    },
    async admin(by) {
      const [{ createLearningAdmin }, engine] = await Promise.all([import('./agent/learning-admin.ts'), load()]);
      return createLearningAdmin({
        store,
        config,
        clock,
        dreamNow: (agentId) => engine.dreamNow(agentId),
        files,
        model,
        audit,
        redact,
        by,
        alone: memory.alone,
      });
    },
    stop: async () => learning?.stop(),
  };
}

/** Of a home where no server runs. Only a proposal needs a whole CoPaw: it asks a model. */
export async function openLearningAdmin(home: string, environment: Environment, dreamNow: LearningAdmin['dreamNow']): Promise<LearningAdmin> {
  const [{ createLearningAdmin }, { openConfig }, { createCommitConfig }, { createFiles }, { createModelResolver }, { createOfflineModel }] = await Promise.all(
    [
      import('./agent/learning-admin.ts'),
      import('./config/config-file.ts'),
      import('./security/commit-config.ts'),
      import('./security/workspace-files.ts'),
      import('./models/resolve.ts'),
      import('./models/offline.ts'),
    ],
  );
  const clock = systemClock;
  const ids = createIds(clock.now);
  const alone = <T>(ask: (admin: LearningAdmin) => Promise<T>): Promise<T> =>
    withHome(home, environment, ({ store, audit, secrets }) => {
      const file = openConfig(home, { onWarning: () => undefined });
      const offline = createOfflineModel({ clock, timezone: () => file.current().timezone });
      const resolve = createModelResolver({ config: () => file.current(), provider: () => offline, offline }); // for its name and its price
      return ask(
        createLearningAdmin({
          ...{ store, clock, redact: secrets.redact, by: 'cli', dreamNow: () => Promise.reject(new Error('A proposal is not made here.')) },
          config: { current: () => file.current(), commit: createCommitConfig({ write: (changes) => file.write(changes), audit }) },
          files: (agentId) => createFiles({ root: `${home}/workspaces/${agentId}`, trash: `${home}/trash`, clock, ids }),
          model: (agentId) => resolve(agentId, file.current().agents[agentId]?.learning?.model),
          audit: (kind, detail) => audit.append(kind, detail),
          alone: (_agentId, work) => work(), // under the lock of the home nobody else writes
        }),
      );
    });
  return {
    state: () => alone((admin) => admin.state()),
    set: (agentId, change) => alone((admin) => admin.set(agentId, change)),
    dreams: (agentId) => alone((admin) => admin.dreams(agentId)),
    dream: (id) => alone((admin) => admin.dream(id)),
    dreamNow,
    apply: (id) => alone((admin) => admin.apply(id)),
    discard: (id) => alone((admin) => admin.discard(id)),
    revert: (id) => alone((admin) => admin.revert(id)),
  };
}
