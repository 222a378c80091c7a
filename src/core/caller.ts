// What the authenticate door is asked, and how it says no.
import type { ErrorCode } from './error.ts';

/** `path` is without the query. */
export interface AuthRequest {
  readonly method: string;
  readonly path: string;
  /** By name in any case; undefined where the header is absent. */
  headers(name: string): string | undefined;
}

/** A refusal of a door: a value, never thrown. `reason` is for people and never says which part of a credential was wrong. */
export interface Refusal {
  readonly refused: ErrorCode;
  readonly rule: string;
  readonly reason: string;
}
