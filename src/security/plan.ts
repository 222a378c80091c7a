// The one object an approval binds to (R15) and its digest.
import type { Plan } from '../core/policy.ts';
import { canonical, sha256 } from '../lib/canonical-json.ts';
import { freeze } from '../lib/freeze.ts';

/** sha256 over the canonical form of every member but `digest`. */
export function digestOf(plan: Omit<Plan, 'digest'>): string {
  return sha256(canonical({ ...plan, digest: undefined }));
}

/** The finished plan, frozen to its leaves: what is judged is what is shown and what runs. */
export function sealPlan(plan: Omit<Plan, 'digest'>): Plan {
  return freeze({ ...plan, digest: digestOf(plan) });
}
