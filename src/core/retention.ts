// What leaves by itself once it is old: rows of the database by kind, and how long each kind stays.

/**
 * What a sweep drops. messages: words and attachments of inbox rows that came to an end. parts: the same of outbox rows. Of both the rows stay, for ids and
 * receipts. steps: the journal of turns that ended. approvals: settled ones. jobs: reminders that fired or were cancelled. usage: provider calls.
 */
export type AgedRows = 'messages' | 'parts' | 'steps' | 'approvals' | 'jobs' | 'usage';

/** Days each kind stays; 0: for ever. */
export interface RetentionKeep {
  readonly outputDays: number;
  readonly trashDays: number;
  readonly journalDays: number;
  readonly usageDays: number;
}
