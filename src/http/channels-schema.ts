// Bodies of the routes about chat channels: kinds, accounts, their connections, and what a test found.
import { type output, type ZodType, z } from 'zod';
import type { ChannelState } from '../core/channel-state.ts';
import { type ChannelAccount, type ChannelFault, type ChannelKindView, channelLinks, type LinkReport, type SecretGiven } from '../core/channels-admin.ts';
import { longestSecret, secretRefSchema } from '../core/secret.ts';
import { errorCode, time } from './event-schema.ts';

const channelState = z.object({
  channel: z.string(),
  account: z.string(),
  state: z.enum(['connecting', 'up', 'down', 'refused', 'off', 'unknown']),
  since: time,
  downSince: time.exactOptional(),
  lastReceivedAt: time.exactOptional().describe('The last sign of life of the receive path.'),
  attempts: z.number().describe('Connections that failed in a row since the last one that held.'),
  nextTryAt: time.exactOptional(),
  lastError: z.object({ code: errorCode, message: z.string(), next: z.string().exactOptional() }).exactOptional(),
}) satisfies ZodType<ChannelState>;

export const channels = z.object({ channels: z.array(channelState) });
export type Channels = output<typeof channels>;
export const channelAnswer = z.object({ channel: channelState });

const kind = z.object({
  kind: z.string(),
  title: z.string(),
  settings: z.record(z.string(), z.unknown()).describe('JSON Schema; a member that names a secret has `secret: true`.'),
  secrets: z.array(z.string()).describe('Names of the members that are secrets.'),
  page: z.string().describe('Below docs/.'),
}) satisfies ZodType<ChannelKindView>;
export const channelKinds = z.object({ kinds: z.array(kind) });
export type ChannelKindsBody = output<typeof channelKinds>;

const account = z.object({
  ...{ channel: z.string(), account: z.string(), enabled: z.boolean(), settings: z.record(z.string(), z.unknown()) },
  secrets: z.record(z.string(), z.object({ ref: secretRefSchema, set: z.boolean() })).describe('Where each is, and whether there is a value; never the value.'),
  listed: z.object({ allow: z.number(), operators: z.number(), groups: z.number() }),
}) satisfies ZodType<ChannelAccount>;
export const channelAccount = z.object({ account });
export type ChannelAccountBody = output<typeof channelAccount>;

const name = z.string().min(1).max(64);
const secretGiven = z.union([secretRefSchema, z.strictObject({ value: z.string().max(longestSecret) })]) satisfies ZodType<SecretGiven>;
export const channelDraft = z.strictObject({
  settings: z.record(name, z.unknown()).default({}).describe('By member; what is not mentioned stays as it is, null takes a member out.'),
  secrets: z.record(name, secretGiven).default({}).describe('Where each is, or its value: that goes to the vault and is never answered back.'),
  enable: z.boolean().exactOptional(),
});
const fault = z.object({ path: z.string(), message: z.string() }) satisfies ZodType<ChannelFault>;
export const channelAdded = z.object({ faults: z.array(fault).describe('All that is wrong; then nothing was written.') });
export type ChannelAddedBody = output<typeof channelAdded>;
export const channelEnabled = z.strictObject({ enabled: z.boolean() });

export const channelTestRequest = z.strictObject({
  to: z.string().min(1).max(256).exactOptional().describe('The chat that gets a message; absent: the direct chat you used last.'),
});
const link = z.object({
  link: z.enum(channelLinks),
  state: z.enum(['ok', 'failed', 'open']),
  detail: z.string(),
  next: z.string().exactOptional(),
}) satisfies ZodType<LinkReport>;
export const channelTest = z.object({ channel: z.string(), account: z.string(), ok: z.boolean(), links: z.array(link) });
export type ChannelTestBody = output<typeof channelTest>;
export const channelSend = z.strictObject({
  chat: z.string().min(1).max(256),
  thread: z.string().min(1).max(256).exactOptional(),
  text: z.string().min(1).max(20_000),
});
export const channelSent = z.object({ receipts: z.array(z.string()).describe("The platform's own ids, one for each part.") });
