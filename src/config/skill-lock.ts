// `<home>/skills.lock.json`: which skills were installed and which tree of each may be loaded. Written only by way of the lock door.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ZodType, z } from 'zod';
import { CoPawError } from '../core/error.ts';
import type { RemovedSkill, SkillLock, SkillLockChange, SkillRecord } from '../core/skill.ts';
import { writeFileAtomic } from '../lib/atomic-file.ts';
import { systemCode } from '../lib/system-error.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);
/** Milliseconds since the epoch. */
const time = z.int().nonnegative();
const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/u);
const record = z.strictObject({
  source: z.strictObject({ kind: z.enum(['directory', 'zip', 'tar', 'tar.gz']), path: z.string() }),
  hash: sha256,
  installedAt: time,
  findings: z
    .array(z.strictObject({ id: z.string(), severity: z.enum(['high', 'medium', 'low']), path: z.string(), line: z.int().nonnegative(), detail: z.string() }))
    .readonly(),
  enabled: z.strictObject({ hash: sha256, at: time }).exactOptional(),
}) satisfies ZodType<SkillRecord>;
const lockFile = z.strictObject({
  version: z.literal(1),
  skills: z.record(name, record),
  /** By their ids in the trash, oldest first. */
  removed: z.record(z.string(), z.strictObject({ name: z.string(), record: record.exactOptional() }) satisfies ZodType<RemovedSkill>).default({}),
});

/** Removed skills that are kept in mind. */
const mostRemoved = 50;

/** No file means that nothing was installed. One that cannot be read is `config-corrupt`, never "none" (R29). */
export function readSkillLock(home: string): SkillLock {
  return new Map(Object.entries(readLock(home).skills));
}

/** Undefined where nothing is known of it. */
export function readRemovedSkill(home: string, trash: string): RemovedSkill | undefined {
  const { removed } = readLock(home);
  return Object.hasOwn(removed, trash) ? removed[trash] : undefined;
}

function readLock(home: string): z.output<typeof lockFile> {
  const path = join(home, 'skills.lock.json');
  try {
    return lockFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { version: 1, skills: {}, removed: {} };
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

/** Changes one skill and leaves the others; without a record it is taken out. With `trash` only what is known of a removed one changes. */
export function writeSkillRecord(home: string, { change, name, record, trash }: SkillLockChange): void {
  const lock = readLock(home);
  const [skills, removed] = [new Map(Object.entries(lock.skills)), new Map(Object.entries(lock.removed))];
  if (change === 'trash' && trash !== undefined) removed.set(trash, { name, ...(record ? { record } : {}) });
  else if (record) skills.set(name, record);
  else skills.delete(name);
  if (change === 'restore' && trash !== undefined) removed.delete(trash);
  const kept = [...removed].slice(-mostRemoved);
  const written = lockFile.parse({ version: 1, skills: Object.fromEntries(skills), removed: Object.fromEntries(kept) });
  writeFileAtomic(join(home, 'skills.lock.json'), `${JSON.stringify(written, undefined, 2)}\n`);
}
