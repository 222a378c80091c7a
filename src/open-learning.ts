// Composition of learning: the engine, loaded only where an agent learns or the operator asks, and what the operator may do with it.
import type { Learning, LearningParts } from './agent/learning.ts';
import type { ConfigSource } from './core/config.ts';
import type { LearningAdmin } from './core/learning.ts';
import type { ReadyModel } from './core/model.ts';
import type { Store } from './core/store.ts';
import { once } from './lib/once.ts';
import type { Memory } from './memory/memory.ts';

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
      return createLearningAdmin({ store, config, clock, learning: engine, files, model, audit, redact, by, alone: memory.alone });
    },
    stop: async () => learning?.stop(),
  };
}
