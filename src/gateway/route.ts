// Step 4 of the path, pure: which agent and session an admitted message belongs to, or which command it is.
import { type Address, addressKey, type Origin } from '../core/address.ts';
import type { Admitted } from '../core/brand.ts';
import { ownChannels } from '../core/channel-config.ts';
import { type CommandName, chatCommand } from '../core/chat-command.ts';
import type { Config } from '../core/config.ts';
import { linkOf } from '../core/identities.ts';
import type { Envelope, Inbound } from '../core/inbound.ts';
import type { ApprovalDecision } from '../core/policy.ts';
import { isSenderId } from '../core/sender-rules.ts';
import { type QueueMode, queueModes } from '../core/session.ts';
import { sha256 } from '../lib/canonical-json.ts';

export interface Where {
  readonly sessionId: string;
  readonly address: Address;
}

export type Route =
  /** `mode`: what the message itself says of how it waits. `compact`: it only asks for a compaction, with this in mind. */
  | ({ readonly kind: 'turn'; readonly text: string; readonly mode?: QueueMode; readonly compact?: string } & Where)
  | ({ readonly kind: 'command'; readonly name: Exclude<CommandName, 'approve' | 'deny' | 'steer'>; readonly text: string } & Where)
  /** An answer to an approval. `mac` is there where a button said it. */
  | ({ readonly kind: 'answer'; readonly approvalId: string; readonly decision: ApprovalDecision; readonly mac?: string } & Where)
  | ({ readonly kind: 'unknown-command' } & Where)
  /** New words for a message, or none: it was taken back. `target` is its inbox key. */
  | ({ readonly kind: 'change'; readonly target: string; readonly text?: string } & Where)
  | { readonly kind: 'remind'; readonly sessionId: string; readonly text: string }
  | { readonly kind: 'ignored'; readonly reason: string };

const stopWords: ReadonlySet<string> = new Set(['stop', '停', '停止']);
const decisions: ReadonlySet<string> = new Set<ApprovalDecision>(['once', 'task', 'always', 'deny']);
const isDecision = (word: string): word is ApprovalDecision => decisions.has(word);

/** The session of a direct chat whose person has others; undefined: it is one of its own. `origin`: as which the sender was let in, once that is known. */
export type Linked = (address: Address, origin?: Origin) => string | undefined;

/** The operator's own surfaces name their session; a due reminder names the session it was made in; a chat always has the same one. */
export function route(envelope: Admitted, linked?: Linked): Route {
  const { inbound, channel } = envelope;
  const where = whereOf(envelope, linked);
  switch (inbound.kind) {
    case 'message':
      return inbound.forwarded === true || (inbound.attachments ?? []).length > 0
        ? { kind: 'turn', text: inbound.text, ...where }
        : routeText(inbound.text, where);
    case 'command':
      if (channel === 'schedule' && inbound.name === 'remind') return { kind: 'remind', sessionId: where.sessionId, text: inbound.text };
      if (channel === 'schedule') return { kind: 'ignored', reason: 'nothing else is scheduled' };
      return commandOf(`/${inbound.name} ${inbound.text}`, where) ?? { kind: 'unknown-command', ...where };
    case 'choice':
      return choiceOf(inbound.value, where);
    case 'edit':
      return { kind: 'change', target: inboxKey(envelope, inbound.target), text: inbound.text, ...where };
    case 'delete':
      return { kind: 'change', target: inboxKey(envelope, inbound.target), ...where };
    default:
      return { kind: 'ignored', reason: `nothing answers a ${inbound.kind}` };
  }
}

function routeText(text: string, where: Where): Route {
  return commandOf(text, where) ?? { kind: 'turn', text, ...where };
}

function commandOf(text: string, where: Where): Route | undefined {
  const words = text.trim().split(/\s+/u);
  if (stopWords.has(words.join(' ').toLowerCase())) return { kind: 'command', name: 'stop', text: '', ...where };
  const [first = '', ...more] = words;
  const { name } = (first.startsWith('/') ? chatCommand(first.slice(1)) : undefined) ?? {};
  if (name === undefined) return undefined;
  if (name === 'approve' || name === 'deny') return answerOf(name, more, where);
  const rest = text.trim().slice(first.length).trim();
  if (name === 'steer') return rest === '' ? { kind: 'unknown-command', ...where } : { kind: 'turn', text: rest, mode: 'steer', ...where };
  if (name === 'queue' && rest !== '' && !isMode(rest)) return { kind: 'turn', text: rest, mode: 'queue', ...where };
  return { kind: 'command', name, text: rest, ...where };
}

