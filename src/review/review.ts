// All checks in one list, and what they find, the gravest first.
import { type ReviewFinding, severities } from '../core/security.ts';
import { accessChecks } from './check-access.ts';
import { fileChecks } from './check-files.ts';
import { machineChecks } from './check-machine.ts';
import { modelChecks } from './check-models.ts';
import { policyChecks } from './check-policy.ts';
import { stateChecks } from './check-state.ts';
import type { Check, Facts } from './facts.ts';

export const checks: readonly Check[] = [...accessChecks, ...fileChecks, ...stateChecks, ...policyChecks, ...modelChecks, ...machineChecks];

export function findAll(facts: Facts): readonly ReviewFinding[] {
  return checks
    .flatMap(({ id, severity, why, fix, fixable, look }) =>
      look(facts).map((spotted) => ({ id, severity, ...spotted, why, fix, fixable: fixable !== undefined })),
    )
    .sort((one, other) => severities.indexOf(other.severity) - severities.indexOf(one.severity));
}
