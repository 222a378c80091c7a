// Bodies of the routes about who may talk to CoPaw.
import { type output, type ZodType, z } from 'zod';
import type { Identity } from '../core/identities.ts';
import type { ListedAccount, Pairing, TurnedAway } from '../core/people.ts';
import { time } from './event-schema.ts';

const pairing = z.object({
  channel: z.string(),
  account: z.string(),
  sender: z.string().describe("The platform's id."),
  code: z.string(),
  state: z.enum(['pending', 'denied']),
  createdAt: time,
  expiresAt: time,
  answeredAt: time,
}) satisfies ZodType<Pairing>;
const listedAccount = z.object({
  channel: z.string(),
  account: z.string(),
  enabled: z.boolean(),
  allow: z.array(z.string()),
  operators: z.array(z.string()),
  groups: z.array(z.string()),
  pairing: z.boolean(),
  weakened: z.array(z.string()),
}) satisfies ZodType<ListedAccount>;
const turnedAway = z.object({
  channel: z.string(),
  account: z.string(),
  sender: z.string(),
  rule: z.string(),
  firstAt: time,
  lastAt: time,
  count: z.number(),
}) satisfies ZodType<TurnedAway>;

const identity = z.object({
  name: z.string(),
  ids: z.array(
    z.object({
      channel: z.string(),
      account: z.string(),
      id: z.string(),
      standing: z.enum(['operator', 'direct']).exactOptional().describe('As whom its account listens to it; absent: it is a stranger there.'),
      apart: z.literal(true).exactOptional().describe('Each thread there is a conversation of its own: it is one with no other id.'),
    }),
  ),
  fault: z.string().exactOptional().describe('Why not all of them are one conversation.'),
}) satisfies ZodType<Identity>;

export const people = z.object({
  accounts: z.array(listedAccount),
  identities: z.array(identity),
  pairings: z.array(pairing),
  turnedAway: z.array(turnedAway),
});
export type People = output<typeof people>;
export const pairingApproval = z.strictObject({
  operator: z.boolean().describe("True makes the id the operator's own; in the console and on the command line only."),
});
export const pairingAnswer = z.object({ pairing });
