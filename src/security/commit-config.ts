// The config door: who may change config.json. Tools and messages may not; what changed is audited by path, never by value.
import type { AuditDoor } from '../core/audit.ts';
import type { Config, ConfigChange } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';

/** "cli", "console:device-id", "api:device-id", "init": who holds the operator's credential or home. */
export const allowedActor = /^(?:init$|(?:cli|console|api)\b)/;
const refusedKeys: ReadonlySet<string | number> = new Set(['__proto__', 'constructor', 'prototype']);

/** Without `audit` (during `copaw init`, before there is a store) nothing is recorded. */
export function createCommitConfig(parts: {
  write: (changes: readonly ConfigChange[]) => Promise<Config>;
  /** Throws where `write` would: what is refused is no change. */
  check?: () => void;
  audit?: AuditDoor;
}): (actor: string, changes: readonly ConfigChange[]) => Promise<Config> {
  return async (actor, changes) => {
    const paths = changes.map(({ path }) => path.join('.')).join(', ');
    if (!allowedActor.test(actor)) {
      await parts.audit?.append('config-refused', { rule: 'R14', actor, paths });
      throw new CoPawError('forbidden', 'Configuration is changed by the operator only: console, command line, API.', { rule: 'R14' });
    }
    if (changes.some(({ path }) => path.length === 0 || path.some((key) => refusedKeys.has(key))))
      throw new CoPawError('invalid', 'A change names no key, or one that cannot be used.');
    parts.check?.();
    await parts.audit?.append('config-change', { actor, paths });
    return parts.write(changes);
  };
}