function answerOf(name: 'approve' | 'deny', [approvalId = '', scope = 'once', ...more]: readonly string[], where: Where): Route {
  if (more.length > 0 || !isDecision(scope) || scope === 'deny') return { kind: 'unknown-command', ...where };
  return { kind: 'answer', approvalId, decision: name === 'deny' ? 'deny' : scope, ...where };
}

export const isMode = (word: string): word is QueueMode => queueModes.some((mode) => mode === word);

function choiceOf(value: string, where: Where): Route {
  const [what, approvalId = '', decision = '', mac = '', ...more] = value.split(':');
  if (what !== 'approval' || more.length > 0 || !isDecision(decision)) return { kind: 'ignored', reason: 'this button means nothing any more' };
  return { kind: 'answer', approvalId, decision, mac, ...where };
}

/** What a button says that answers an approval; the other half of `choiceOf`. */
export const choiceValue = (approvalId: string, decision: ApprovalDecision, mac: string): string => ['approval', approvalId, decision, mac].join(':');

/** Deduplication key of a message of this chat. */
export function inboxKey({ channel, account, inbound }: { channel: string; account: string; inbound: Pick<Inbound, 'chat'> }, id: string): string {
  return addressKey({ channel, account, chat: inbound.chat.id, thread: id });
}

/** Empty where an id cannot be one; the door refuses such an event. A message and an edit of it may carry the same id. */
export function keyOf(channel: string, account: string, inbound: Inbound): string {
  const { id, chat, kind } = inbound;
  if (![id, chat.id, chat.thread ?? '-'].every(isSenderId)) return '';
  const key = inboxKey({ channel, account, inbound }, id);
  return kind === 'message' || kind === 'command' ? key : `${key}#${kind}`;
}

/** New words that would be a command are none for a message that waits. */
export function isCommand(envelope: Admitted, text: string | undefined): boolean {
  const { id, chat, sender, at } = envelope.inbound;
  return text !== undefined && route({ ...envelope, inbound: { kind: 'message', id, chat, sender, at, text } }).kind !== 'turn';
}

/** The words a message says to the agent, without the command in front; of a command, all of it. */
export function spokenText(envelope: Admitted): string {
  const { inbound } = envelope;
  const way = route(envelope);
  if (way.kind === 'turn') return way.text;
  if (inbound.kind === 'command') return `/${inbound.name} ${inbound.text}`.trim();
  return inbound.kind === 'message' ? inbound.text : '';
}

/** The conversation an event belongs to. */
export function whereOf(
  { inbound, channel, account, origin }: Pick<Envelope, 'inbound' | 'channel' | 'account'> & { readonly origin?: Origin },
  linked?: Linked,
): Where {
  const { id: chat, thread, kind } = inbound.chat;
  const place: Address = { channel, account, chat, ...(thread === undefined ? {} : { thread }) };
  if (ownChannels.has(channel)) return { sessionId: chat, address: place };
  // Two people in one direct chat would be a fault of the platform; they share nothing all the same.
  const address: Address = kind === 'direct' ? { ...place, peer: inbound.sender.id } : place;
  // A bot is never the operator, whatever list its id is in.
  const common = inbound.sender.bot === true ? undefined : linked?.(address, origin);
  return { sessionId: common ?? chatSessionId(address), address };
}

/** The conversations of one person are one, with a name of its own that no address has. */
export function linkedSessionId(config: Pick<Config, 'channels' | 'identities'>, address: Address, origin?: Origin): string | undefined {
  const link = linkOf(config, address);
  if (!link || (origin !== undefined && origin !== link.standing)) return undefined;
  return `chat_${sha256(JSON.stringify(['identity', link.name, link.standing])).slice(0, 32)}`;
}

/** The key of a session: of what was said in one place, that place. */
export function sessionKey(agentId: string, sessionId: string, address: Address): string {
  const isLinked = isChatSession(sessionId) && !ownChannels.has(address.channel) && sessionId !== chatSessionId(address);
  return `${agentId}:${isLinked ? sessionId : addressKey(address)}`;
}

/** What a turn answers to: only words from the same chat join it. The surfaces of CoPaw itself are one. */
export const placeKey = (address: Address): string => (ownChannels.has(address.channel) ? '' : addressKey(address));

/** One session for one conversation on a channel, with a name that is safe everywhere. */
export function chatSessionId(address: Address): string {
  return `chat_${sha256(addressKey(address)).slice(0, 32)}`;
}

export function isChatSession(sessionId: string): boolean {
  return /^chat_[0-9a-f]{32}$/.test(sessionId);
}
