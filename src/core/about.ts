// Which CoPaw this is and what it is made of.

export interface Licence {
  readonly name: string;
  readonly version: string;
  /** As the package names it, for example "MIT". */
  readonly licence: string;
  readonly text: string;
}

/** A vulnerability report in Markdown, without secrets and paths of the home, and what it still lacks. */
export interface VulnerabilityReport {
  readonly markdown: string;
  /** All required fields have something in them, and a boundary is named. */
  readonly complete: boolean;
  /** Titles of the fields that have nothing in them. */
  readonly missing: readonly string[];
  readonly problems: readonly string[];
}

export interface About {
  readonly version: string;
  /** 40 hex digits, or "unknown". */
  readonly commit: string;
  /** "24.15.0" */
  readonly node: string;
  /** "Linux 6.1.0 x64" */
  readonly system: string;
  /** The directory that holds all data; absolute. */
  readonly home: string;
  /** Bytes of the database, and bytes that are free where it lies. */
  readonly database: number;
  readonly free: number;
  /** Bytes in use. */
  readonly memory: number;
  readonly startedAt: number;
}

export interface AboutAdmin {
  about(): Promise<About>;
  /** Of the packages that are put into CoPaw's own files and into the console; none in a checkout that was not built. */
  licences(): Promise<readonly Licence[]>;
  report(): Promise<VulnerabilityReport>;
}
