// Bodies of the routes about what a browser is told while nobody looks at the console there.
import { type input, type output, type ZodType, z } from 'zod';
import { type PushChoice, type PushState, pushKinds, pushProblemCodes } from '../core/push.ts';

const kinds = z.array(z.enum(pushKinds)).min(1).max(pushKinds.length).describe('Of what it is told.');
const text = z.boolean().describe('Also what is asked, answered or reminded of; else only that something is.');
const choice = z.object({ kinds, text, language: z.enum(['en', 'zh']) }) satisfies ZodType<PushChoice>;

export const devicePush = z.object({ kinds, text }).exactOptional().describe('What the browser there is told while nobody looks.');

export const pushState = z.object({
  key: z.string().exactOptional().describe('The public key of this CoPaw, base64url; absent before the first browser asked for it.'),
  device: choice
    .extend({
      problem: z
        .object({ code: z.enum(pushProblemCodes), status: z.number().exactOptional() })
        .exactOptional()
        .describe('Why the last notice did not reach the push service.'),
    })
    .exactOptional()
    .describe('The asking device, where it is told anything.'),
}) satisfies ZodType<PushState>;
export type PushStateBody = output<typeof pushState>;

export const pushKey = z.object({ key: z.string() });

/** A public key of P-256 and a secret of 16 bytes, as a browser gives them. */
const base64url = (bytes: number) =>
  z
    .string()
    .regex(/^[\w-]+$/u)
    .length(Math.ceil((bytes * 4) / 3));

export const pushRequest = z.strictObject({
  endpoint: z
    .url({ protocol: /^https$/u })
    .max(2_000)
    .describe('As the browser says it. It is kept with the device, and answered back to nobody.'),
  p256dh: base64url(65),
  auth: base64url(16),
  ...choice.shape,
});
export type PushRequestBody = input<typeof pushRequest>;
