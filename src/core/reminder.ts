// Reminders that wait, as the operator's surfaces see them.
import type { Job } from './session.ts';

/** The chat it will be said in is that of its conversation. */
export interface WaitingReminder extends Pick<Job, 'id' | 'agentId' | 'sessionId' | 'dueAt' | 'text' | 'createdAt'> {
  /** Title of its conversation; empty where that is gone. */
  readonly title: string;
}

export interface RemindersAdmin {
  /** The next one first. */
  list(): Promise<readonly WaitingReminder[]>;
  /** It is never said. Rejects with `not-found` for an id that is not known, and with `conflict` for one that was said or cancelled before. */
  cancel(id: string): Promise<WaitingReminder>;
}
