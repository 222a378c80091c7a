// Who may talk to CoPaw, as the operator sees and decides it: pairing requests, the lists, and whom the door turned away.

import type { Identity } from './identities.ts';

/** A stranger who wrote and got a code. The code is no credential: it only names the request. */
export interface Pairing {
  readonly channel: string;
  readonly account: string;
  /** The platform's id. */
  readonly sender: string;
  readonly code: string;
  /** denied: nothing is said to this sender until it leaves the table. */
  readonly state: 'pending' | 'denied';
  /** Milliseconds since the epoch, as all times. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** When the code was last said. */
  readonly answeredAt: number;
}

/** All that is kept of whom the door turned away: id, times, rule and how often. */
export interface TurnedAway {
  readonly channel: string;
  readonly account: string;
  readonly sender: string;
  readonly rule: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
}

export interface ListedAccount {
  readonly channel: string;
  readonly account: string;
  readonly enabled: boolean;
  readonly allow: readonly string[];
  readonly operators: readonly string[];
  readonly groups: readonly string[];
  readonly pairing: boolean;
  /** Paths of the `dangerously…` keys that are on. */
  readonly weakened: readonly string[];
}

export interface PeopleView {
  readonly accounts: readonly ListedAccount[];
  /** Ids that are one person's. */
  readonly identities: readonly Identity[];
  /** Pending and not expired, oldest first. */
  readonly pairings: readonly Pairing[];
  /** Newest first. */
  readonly turnedAway: readonly TurnedAway[];
}

export interface PeopleAdmin {
  view(): Promise<PeopleView>;
  /** Puts the sender on the account's list: `operator` as the operator's own id, else as a direct sender. Rejects with `not-found`. */
  approve(code: string, operator: boolean): Promise<Pairing>;
  deny(code: string): Promise<Pairing>;
}
