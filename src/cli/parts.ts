// What the CLI needs of the rest of CoPaw. The composition root implements it; commands know nothing else, so that `copaw version` loads none of it.
import type { Licence, VulnerabilityReport } from '../core/about.ts';
import type { AgentsAdmin } from '../core/agents.ts';
import type { BackupsAdmin } from '../core/backup.ts';
import type { ChannelsAdmin } from '../core/channels-admin.ts';
import type { Config, ConfigChange } from '../core/config.ts';
import type { LearningAdmin } from '../core/learning.ts';
import type { LogLine } from '../core/log-page.ts';
import type { MemoryAdmin } from '../core/memory-admin.ts';
import type { MessagesAdmin } from '../core/messages.ts';
import type { ModelsAdmin, Operator, OperatorStatus } from '../core/operator.ts';
import type { PeopleAdmin } from '../core/people.ts';
import type { PermissionsAdmin } from '../core/permissions.ts';
import type { RemindersAdmin } from '../core/reminder.ts';
import type { Review, ReviewOptions, SecurityAdmin } from '../core/security.ts';
import type { SessionsAdmin } from '../core/sessions.ts';
import type { SettingsAdmin } from '../core/settings.ts';
import type { SkillsAdmin } from '../core/skill.ts';
import type { UndoAdmin } from '../core/undo.ts';
import type { UsageAdmin } from '../core/usage.ts';

/** How the notice was accepted: asked on a terminal, by `--accept-security`, or in the console's setup mode. */
export type AcceptedHow = 'terminal' | 'flag' | 'console';

export interface NewHome {
  readonly language: 'en' | 'zh';
  /** IANA time zone of the operator. */
  readonly timezone: string;
  readonly how: AcceptedHow;
}

export interface ServeOptions {
  readonly home: string;
  /** Overrides `server.port` of the configuration; 0 takes a free one. */
  readonly port?: number;
  /** `--accept-security`: accepts the notice as shown, and makes the home when it is new. */
  readonly acceptSecurity: boolean;
  /** Lines for the operator besides the ready line: warnings, what is weakened, a setup code. */
  readonly log: (line: string) => void;
}

export interface Served {
  /** `http://127.0.0.1:PORT/#code=CODE`; the code works once, for 60 seconds. */
  readonly url: string;
  /** The home does not exist or its notice is not accepted: the console shows the notice and nothing else. */
  readonly setup: boolean;
  /** Ends requests and turns in order; safe to call twice. */
  stop(): Promise<void>;
}

export interface ConfigAccess {
  /** Absolute path of config.json. */
  readonly path: string;
  current(): Config;
  /** Through the commitConfig door, of the running server where there is one. */
  commit(changes: readonly ConfigChange[]): Promise<unknown>;
  /** Throws what is wrong with the file; returns one sentence for each key CoPaw does not know. */
  validate(): readonly string[];
}

/** One finding of `copaw doctor`. `id` is stable. */
export interface Finding {
  readonly id: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What to do about it, one sentence. */
  readonly next?: string;
}

/** How a home is, in one screen. */
export interface HomeStatus {
  readonly home: string;
  readonly running: boolean;
  readonly status: OperatorStatus;
  /** Bytes on the disk: of the whole home, and of what grows in it. */
  readonly disk: {
    readonly all: number;
    readonly workspaces: number;
    readonly logs: number;
    readonly database: number;
    readonly backups: number;
    /** What files held before tools changed them. */
    readonly undo: number;
    readonly trash: number;
  };
  /** The last errors in the log, newest last. */
  readonly errors: readonly LogLine[];
}

export interface LogFiles {
  /** All that is kept, newest last. */
  all(): readonly LogLine[];
  /** What came since the last call, or since `all`. */
  added(): readonly LogLine[];
}

