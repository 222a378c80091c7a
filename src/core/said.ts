// What is asked of the full-text index of what was said, and what it finds.
import type { Session } from './session.ts';
import type { Entry } from './turn-event.ts';

export interface SaidQuery {
  readonly terms: readonly string[];
  readonly match: 'all' | 'any';
  /** Only of this agent. */
  readonly agentId?: string;
  /** Only of this conversation. */
  readonly sessionId?: string;
  /** Only entries with a lower number. */
  readonly before?: number;
  readonly limit: number;
}

export interface SaidRow {
  readonly entry: Entry;
  readonly session: Session;
}
