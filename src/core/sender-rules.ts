// Whose event is taken, and in which column of the verdict table (R9–R11, R13). Pure; the admit door asks it and nobody else decides.
import type { Address, Origin } from './address.ts';
import type { Admitted } from './brand.ts';
import { type AccountConfig, type ChannelsConfig, enabledAccount, longestId, ownChannels, unattendedChannels } from './channel-config.ts';
import type { Envelope } from './inbound.ts';

/**
 * What a refused sender may notice. nothing: silence. pairing: the fixed text with a code. denied: the account's own text. too-old, too-many and full: one short
 * note to somebody who is listed. unaddressed: a listed member talked to others; not even a record is kept.
 */
export type RefusalOutcome = 'nothing' | 'pairing' | 'denied' | 'too-old' | 'too-many' | 'full' | 'unaddressed';

export interface SenderRefusal {
  readonly rule: string;
  readonly reason: string;
  readonly outcome: RefusalOutcome;
}

/** The admit door's answer. */
export type Admission =
  | { readonly admitted: true; readonly envelope: Admitted }
  | ({ readonly admitted: false } & Omit<SenderRefusal, 'outcome'> & { readonly outcome?: RefusalOutcome });

/** What only the outbox knows. */
export interface SenderFacts {
  /** The event is something we sent, come back to us. */
  readonly echo: boolean;
  /** It answers or acts on something we sent. */
  readonly toUs: boolean;
}

/** How far ahead of our clock a platform's may be, milliseconds. */
const aheadMs = 5 * 60_000;

const refusal = (rule: string, reason: string, outcome: RefusalOutcome = 'nothing'): SenderRefusal => ({ rule, reason, outcome });
const unlisted = 'This sender is not on the allowlist.';

/** Exactly this id, as text. A list that is not a list of texts holds nobody. */
export function lists(list: unknown, id: string): boolean {
  return Array.isArray(list) && id !== '*' && list.every((entry) => typeof entry === 'string') && list.includes(id);
}

/** What can be an id, and so stand in a list. */
export function isSenderId(id: unknown): id is string {
  return typeof id === 'string' && id.length > 0 && id.length <= longestId && id.trim() === id && id !== '*' && id.isWellFormed();
}

type SenderVerdict = { readonly origin: Origin; readonly limits?: Pick<AccountConfig, 'senderPerMinute' | 'chatPerMinute'> } | SenderRefusal;

/** CoPaw's own surfaces are only reached with the operator's credential, or from inside. */
export function ownVerdict({ channel, account, inbound }: Envelope): SenderVerdict {
  if (account !== 'local') return refusal('R9', unlisted);
  if (inbound.sender.bot === true) return refusal('R11', 'Messages of bots are not taken.');
  return { origin: channel === 'schedule' ? 'unattended' : 'operator' };
}

export function senderVerdict(channels: ChannelsConfig, envelope: Envelope, facts: SenderFacts): SenderVerdict {
  const { channel, account: name, inbound, receivedAt } = envelope;
  const { sender, chat } = inbound;
  if (![sender.id, chat.id, inbound.id, chat.thread ?? '-'].every(isSenderId)) return refusal('R10', 'A sender, a chat and an event have an id that is text.');
  const account = enabledAccount(channels, channel, name);
  if (!account) return refusal('R9', unlisted);
  if (facts.echo) return refusal('R11', 'These are our own words.');
  const group = chat.kind === 'group' ? groupOf(account, chat.id) : undefined;
  if (chat.kind !== 'direct' && !group) return refusal('R9', 'This group is not listed.');

  const machine = sender.bot === true || sender.self === true;
  const owner = sender.bot !== true && lists(account.operators, sender.id);
  const listed = owner || isListed(account, group, sender.id);
  const open = !machine && isOpen(account, group);
  if (!listed && machine) return refusal('R11', 'Bots and the account itself are not listened to unless they are listed.');
  const old = !Number.isFinite(inbound.at) || receivedAt - inbound.at > account.freshMinutes * 60_000;
  if (!listed && !open) {
    const asks = !group && !old && inbound.kind === 'message' && inbound.at - receivedAt <= aheadMs;
    const told = account.pairing === true ? 'pairing' : account.denyText === undefined ? 'nothing' : 'denied';
    return refusal('R9', unlisted, asks ? told : 'nothing');
  }
  if (inbound.at - receivedAt > aheadMs) return refusal('R11', 'This event says it is from the future.');
  if (old) return refusal('R11', 'This event is too old to act on.', 'too-old');
  const program = unattendedChannels.has(channel);
  if (!group) return { origin: program ? 'unattended' : owner ? 'operator' : 'direct', limits: account };
  const addressed = facts.toUs || ('mentioned' in inbound && inbound.mentioned === true) || group.dangerouslyWithoutMention === true;
  const speaks = inbound.kind === 'message' || inbound.kind === 'command' || inbound.kind === 'choice';
  return speaks && !addressed ? refusal('R9', 'Nobody addressed CoPaw.', 'unaddressed') : { origin: program ? 'unattended' : 'group', limits: account };
}

/**
 * Whether somebody may still have done what a turn of theirs does: lists change while it runs. No turn gains by a change. What comes by itself was asked
 * by nobody in a list; there whoever reads the answer counts.
 */
export function stillStands(channels: ChannelsConfig, address: Address, senderId: string, origin: Origin): boolean {
  const { channel, account: name, chat, peer } = address;
  if (ownChannels.has(channel)) return true;
  if (origin === 'unattended') return mayReach(channels, address);
  const account = enabledAccount(channels, channel, name);
  const group = account && peer === undefined ? groupOf(account, chat) : undefined;
  if (!account || (peer === undefined && !group)) return false;
  if (lists(account.operators, senderId)) return true;
  return origin !== 'operator' && (isListed(account, group, senderId) || isOpen(account, group));
}

/** Whether words may go there now: asked again when they leave, for lists change while a turn runs. */
export function mayReach(channels: ChannelsConfig, { channel, account: name, chat, peer }: Address): boolean {
  const account = enabledAccount(channels, channel, name);
  if (!account) return false;
  if (peer === undefined) return groupOf(account, chat) !== undefined;
  return lists(account.operators, peer) || isListed(account, undefined, peer) || isOpen(account, undefined);
}

type Group = AccountConfig['groups'][string];

function groupOf(account: AccountConfig, chat: string): Group | undefined {
  return Object.hasOwn(account.groups, chat) ? account.groups[chat] : undefined;
}

/** In the list that counts there: the group's own, else the account's. */
function isListed(account: AccountConfig, group: Group | undefined, id: string): boolean {
  return lists(group?.allow ?? account.allow, id);
}

function isOpen(account: AccountConfig, group: Group | undefined): boolean {
  return group ? group.dangerouslyAllowMembers === true : account.dangerouslyAllowEveryone === true;
}
