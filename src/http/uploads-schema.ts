// Bodies of the routes that take files in and hand them out.
import { type output, type ZodType, z } from 'zod';
import { voices } from '../core/inbound.ts';
import type { Upload, UploadLimits } from '../core/media.ts';
import { time } from './event-schema.ts';

export const upload = z.object({
  id: z.string().describe('What a message names it by.'),
  name: z.string().describe('As it is called in the workspace.'),
  mediaType: z.string().describe('By its bytes.'),
  size: z.number(),
  voice: z.enum(voices).exactOptional(),
  expiresAt: time.describe('Then it is gone, unless a message took it.'),
}) satisfies ZodType<Upload>;
export type UploadBody = output<typeof upload>;
export const uploads = z.object({
  uploads: z.array(upload),
  limits: z.object({
    fileBytes: z.number(),
    messageFiles: z.number(),
    waitingFiles: z.number(),
    waitingBytes: z.number(),
    waitMs: z.number(),
  }) satisfies ZodType<UploadLimits>,
});
export type UploadsBody = output<typeof uploads>;
export const uploadQuery = z.strictObject({
  name: z.string().min(1).max(1000).describe('What the file is called. Only its last part counts, made safe.'),
  voice: z.literal('said').exactOptional().describe('You recorded it yourself for this message: what is said in it counts as your own words.'),
});
export const fileQuery = z.strictObject({ path: z.string().min(1).max(4096).describe('In the workspace of the session.') });
