// What the operator does with channels: see the kinds there are, set an account up, switch it, look after its connection, and have all of it proved.
import type { ChannelState } from './channel-state.ts';
import type { SecretRef } from './secret.ts';

/** A kind of channel, as data for forms and questions. */
export interface ChannelKindView {
  /** As in config.json: "telegram". */
  readonly kind: string;
  readonly title: string;
  /** JSON Schema of what an account has beside the rules of who is listened to, how it answers among them; a member that names a secret has `secret: true`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Names of the members that are secrets. */
  readonly secrets: readonly string[];
  /** The page that says how to set it up, below the documentation. */
  readonly page: string;
}

/** Where a secret comes from, or its value: that goes to the vault and is never answered back. */
export type SecretGiven = SecretRef | { readonly value: string };

export interface ChannelDraft {
  /** By member. What is not mentioned stays as it is; null takes a member out. Rules of who is listened to may be among them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, SecretGiven>>;
  /** Absent: as it is; of a new account, off. */
  readonly enable?: boolean;
}

/** One thing that is wrong with a draft. `path`: dotted, below the account; empty where it is about the account as such. */
export interface ChannelFault {
  readonly path: string;
  readonly message: string;
}

/** How an account is written down. */
export interface ChannelAccount {
  readonly channel: string;
  readonly account: string;
  readonly enabled: boolean;
  /** Without secrets and without the rules of who is listened to; of how it answers, what is not as usual. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where each secret is, and whether there is a value. */
  readonly secrets: Readonly<Record<string, { readonly ref: SecretRef; readonly set: boolean }>>;
  /** Of those who are listened to: how many, and the operator's own. */
  readonly listed: { readonly allow: number; readonly operators: number; readonly groups: number };
}

export const channelLinks = ['settings', 'secret', 'network', 'access', 'receiving', 'sending'] as const;

/**
 * settings: what config.json says. secret: each has a value. network: the hosts are reached. access: the platform takes the credential and its
 * permissions. receiving: the receive path shows life. sending: a message got its receipt.
 */
export type ChannelLink = (typeof channelLinks)[number];

export interface LinkReport {
  readonly link: ChannelLink;
  /** open: not shown either way, and why stands in `detail`. */
  readonly state: 'ok' | 'failed' | 'open';
  readonly detail: string;
  /** What to do about it, one sentence. */
  readonly next?: string;
}

export interface ChannelTest {
  readonly channel: string;
  readonly account: string;
  /** No link failed. */
  readonly ok: boolean;
  /** In the order of `channelLinks`; what lies behind one that failed is open. */
  readonly links: readonly LinkReport[];
}

export interface ChannelsAdmin {
  /** Every account in config.json, in its order. */
  list(): Promise<readonly ChannelState[]>;
  /** Every kind this CoPaw has. */
  kinds(): Promise<readonly ChannelKindView[]>;
  /** Rejects with `not-found`. */
  read(channel: string, account: string): Promise<ChannelAccount>;
  /** Makes or changes an account. Where there are faults, all of them are told and nothing is written. Rejects with `not-found` for a kind that is not there. */
  add(channel: string, account: string, draft: ChannelDraft): Promise<readonly ChannelFault[]>;
  /** Out of config.json, and its own secrets out of the vault. */
  remove(channel: string, account: string): Promise<void>;
  /** Rejects with `config-invalid` where it is not set up whole. */
  setEnabled(channel: string, account: string, enabled: boolean): Promise<void>;
  /** A fresh connection now, whatever was planned. Rejects with `not-found`, or `conflict` where it is switched off. */
  restart(channel: string, account: string): Promise<ChannelState>;
  /** Switches the account on where it is off, and off again where that failed; waits a minute at most. `to`: the chat that gets a message. */
  test(channel: string, account: string, options: { readonly to?: string | undefined; readonly signal: AbortSignal }): Promise<ChannelTest>;
  /** Says something in a chat, now and once. The platform's receipts. Rejects where it is not up, or the platform says no. */
  send(channel: string, account: string, to: { readonly chat: string; readonly thread?: string | undefined }, text: string): Promise<readonly string[]>;
}
