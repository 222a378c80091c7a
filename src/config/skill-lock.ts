// `<home>/skills.lock.json`: which skills were installed and which tree of each may be loaded. Written only by way of the lock door.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ZodType, z } from 'zod';
import { CoPawError } from '../core/error.ts';
import type { SkillLock, SkillRecord } from '../core/skill.ts';
import { writeFileAtomic } from '../lib/atomic-file.ts';
import { systemCode } from '../lib/system-error.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);
/** Milliseconds since the epoch. */
const time = z.int().nonnegative();
const lockFile = z.strictObject({
  version: z.literal(1),
  skills: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/u),
    z.strictObject({
      source: z.strictObject({ kind: z.enum(['directory', 'zip', 'tar', 'tar.gz']), path: z.string() }),
      hash: sha256,
      installedAt: time,
      findings: z.array(
        z.strictObject({ id: z.string(), severity: z.enum(['high', 'medium', 'low']), path: z.string(), line: z.int().nonnegative(), detail: z.string() }),
      ),
      enabled: z.strictObject({ hash: sha256, at: time }).exactOptional(),
    }) satisfies ZodType<SkillRecord>,
  ),
});

/** No file means that nothing was installed. One that cannot be read is `config-corrupt`, never "none" (R29). */
export function readSkillLock(home: string): SkillLock {
  const path = join(home, 'skills.lock.json');
  try {
    return parseSkillLock(readFileSync(path, 'utf8'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return new Map();
    throw new CoPawError('config-corrupt', `${path} is damaged, so no skill is loaded or changed.`, {
      next: 'Put back a copy of the file; or move it away, install the skills again with --replace, and enable what you reviewed.',
      rule: 'R29',
      cause: error,
    });
  }
}

/** The same text from elsewhere; throws what is wrong with it. */
export function parseSkillLock(text: string): SkillLock {
  return new Map(Object.entries(lockFile.parse(JSON.parse(text)).skills));
}

/** Changes one skill and leaves the others; without a record it is taken out. */
export function writeSkillRecord(home: string, name: string, record: SkillRecord | undefined): void {
  const skills = new Map(readSkillLock(home));
  if (record) skills.set(name, record);
  else skills.delete(name);
  writeFileAtomic(join(home, 'skills.lock.json'), `${JSON.stringify(lockFile.parse({ version: 1, skills: Object.fromEntries(skills) }), undefined, 2)}\n`);
}
