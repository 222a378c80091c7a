// What the context of a request is made with; each keeps what it learned in memory, bounded.
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { ContextWindows } from './context.ts';
import { History } from './history.ts';
import { ModelWindows } from './model-windows.ts';
import { ResultTiers } from './tiers.ts';
import { Calibration } from './tokens.ts';

export interface ContextParts {
  readonly windows: ContextWindows;
  readonly history: History;
  readonly tiers: ResultTiers;
  readonly modelWindows: ModelWindows;
  readonly calibration: Calibration;
  /** Models that refused a request with pictures, by "provider/model". */
  readonly blindModels: Set<string>;
}

export function createContextParts({ store, clock }: { readonly store: Pick<Store, 'modelWindows'>; readonly clock: Clock }): ContextParts {
  return {
    windows: new ContextWindows(),
    history: new History(),
    tiers: new ResultTiers(),
    modelWindows: new ModelWindows({ store: store.modelWindows, clock }),
    calibration: new Calibration(),
    blindModels: new Set(),
  };
}
