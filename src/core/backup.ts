// Backups as the operator sees them: what there is, what a file holds, and what going back to it would change.

/** What a restore leaves as it is in this home unless it is named: each of these gives somebody or something a right. */
export const restoreItems = ['devices', 'allowlists', 'grants', 'skills', 'schedules', 'models', 'rules'] as const;
export type RestoreItem = (typeof restoreItems)[number];

/** archive: one file with everything but secrets. database: a checked copy of copaw.db. upgrade: one made before a new data version. */
export type BackupKind = 'archive' | 'database' | 'upgrade';

export interface BackupSummary {
  /** Of the file, without its folder. */
  readonly name: string;
  readonly path: string;
  readonly kind: BackupKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bytes: number;
  /** Its passphrase is needed to look at it or go back to it. */
  readonly encrypted: boolean;
}

/** What a backup that is being made is at: copying the database, reading files, packing (and encrypting) them, writing. */
export type BackupStep = 'database' | 'files' | 'packing' | 'writing';

export interface LeftOut {
  readonly path: string;
  /** Completes "it …". */
  readonly why: string;
}

export interface BackupMade extends BackupSummary {
  readonly files: number;
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
  readonly held: readonly { readonly item: RestoreItem; readonly count: number; readonly what: string }[];
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
  create(options: {
    readonly out?: string;
    readonly passphrase?: string;
    /** Ends it, and leaves nothing of it. */
    readonly signal?: AbortSignal;
    /** `files`: read so far. */
    readonly onStep?: (step: BackupStep, files: number) => void;
  }): Promise<BackupMade>;
  /** Rejects with `artifact-refused` for what is damaged, was changed, or is no backup. `signal` ends it. */
  verify(path: string, passphrase?: string, signal?: AbortSignal): Promise<BackupReport>;
  plan(path: string, passphrase?: string, signal?: AbortSignal): Promise<RestorePlan>;
  /** Rejects with `home-locked` while CoPaw runs on this home. What is replaced is kept. `signal` ends it while nothing was changed yet; from there on it is done. */
  restore(path: string, options: { readonly passphrase?: string; readonly bring: readonly RestoreItem[]; readonly signal?: AbortSignal }): Promise<Restored>;
}

/** When the next backup is made by itself. */
export interface BackupSchedule {
  /** Of how many days and of how many further weeks one stays; both 0: none is made by itself. */
  readonly days: number;
  readonly weeks: number;
  /** Milliseconds since the epoch; absent while nothing was written since the last one, for then there is nothing to do. */
  readonly nextAt?: number;
  /** Why the last try came to nothing; it is tried again at `nextAt`. */
  readonly problem?: string;
}

/** A backup that was asked for while CoPaw runs. The newest is remembered until the next one, or the end of the process. */
export interface BackupWork {
  readonly startedAt: number;
  readonly state: 'running' | 'done' | 'failed';
  readonly step: BackupStep;
  /** Read so far. */
  readonly files: number;
  /** Of one that is done. */
  readonly made?: BackupMade;
  /** Of one that failed. */
  readonly problem?: { readonly message: string; readonly next?: string };
}

export interface BackupsView {
  /** Newest first. */
  readonly backups: readonly BackupSummary[];
  readonly schedule: BackupSchedule;
  readonly work?: BackupWork;
}

/** What going back would change, and the command that does it once CoPaw was stopped. */
export interface RestoreOffer extends RestorePlan {
  /** Without what brings rights back: that is ` --with ` and items of `held`, joined by ",". Of an encrypted one it reads the passphrase from stdin. */
  readonly command: string;
}

/**
 * The backups of a running CoPaw: those in the home, by name and never by path. What takes long is done in a thread, one thing at a time; a second one
 * rejects with `busy`. To go back CoPaw must be stopped, so here it is only shown.
 */
export interface HomeBackups {
  view(): Promise<BackupsView>;
  /** Begins to make one and does not wait for it: `view` tells how far it is. */
  create(options: { readonly passphrase?: string }): Promise<BackupWork>;
  /** Rejects with `not-found` for a name that is not listed, with `invalid` where a passphrase is missing, with `artifact-refused` for what is damaged. */
  verify(name: string, options: BackupLook): Promise<BackupReport>;
  plan(name: string, options: BackupLook): Promise<RestoreOffer>;
  /** The file as it is. */
  read(name: string): Promise<{ readonly bytes: number; readonly body: ReadableStream<Uint8Array> }>;
}

export interface BackupLook {
  readonly passphrase?: string;
  /** Ends it. */
  readonly signal: AbortSignal;
}
