// Push notices: what a browser is told through its maker's push service while nobody looks at the console there.
import type { Language } from './config.ts';

export const pushKinds = ['approvals', 'answers', 'reminders', 'failures'] as const;
export type PushKind = (typeof pushKinds)[number];

/** Where the browser is reached, as it says itself: an https URL and the two keys of RFC 8291, base64url. */
export interface PushTarget {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

export interface PushChoice {
  readonly kinds: readonly PushKind[];
  /** Also what is asked, answered or reminded of; else only that something is. */
  readonly text: boolean;
  readonly language: Language;
}

/** One a device, and one an endpoint. `serverKey`: our public key, to which the browser bound the endpoint. */
export interface PushDevice extends PushTarget, PushChoice {
  readonly deviceId: string;
  readonly serverKey: string;
}

/** Browsers that are told, in the store. */
export interface PushDevices {
  list(): Promise<readonly PushDevice[]>;
  /** Replaces what this device or this endpoint had. Does nothing where there is no such device. */
  put(device: PushDevice): Promise<void>;
  /** With an endpoint: only where it still has that one. */
  remove(deviceId: string, endpoint?: string): Promise<boolean>;
}

export const pushProblemCodes = ['late', 'answered', 'unreachable'] as const;

/** late: it was too late to tell. answered: what the push service said instead of taking it. unreachable: nobody answered. */
export interface PushProblem {
  readonly code: (typeof pushProblemCodes)[number];
  /** Of HTTP, where it was answered. */
  readonly status?: number;
}

export interface PushState {
  /** Our public key, base64url; absent until a browser was to be told for the first time. */
  readonly key?: string;
  /** Absent: this device is told nothing. `problem`: why the last notice did not reach the push service, in this run. */
  readonly device?: PushChoice & { readonly problem?: PushProblem };
}

/** `by` is for the audit. */
export interface PushAdmin {
  state(deviceId: string): Promise<PushState>;
  /** Our public key; made, and kept in the vault, where there is none. */
  key(): Promise<string>;
  /** From here on this device is told. Rejects with `invalid` what is no browser's. */
  put(deviceId: string, target: PushTarget, choice: PushChoice, by: string): Promise<void>;
  /** False where it was told nothing. */
  remove(deviceId: string, by: string): Promise<boolean>;
  /** Tells it so, once, now. Rejects with why it did not go out. */
  test(deviceId: string): Promise<void>;
  /** Somebody looks at the console there. */
  seen(deviceId: string): void;
}
