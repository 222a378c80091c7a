// What a review looks at, gathered once. Checks are pure functions of this; each is one row of data with a function.
import type { Config } from '../core/config.ts';
import type { Grant } from '../core/policy.ts';
import type { SandboxState } from '../core/process.ts';
import type { SecretSummary } from '../core/secret.ts';
import type { AuditVerdict, DeviceSummary, Severity } from '../core/security.ts';
import type { SkillReport } from '../core/skill.ts';

export interface FileFact {
  /** Absolute. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits; undefined where the system has none. */
  readonly mode: number | undefined;
  readonly sticky: boolean;
  readonly owner: number;
}

export interface Facts {
  readonly now: number;
  /** Absolute. */
  readonly home: string;
  readonly temporary: string;
  readonly platform: string;
  /** "24.15.0" */
  readonly node: string;
  /** The user CoPaw runs as; undefined where there are none. */
  readonly user: number | undefined;
  readonly container: boolean;
  readonly sandbox: SandboxState;
  /** A server runs on this home. */
  readonly running: boolean;
  readonly runFile: string | undefined;
  /** The home, its secret directory, and what is directly in them. */
  readonly files: readonly FileFact[];
  /** Directories above the home, nearest first. */
  readonly parents: readonly FileFact[];
  /** Files an agent can read, and config.json; paths as people know them. */
  readonly texts: readonly { readonly path: string; readonly text: string; readonly holdsSecret: boolean }[];
  readonly config: Config | undefined;
  readonly configFile: string;
  readonly unknownKeys: readonly string[];
  /** What could not be opened, by part, with what was said about it. */
  readonly problems: Readonly<Partial<Record<'config' | 'store' | 'vault' | 'skills', string>>>;
  readonly secrets: readonly SecretSummary[];
  readonly isSet: (variable: string) => boolean;
  readonly devices: readonly DeviceSummary[];
  readonly grants: readonly Grant[];
  readonly skills: readonly SkillReport[];
  readonly tools: readonly string[];
  readonly audit: AuditVerdict | undefined;
  /** Times of refused log-ins, newest last. */
  readonly refusedLogins: readonly number[];
  /** Time of the newest audit record. */
  readonly newestRecord: number | undefined;
}

export interface Spotted {
  readonly what: string;
  readonly where: string;
}

export interface Check {
  /** Stable. */
  readonly id: string;
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
  readonly fixable?: 'close' | 'remove';
  look(facts: Facts): readonly Spotted[];
}

export const dayMs = 24 * 60 * 60_000;

/** One finding where it holds. */
export function when(holds: boolean, what: string, where: string): readonly Spotted[] {
  return holds ? [{ what, where }] : [];
}
