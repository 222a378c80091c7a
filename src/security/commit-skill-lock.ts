// The lock door: who may change skills.lock.json (R14, R19). No tool and no message may; what changed is audited before it is written.
import type { AuditDoor } from '../core/audit.ts';
import { CoPawError } from '../core/error.ts';
import type { SkillLockChange } from '../core/skill.ts';
import { allowedActor } from './commit-config.ts';

export function createCommitSkillLock(parts: { write: (change: SkillLockChange) => void; audit: AuditDoor }) {
  return async (actor: string, what: SkillLockChange): Promise<void> => {
    const allowed = allowedActor.test(actor);
    const told = { actor, change: what.change, name: what.name, hash: what.record?.enabled?.hash ?? what.record?.hash ?? '' };
    await parts.audit.append(allowed ? 'skill-lock-change' : 'skill-lock-refused', { ...told, ...(allowed ? {} : { rule: 'R14' }) });
    if (!allowed) throw new CoPawError('forbidden', 'Skills are changed by the operator only: console, command line, API.', { rule: 'R14' });
    parts.write(what);
  };
}
