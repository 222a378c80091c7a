// What the operator does about security: devices, secrets, the audit log, and the review of everything. Never a tool's business.

import type { ActivityPage, ActivityQuery } from './activity.ts';
import type { AuditRecord } from './audit.ts';
import type { PushChoice } from './push.ts';
import type { SecretSummary, SecretUse } from './secret.ts';
import type { Device } from './store.ts';

export type DeviceSummary = Omit<Device, 'tokenHash'> & {
  /** What the browser there is told while nobody looks; absent: nothing. */
  readonly push?: Pick<PushChoice, 'kinds' | 'text'>;
};

/** With `after`: what follows that number, oldest first. Else the newest. */
export interface AuditPage {
  readonly limit: number;
  readonly after?: number;
  readonly kind?: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly records: number;
  readonly brokenAt?: number;
}

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Something a review found. `id` is stable; `where` tells findings of one id apart. */
export interface ReviewFinding {
  readonly id: string;
  readonly severity: Severity;
  readonly what: string;
  readonly where: string;
  readonly why: string;
  readonly fix: string;
  /** Whether `--fix` can do it. */
  readonly fixable: boolean;
}

export interface Review {
  readonly at: number;
  /** The gravest first. */
  readonly findings: readonly ReviewFinding[];
  /** What was mended in this run, as "id where". */
  readonly fixed: readonly string[];
  /** Compared with the last review that was kept; absent where there was none. Findings as "id where". */
  readonly since?: { readonly at: number; readonly added: readonly string[]; readonly gone: readonly string[] };
}

export interface ReviewOptions {
  /** Mend what can be mended safely. */
  readonly fix: boolean;
  /** Keep it, so that the next review compares with it. */
  readonly keep: boolean;
}

export interface SecurityAdmin {
  devices(): Promise<readonly DeviceSummary[]>;
  /** One more named token; it is shown once. */
  addDevice(name: string): Promise<{ readonly token: string; readonly device: DeviceSummary }>;
  /** Ends what the device has open. Rejects with `not-found`. */
  revokeDevice(id: string): Promise<void>;
  /** The browser there is told nothing from here on. Rejects with `not-found` where it was told nothing. */
  stopPush(id: string): Promise<void>;
  secrets(): Promise<readonly SecretSummary[]>;
  setSecret(name: string, value: string, use?: SecretUse): Promise<void>;
  /** Rejects with `not-found`. */
  removeSecret(name: string): Promise<void>;
  audit(page: AuditPage): Promise<readonly AuditRecord[]>;
  /** The same records, with what they are about and where they belong. */
  activity(query: ActivityQuery): Promise<ActivityPage>;
  verifyAudit(): Promise<AuditVerdict>;
  review(options: ReviewOptions): Promise<Review>;
}

export const findingKey = ({ id, where }: Pick<ReviewFinding, 'id' | 'where'>): string => `${id} ${where}`;
