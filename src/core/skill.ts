// Skills as the operator sees them: what is installed, what was found in it, and whether it may be loaded (R19).

/** Where a skill came from: the kind of thing that was read and its absolute path. */
export interface SkillSource {
  readonly kind: 'directory' | 'zip' | 'tar' | 'tar.gz';
  readonly path: string;
}

export type FindingSeverity = 'high' | 'medium' | 'low';

/** Something a person should look at before enabling. It judges nothing. `id` is stable. */
export interface SkillFinding {
  readonly id: string;
  readonly severity: FindingSeverity;
  /** Relative to the skill's folder. */
  readonly path: string;
  /** 1-based; 0 where it is about the whole file. */
  readonly line: number;
  readonly detail: string;
}

/** One installed skill in `skills.lock.json`. */
export interface SkillRecord {
  readonly source: SkillSource;
  /** Tree hash of what was installed, sha256 in hex. */
  readonly hash: string;
  readonly installedAt: number;
  /** What the scan found when it was installed. */
  readonly findings: readonly SkillFinding[];
  /** Absent while it is disabled. Only a tree with exactly this hash is loaded. */
  readonly enabled?: { readonly hash: string; readonly at: number };
}

/** Installed skills by name, which is also the name of the folder. */
export type SkillLock = ReadonlyMap<string, SkillRecord>;

/** drifted: its files are not the ones that were installed or enabled. unlisted: a folder that nobody installed. invalid: SKILL.md cannot be used. */
export type SkillState = 'enabled' | 'disabled' | 'drifted' | 'invalid' | 'missing' | 'unlisted';

export interface SkillSummary {
  readonly name: string;
  readonly state: SkillState;
  /** Why it is not loaded; present in every state but "enabled". */
  readonly reason?: string;
  readonly description?: string;
  readonly source?: SkillSource;
  /** Tree hash of what is there now; absent where it cannot be read. */
  readonly hash?: string;
  readonly installedAt?: number;
  readonly enabledAt?: number;
}

/** A summary with a scan of what is there now. */
export interface SkillReport extends SkillSummary {
  readonly findings: readonly SkillFinding[];
}

export interface SkillInstall {
  /** Absolute path of a directory, .zip, .tar, .tar.gz or .tgz on this machine. */
  readonly path: string;
  /** Else the name in SKILL.md, else that of the folder or file. */
  readonly name?: string;
  /** Takes the place of an installed skill of the same name, which goes to the trash. It is disabled again. */
  readonly replace?: boolean;
}

/** How a folder gets into the home. */
export interface ArtifactInstall {
  /** What is there goes to the trash; else a taken name is a `conflict`. */
  readonly replace: boolean;
  /** Writes down what is about to be there, after all was checked and before it appears. A throw ends the installation. */
  readonly record: (hash: string) => Promise<void>;
}

/** What the lock keeps of a skill that was removed, so that it can come back as it was. */
export interface RemovedSkill {
  readonly name: string;
  /** Absent for a folder that nobody had installed. */
  readonly record?: SkillRecord;
}

export interface SkillLockChange {
  readonly change: 'install' | 'enable' | 'disable' | 'remove' | 'trash' | 'restore';
  readonly name: string;
  /** Absent: the skill leaves the lock. */
  readonly record?: SkillRecord;
  /** Id in the trash that the removed skill has from here on. */
  readonly trash?: string;
}

export interface SkillsAdmin {
  list(): Promise<readonly SkillSummary[]>;
  /** Scans again. Rejects with `not-found`. */
  inspect(name: string): Promise<SkillReport>;
  /** Never enables. Rejects with `artifact-refused`, or `conflict` where the name is taken. */
  install(install: SkillInstall): Promise<SkillReport>;
  /** `hash` is the tree hash that was reviewed; rejects with `plan-changed` when another one is there. */
  enable(name: string, hash: string): Promise<SkillSummary>;
  disable(name: string): Promise<SkillSummary>;
  /** Moves it to the home's trash; the id is absent where there was no folder left. */
  remove(name: string): Promise<{ readonly trash?: string }>;
  /** Brings back what `remove` moved there, enabled where it was and is the same. `not-found` where it left the trash, `conflict` where the name is taken. */
  restore(trash: string): Promise<SkillSummary>;
}
