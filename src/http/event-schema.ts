// Zod schemas of everything that travels inside an event: messages, plans, approvals. They mirror src/core exactly; the compiler holds them to it.
import { type ZodType, z } from 'zod';
import { origins } from '../core/address.ts';
import { anchorKinds } from '../core/compaction.ts';
import { type ErrorCode, errorCatalogue } from '../core/error.ts';
import { voices } from '../core/inbound.ts';
import type { Approval, ApprovalDecision, Plan } from '../core/policy.ts';
import type { PlacedEvent } from '../core/turn-event.ts';

/** Milliseconds since the epoch. */
export const time = z.number();
export const errorCode = z.enum(Object.keys(errorCatalogue) as ErrorCode[]);
export const address = z.object({
  channel: z.string(),
  account: z.string(),
  chat: z.string(),
  thread: z.string().exactOptional(),
  peer: z.string().exactOptional(),
});
const origin = z.enum(origins);
const usage = z.object({ input: z.number(), cachedInput: z.number(), output: z.number(), reasoning: z.number() });
const attachment = z.object({ name: z.string(), mediaType: z.string(), size: z.number(), path: z.string(), voice: z.enum(voices).exactOptional() });
const image = z.object({ path: z.string(), mediaType: z.string() });

const effect = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['read', 'write', 'delete']), path: z.string() }),
  z.object({
    kind: z.literal('run'),
    argv: z.array(z.string()).exactOptional(),
    command: z.string().exactOptional(),
    cwd: z.string(),
    network: z.boolean(),
    sandboxed: z.boolean(),
  }),
  z.object({ kind: z.literal('net'), url: z.string(), method: z.enum(['GET', 'HEAD', 'POST']) }),
  z.object({ kind: z.literal('memory'), access: z.enum(['read', 'write']) }),
  z.object({ kind: z.literal('send'), to: address }),
  z.object({ kind: z.literal('schedule'), what: z.enum(['reminder', 'job']), dueAt: time, text: z.string() }),
  z.object({ kind: z.literal('secret'), ref: z.string(), origin: z.string() }),
  z.object({ kind: z.literal('agent'), id: z.string() }),
  z.object({ kind: z.literal('opaque'), what: z.string() }),
]);

const plan = z.object({
  id: z.string(),
  digest: z.string(),
  tool: z.string(),
  sideEffect: z.enum(['none', 'workspace', 'outside']),
  args: z.unknown(),
  effects: z.array(effect),
  place: z.object({
    agentId: z.string(),
    sessionId: z.string(),
    turnId: z.string(),
    callId: z.string(),
    address,
    timezone: z.string(),
    now: time,
    sandbox: z.boolean(),
    network: z.object({ hosts: z.array(z.string()), privateHosts: z.array(z.string()) }).exactOptional(),
  }),
  origin,
  senderId: z.string(),
  executables: z.array(z.object({ path: z.string(), sha256: z.string() })),
  sandbox: z.string(),
  policyVersion: z.string(),
  nonce: z.string(),
}) satisfies ZodType<Plan>;

const scope = z.enum(['once', 'task', 'always']);
export const decision = z.enum(['once', 'task', 'always', 'deny']) satisfies ZodType<ApprovalDecision>;

export const approval = z.object({
  id: z.string(),
  plan,
  reason: z.string(),
  scopes: z.array(scope),
  warnings: z.array(z.string()),
  state: z.enum(['pending', 'approved', 'denied', 'expired']),
  decision: decision.exactOptional(),
  answeredBy: z.string().exactOptional(),
  askedAt: time,
  expiresAt: time,
}) satisfies ZodType<Approval>;

const userMessage = z.object({
  role: z.literal('user'),
  id: z.string(),
  text: z.string(),
  attachments: z.array(attachment),
  sender: z.object({ id: z.string(), name: z.string().exactOptional(), bot: z.boolean().exactOptional(), self: z.boolean().exactOptional() }),
  origin,
  forwarded: z.literal(true).exactOptional(),
  imported: z.literal(true).exactOptional(),
  heard: z.object({ path: z.string(), failed: z.literal(true).exactOptional() }).exactOptional(),
});

