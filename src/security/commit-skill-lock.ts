// The lock door: who may change skills.lock.json (R14, R19). No tool and no message may; what changed is audited before it is written.
import type { AuditDoor } from '../core/audit.ts';
import { CoPawError } from '../core/error.ts';
import type { SkillLockChange, SkillRecord } from '../core/skill.ts';
import { allowedActor } from './commit-config.ts';

export function createCommitSkillLock(parts: { write: (name: string, record: SkillRecord | undefined) => void; audit: AuditDoor }) {
  return async (actor: string, { change, name, record }: SkillLockChange): Promise<void> => {
    const hash = record?.enabled?.hash ?? record?.hash ?? '';
    const allowed = allowedActor.test(actor);
    await parts.audit.append(allowed ? 'skill-lock-change' : 'skill-lock-refused', { actor, change, name, hash, ...(allowed ? {} : { rule: 'R14' }) });
    if (!allowed) throw new CoPawError('forbidden', 'Skills are changed by the operator only: console, command line, API.', { rule: 'R14' });
    parts.write(name, record);
  };
}
