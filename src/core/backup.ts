// Backups as the operator sees them: what there is, what a file holds, and what going back to it would change.

/** What a restore leaves as it is in this home unless it is named: each of these gives somebody or something a right. */
export const restoreItems = ['devices', 'allowlists', 'grants', 'skills', 'schedules', 'models', 'rules'] as const;
export type RestoreItem = (typeof restoreItems)[number];

/** archive: one file with everything but secrets. database: a checked copy of copaw.db. upgrade: one made before a new data version. */
export type BackupKind = 'archive' | 'database' | 'upgrade';

export interface BackupSummary {
  readonly path: string;
  readonly kind: BackupKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bytes: number;
}

export interface LeftOut {
  readonly path: string;
  /** Completes "it …". */
  readonly why: string;
}

export interface BackupMade extends BackupSummary {
  readonly files: number;
  readonly encrypted: boolean;
  /** What is in the home and not in the backup. */
  readonly leftOut: readonly LeftOut[];
}

/** What a backup holds. Whoever reads this has a file that was checked: hashes, signature, every page of the database. */
export interface BackupReport {
  readonly kind: BackupKind;
  /** The key of this home signed it, or it lies among this home's own backups. Else it was made by another home, or by somebody else. */
  readonly madeHere: boolean;
  readonly at: number;
  /** Version of CoPaw that made it; absent for a database alone. */
  readonly version?: string;
  readonly dataVersion: number;
  readonly sessions: number;
  readonly entries: number;
  readonly files: number;
  readonly leftOut: readonly LeftOut[];
}

export interface RestorePlan extends BackupReport {
  /** One line for each thing that will be replaced. */
  readonly replaces: readonly string[];
  /** What the backup holds of each item, where it holds any; it stays out unless it is named. */
  readonly held: readonly { readonly item: RestoreItem; readonly what: string }[];
}

export interface Restored {
  /** Folder with what was replaced. */
  readonly kept: string;
  readonly replaced: readonly string[];
}

export interface BackupsAdmin {
  /** Newest first. */
  list(): Promise<readonly BackupSummary[]>;
  /** `out`: absolute path of a new file; else in the home's backups. */
  create(options: { readonly out?: string; readonly passphrase?: string }): Promise<BackupMade>;
  /** Rejects with `artifact-refused` for what is damaged, was changed, or is no backup. */
  verify(path: string, passphrase?: string): Promise<BackupReport>;
  plan(path: string, passphrase?: string): Promise<RestorePlan>;
  /** Rejects with `home-locked` while CoPaw runs on this home. What is replaced is kept. */
  restore(path: string, options: { readonly passphrase?: string; readonly bring: readonly RestoreItem[] }): Promise<Restored>;
}