const assistantMessage = z.object({
  role: z.literal('assistant'),
  id: z.string(),
  step: z.number(),
  text: z.string(),
  thinking: z.string().exactOptional(),
  // JSON has no undefined: the input of a broken call is missing on the wire.
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), input: z.unknown().default(null), broken: z.string().exactOptional() })),
  files: z.array(attachment).exactOptional(),
  model: z.string().exactOptional(),
  usage: usage.exactOptional(),
});

const texts = z.array(z.string());
const compaction = {
  compactionId: z.string(),
  through: z.number(),
  from: z.number().exactOptional(),
  counts: z.object({ messagesBefore: z.number(), messagesAfter: z.number(), tokensBefore: z.number(), tokensAfter: z.number() }),
  summary: z.object({
    goal: z.string(),
    ...{ constraints: texts, done: texts, doing: texts, blocked: texts, decisions: texts, next: texts, promises: texts, facts: texts },
  }),
  anchors: z.array(z.object({ kind: z.enum(anchorKinds), text: z.string(), seq: z.number(), from: z.string().exactOptional() })),
  how: z.enum(['model', 'fallback']),
  why: z.enum(['asked', 'window', 'overflow']),
  model: z.string().exactOptional(),
  focus: z.string().exactOptional(),
  request: z.object({ turnId: z.string(), messages: z.array(z.object({ seq: z.number(), at: time, message: userMessage })) }).exactOptional(),
  urls: texts.exactOptional(),
  usage: usage.exactOptional(),
};

const placed = { id: z.string(), sessionId: z.string(), turnId: z.string(), at: time };

export const placedEvent = z.discriminatedUnion('type', [
  z.object({ ...placed, type: z.literal('turn-start'), origin, answerId: z.string(), resumed: z.boolean(), command: z.string().exactOptional() }),
  z.object({ ...placed, type: z.literal('turn-undone'), target: z.string() }),
  z.object({ ...placed, type: z.literal('compaction'), ...compaction }),
  z.object({ ...placed, type: z.literal('compaction-undone'), target: z.string() }),
  z.object({ ...placed, type: z.literal('message'), message: z.discriminatedUnion('role', [userMessage, assistantMessage]) }),
  z.object({ ...placed, type: z.literal('tool-start'), callId: z.string(), name: z.string(), args: z.unknown() }),
  z.object({ ...placed, type: z.literal('approval-request'), callId: z.string(), approval }),
  z.object({
    ...placed,
    type: z.literal('approval-answer'),
    callId: z.string(),
    approvalId: z.string(),
    decision: z.enum(['once', 'task', 'always', 'deny', 'expired']),
    by: z.string().exactOptional(),
  }),
  z.object({
    ...placed,
    type: z.literal('tool-end'),
    callId: z.string(),
    name: z.string(),
    outcome: z.enum(['ok', 'failed', 'denied', 'cancelled', 'unknown']),
    text: z.string(),
    fullText: z.string().exactOptional(),
    diff: z.string().exactOptional(),
    files: z.array(attachment).exactOptional(),
    images: z.array(image).exactOptional(),
    tainted: z.boolean().exactOptional(),
    changed: z.array(z.string()).exactOptional(),
    fetched: z.array(z.string()).exactOptional(),
    code: z.string().exactOptional(),
  }),
  z.object({
    ...placed,
    type: z.literal('notice'),
    level: z.enum(['info', 'warning', 'error']),
    code: z.union([errorCode, z.enum(['retry', 'truncated', 'compaction', 'not-saved', 'model-gone', 'images-refused'])]),
    text: z.string(),
    next: z.string().exactOptional(),
    reference: z.string().exactOptional(),
  }),
  z.object({
    ...placed,
    type: z.literal('turn-end'),
    outcome: z.enum(['answered', 'cancelled', 'refused', 'interrupted', 'failed']),
    answerId: z.string(),
    usage,
    cost: z.number().exactOptional(),
    model: z.string().exactOptional(),
  }),
  z.object({ ...placed, type: z.literal('text-delta'), step: z.number(), text: z.string() }),
  z.object({ ...placed, type: z.literal('thinking-delta'), step: z.number(), text: z.string() }),
  z.object({ ...placed, type: z.literal('draft-reset'), step: z.number() }),
  z.object({ ...placed, type: z.literal('tool-progress'), callId: z.string(), text: z.string() }),
]) satisfies ZodType<PlacedEvent>;
