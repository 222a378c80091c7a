// What comes over MQTT and what goes, parsed: who sends is the topic's business alone, never the payload's (docs/channels/mqtt.md).

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { IncomingFile } from '../../core/channel.ts';
import type { InboundMessage } from '../../core/inbound.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { base64File, fileOf } from '../base64-file.ts';

const id = z.string().min(1).max(256);

const message = z.object({
  id: id.optional().describe('Of this message, once and for all: a repeated one is not answered again.'),
  text: z.string().max(100_000).default(''),
  thread: id.optional(),
  replyTo: id.optional(),
  files: z.array(base64File).max(10).default([]),
  at: z.int().nonnegative().optional().describe('Milliseconds since the epoch; absent: now.'),
});

export interface ReceivedPacket {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Of the broker, within its session; absent at QoS 0. */
  readonly packetId: number | undefined;
  /** The broker says that it has sent this before. */
  readonly again: boolean;
}

export interface Received {
  readonly event: InboundMessage;
  readonly files: readonly IncomingFile[];
}

/** What stands for the last "+" of the filter; undefined where the topic is no match. */
export function senderOf(filter: string, topic: string): string | undefined {
  const [wanted, given] = [filter.split('/'), topic.split('/')];
  if (wanted.length !== given.length || !wanted.every((level, index) => level === '+' || level === given[index])) return undefined;
  const sender = given[wanted.lastIndexOf('+')] ?? '';
  return sender === '' || sender.length > 256 ? undefined : sender;
}

/** Undefined: nothing that anybody could have meant for CoPaw. */
export function toInbound(packet: ReceivedPacket, sender: string, now: number, idOf: (packet: ReceivedPacket, now: number) => string): Received | undefined {
  const words = textOf(packet.payload);
  if (words === undefined || words === '') return undefined;
  const parsed = message.safeParse(objectOf(words) ?? { text: words });
  if (!parsed.success) return undefined;
  const { id: own, text: said, thread, replyTo, files, at = now } = parsed.data;
  if (said === '' && files.length === 0) return undefined;
  const chat = { id: sender, kind: 'direct' as const, ...(thread === undefined ? {} : { thread }) };
  const event: InboundMessage = {
    ...{ kind: 'message', id: own ?? idOf(packet, now), chat, sender: { id: sender }, at, text: said },
    ...(replyTo === undefined ? {} : { replyTo }),
  };
  return { event, files: files.map(fileOf) };
}

const hourMs = 3_600_000;
const mostRemembered = 1_000;

/**
 * Ids for messages that have none: from topic, payload, the broker's packet number and the hour, so that a redelivery within the hour is
 * known as one. What the broker sends for the first time is never taken for what came before on this connection.
 */
export function packetIds(random: () => number): (packet: ReceivedPacket, now: number) => string {
  const given = new Map<string, number>();
  let count = 0;
  return ({ topic, payload, packetId, again }, now) => {
    if (packetId === undefined) return `once-${now.toString(36)}-${++count}-${random().toString(36).slice(2)}`;
    const known = JSON.stringify([topic, packetId, Math.floor(now / hourMs)]);
    const name = `auto-${createHash('sha256').update(known).update(payload).digest('hex').slice(0, 32)}`;
    if (again) return name;
    const before = given.get(name) ?? 0;
    given.delete(name);
    given.set(name, before + 1);
    for (const oldest of given.keys()) if (given.size > mostRemembered) given.delete(oldest);
    return before === 0 ? name : `${name}-${before}`;
  };
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    return undefined;
  }
}

/** Only an object is more than its words. */
function objectOf(words: string): object | undefined {
  if (!/^\s*\{/u.test(words)) return undefined;
  const value = jsonOf(words);
  return typeof value === 'object' && value !== null ? value : undefined;
}
