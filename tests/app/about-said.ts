// The index of what was said, as a test or a benchmark asks it beside the running CoPaw.
import type { Store } from '../../src/core/store.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createSaidIndex, type SaidIndex } from '../../src/memory/said-index.ts';

export function aboutSaid({ said }: Pick<Store, 'said'>): SaidIndex['about'] {
  const onFault = (error: unknown): never => {
    throw error;
  };
  return createSaidIndex({ said, clock: systemClock, onFault }).about;
}
