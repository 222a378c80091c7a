// What the HTTP room is handed: everything it may ask of the rest of CoPaw.

import type { AboutAdmin } from '../core/about.ts';
import type { Admins } from '../core/admins.ts';
import type { Caller } from '../core/brand.ts';
import type { AuthRequest, Refusal } from '../core/caller.ts';
import type { WebhookAnswer, WebhookRequest } from '../core/channel.ts';
import type { ConfigChange } from '../core/config.ts';
import type { WorkspaceFile } from '../core/media.ts';
import type { Operator } from '../core/operator.ts';
import type { SecurityAdmin } from '../core/security.ts';
import type { Device } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';

export interface HttpAuth {
  authenticate(request: AuthRequest): Promise<Caller | Refusal>;
  /** Host allowlist and, for what changes state, the origin. Asked for every request, also the public ones. */
  checkHost(request: AuthRequest): Refusal | undefined;
  /** A single-use code; `expiresAt` in milliseconds since the epoch. */
  newLoginCode(): { readonly code: string; readonly expiresAt: number };
  /** Both halves of a browser's credential. Throws `unauthenticated` for a dead code and `busy` after too many wrong ones. */
  exchange(code: string, deviceName: string): Promise<{ readonly cookie: string; readonly key: string; readonly device: Device }>;
  /** Aborts when the caller's device is revoked: what it has open ends with it. */
  until(caller: Caller): AbortSignal;
}

/** A file of the built console by its path, "/" separated and without a leading "/"; undefined where there is none. */
export type StaticFile = (path: string) => Promise<{ readonly body: Uint8Array; readonly mediaType: string } | undefined>;

export interface Version {
  readonly version: string;
  readonly commit: string;
}

export interface HttpParts extends Admins {
  readonly operator: Operator;
  /** A file of a session's workspace, through the path door. */
  file(sessionId: string, path: string): Promise<WorkspaceFile>;
  security(by: string): Promise<SecurityAdmin>;
  commitConfig(by: string, changes: readonly ConfigChange[]): Promise<void>;
  /** A request of a chat platform; undefined where no account takes it. */
  webhook(channel: string, account: string, request: WebhookRequest): Promise<WebhookAnswer | undefined>;
  /** Takes known secrets out of what an error says. */
  redact(text: string): string;
  readonly about: AboutAdmin;
  /** The page of numbers. */
  metrics(): Promise<string>;
  /** Whether it can receive and answer. */
  ready(): Promise<boolean>;
  readonly clock: Clock;
  readonly auth: HttpAuth;
  readonly version: Version;
  readonly staticFile: StaticFile;
  /** Faults of CoPaw itself, for the log; the caller only learns that there was one. */
  readonly onFault?: (error: unknown) => void;
}

/** Before the notice is accepted: nothing of CoPaw runs but these. */
export interface SetupParts {
  readonly notice: { readonly text: string; readonly sha256: string };
  /** Whether this is the code printed at start. Constant time; counts wrong ones. */
  checkCode(code: string): boolean;
  /** Writes the home, in the language of whoever accepted. The link it returns, if any, is where the operator logs in afterwards. */
  accept(language?: 'en' | 'zh'): Promise<{ readonly link?: string } | undefined> | Promise<void>;
  readonly staticFile: StaticFile;
  readonly checkHost: HttpAuth['checkHost'];
  readonly version: Version;
  readonly onFault?: (error: unknown) => void;
}

/** An application as Node's server and the tests call it. */
export interface HttpApp {
  fetch(request: Request): Response | Promise<Response>;
}