export interface CliParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  version(): { readonly version: string; readonly commit: string; readonly node: string };
  /** The home to use: `override` (from --home), else COPAW_HOME, else the platform's default. Absolute. */
  homePath(override?: string): string;
  /** Throws `home-foreign` or `home-unsafe` for a directory that must not be used. */
  homeState(home: string): 'missing' | 'empty' | 'ours';
  readonly notice: { readonly text: string; readonly sha256: string };
  accepted(home: string): boolean;
  /** Makes the home whole or not at all. */
  init(home: string, options: NewHome): Promise<void>;
  accept(home: string, how: AcceptedHow): void;
  config(home: string): Promise<ConfigAccess>;
  /** config.json whole, through the running server of this home where there is one. */
  settings(home: string): Promise<SettingsAdmin>;
  /** Through the running server of this home where there is one. */
  agents(home: string): Promise<AgentsAdmin>;
  /** Through the running server of this home where there is one. */
  models(home: string): Promise<{ readonly admin: ModelsAdmin; close(): Promise<void> }>;
  /** Through the running server of this home where there is one. */
  skills(home: string): Promise<SkillsAdmin>;
  /** Through the running server of this home where there is one. */
  permissions(home: string): Promise<PermissionsAdmin>;
  /** Through the running server of this home where there is one. */
  people(home: string): Promise<PeopleAdmin>;
  /** Through the running server of this home; where there is none, for looking only. */
  messages(home: string): Promise<MessagesAdmin>;
  /** Of the running server of this home, or of a CoPaw in this process when none runs. */
  learning(home: string): Promise<LearningAdmin>;
  /** Starts nothing where no server runs. */
  status(home: string): Promise<HomeStatus>;
  /** Read from the files, whether or not a server runs. */
  logs(home: string): Promise<LogFiles>;
  /** Through the running server of this home, which alone holds connections; where there is none, what needs one rejects with `not-found`. */
  channels(home: string): Promise<ChannelsAdmin>;
  /** Through the running server of this home where there is one. */
  undo(home: string): Promise<UndoAdmin>;
  /** Through the running server of this home; where there is none, nothing runs and nothing answers. */
  sessions(home: string): Promise<SessionsAdmin>;
  /** Through the running server of this home where there is one. */
  memory(home: string): Promise<MemoryAdmin>;
  /** Through the running server of this home where there is one. */
  reminders(home: string): Promise<RemindersAdmin>;
  /** Through the running server of this home where there is one. */
  usage(home: string): Promise<UsageAdmin>;
  /** Of the packages that are part of CoPaw. */
  licences(): Promise<readonly Licence[]>;
  /** Reads beside a running server; a restore needs the home for itself. */
  backups(home: string): Promise<BackupsAdmin>;
  /** The running server of this home, or a CoPaw in this process when none runs. */
  operator(home: string): Promise<{ readonly operator: Operator; close(): Promise<void> }>;
  serve(options: ServeOptions): Promise<Served>;
  /** Through the running server of this home where there is one. */
  security(home: string): Promise<SecurityAdmin>;
  /** Also of a home that is refused because others can get at it. */
  review(home: string, options: ReviewOptions): Promise<Review>;
  securityReport(home: string, from: string | undefined): Promise<VulnerabilityReport>;
  /** Writes a new private file; returns the number of lines. */
  writeLines(path: string, lines: AsyncIterable<string>): Promise<number>;
  /** Lines of a file, read in steps; rejects with `not-found`. */
  readLines(path: string): AsyncIterable<string>;
  /** A file as it is, read in steps; rejects with `not-found`. */
  readBytes(path: string): AsyncIterable<Uint8Array>;
  /** Takes the secrets this process knows out of a text. */
  redact(text: string): string;
  /** A login link to the running server; `expiresAt` in milliseconds since the epoch. */
  loginLink(home: string): Promise<{ readonly url: string; readonly expiresAt: number }>;
  /** Opens the link in a browser; false where there is none to open. */
  browse(url: string): Promise<boolean>;
  doctor(home: string): Promise<readonly Finding[]>;
}
