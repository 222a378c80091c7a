// What memory is made of in a test, besides its files: a real index, no secrets, UTC, no file events.
import type { Files } from '../core/files.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';

export function memoryParts(store: Pick<Store, 'memoryIndex'>, files: (agentId: string) => Files, clock: Clock) {
  return {
    ...{ files, clock, index: store.memoryIndex },
    timezone: () => 'UTC',
    messageOf: async (turnId: string) => `message of ${turnId}`,
    secretIn: () => undefined,
    redact: (text: string) => text,
    onFault: (error: unknown): never => {
      throw error;
    },
  };
}
