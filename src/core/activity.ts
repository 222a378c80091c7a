// What the audit log holds, as people look for it: what a record is about, how it came out, and the conversation it belongs to.
import type { AuditRecord } from './audit.ts';

/** tools: what a turn did, or would have. access: who came in, or did not. settings: what is allowed from now on. data: what is kept. */
export const activitySubjects = ['tools', 'access', 'settings', 'data'] as const;
export type ActivitySubject = (typeof activitySubjects)[number];

/** approved: a person said yes. refused: it did not happen. */
export const activityOutcomes = ['done', 'approved', 'refused'] as const;
export type ActivityOutcome = (typeof activityOutcomes)[number];

export interface ActivityRecord extends Omit<AuditRecord, 'mac'> {
  readonly subject: ActivitySubject;
  readonly outcome: ActivityOutcome;
  /** As far as the record, or what it names, says. */
  readonly agentId?: string;
  /** Only of a conversation that is still there. */
  readonly sessionId?: string;
}

export interface ActivityQuery {
  readonly limit: number;
  /** Only records with a lower number. */
  readonly before?: number;
  readonly subject?: ActivitySubject;
  readonly outcome?: ActivityOutcome;
  readonly agent?: string;
}

export interface ActivityPage {
  /** Newest first. */
  readonly records: readonly ActivityRecord[];
  /** Go on before it: there may be more. */
  readonly older?: number;
}

/** By the first words of the kind; everything else is data. */
const subjects: readonly (readonly [ActivitySubject, RegExp])[] = [
  ['tools', /^(?:tool|egress|send|undo|approval)(?:-|$)/u],
  ['access', /^(?:login|device|caller|sender|pairing)(?:-|$)/u],
  ['settings', /^(?:config|secret|grant|taint|skill|artifact|review)(?:-|$)/u],
];

export function subjectOf(kind: string): ActivitySubject {
  return subjects.find(([, words]) => words.test(kind))?.[0] ?? 'data';
}

export function outcomeOf(kind: string): ActivityOutcome {
  if (/-(?:refused|denied|deny)$/u.test(kind)) return 'refused';
  return /-(?:approved|approve)$/u.test(kind) || kind === 'grant-add' ? 'approved' : 'done';
}
