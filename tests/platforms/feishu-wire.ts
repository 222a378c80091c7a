// What the open platform of Feishu takes, as strict shapes (https://open.feishu.cn/document/server-docs/im-v1), and a reader of its frames that shares nothing with ours.
import { z } from 'zod';

/** /server-docs/authentication-management/access-token/tenant_access_token_internal */
export const tokenBody = z.strictObject({ app_id: z.string(), app_secret: z.string() });
/** ws-client/index.ts of the SDK */
export const endpointBody = z.strictObject({ AppID: z.string(), AppSecret: z.string() });

/** /server-docs/im-v1/message/create: a uuid of 50 characters at most. */
const uuid = z.string().min(1).max(50);
const content = { msg_type: z.enum(['interactive', 'image', 'file']), content: z.string().min(2) };
export const createBody = z.strictObject({ receive_id: z.string().regex(/^oc_/u), ...content, uuid });
/** /server-docs/im-v1/message/reply */
export const replyBody = z.strictObject({ ...content, reply_in_thread: z.literal(true), uuid });
/** /server-docs/im-v1/message-card/patch */
export const patchBody = z.strictObject({ content: z.string().min(2) });

const plainText = z.strictObject({ tag: z.literal('plain_text'), content: z.string().min(1) });
/** Cards in JSON of version 1: https://open.feishu.cn/document/common-capabilities/message-card/message-cards-content */
export const cardContent = z.strictObject({
  config: z.strictObject({ wide_screen_mode: z.boolean(), enable_forward: z.boolean(), update_multi: z.literal(true) }),
  elements: z
    .array(
      z.discriminatedUnion('tag', [
        z.strictObject({ tag: z.literal('div'), text: plainText }),
        z.strictObject({
          tag: z.literal('action'),
          actions: z
            .array(
              z.strictObject({
                ...{ tag: z.literal('button'), text: plainText, type: z.enum(['default', 'primary', 'danger']) },
                value: z.record(z.string(), z.unknown()),
              }),
            )
            .min(1),
        }),
      ]),
    )
    .min(1),
});
export const imageContent = z.strictObject({ image_key: z.string().regex(/^img_/u) });
export const fileContent = z.strictObject({ file_key: z.string().regex(/^file_/u) });

export interface RawFrame {
  readonly seq: number;
  readonly log: number;
  readonly service: number;
  readonly method: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** Throws where a required field (1 to 4) is not there, or one that nobody knows is. */
export function readFrame(bytes: Buffer): RawFrame {
  const numbers: Record<number, number> = {};
  const headers: Record<string, string> = {};
  let payload: Buffer = Buffer.alloc(0);
  for (const [field, value] of fieldsOf(bytes)) {
    if (typeof value === 'number' && field <= 4) numbers[field] = value;
    else if (typeof value !== 'number' && field === 5) {
      const both = Object.fromEntries(fieldsOf(value));
      headers[String(both[1])] = String(both[2]);
    } else if (typeof value !== 'number' && field === 8) payload = value;
    else if (field > 9 || typeof value === 'number') throw new Error(`a field ${field} that is none`);
  }
  const [seq, log, service, method] = [numbers[1], numbers[2], numbers[3], numbers[4]];
  if (seq === undefined || log === undefined || service === undefined || method === undefined) throw new Error('a frame without what it needs');
  return { seq, log, service, method, headers, payload };
}

function fieldsOf(bytes: Buffer): [number, number | Buffer][] {
  const found: [number, number | Buffer][] = [];
  let at = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes.readUInt8(at++);
      value += (byte % 128) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const length = varint();
    if (key % 8 === 0) found.push([key >> 3, length]);
    else if (key % 8 === 2 && at + length <= bytes.length) {
      found.push([key >> 3, bytes.subarray(at, at + length)]);
      at += length;
    } else throw new Error('bytes that are no frame');
  }
  return found;
}

const small = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...small(Math.floor(value / 128))]);
const part = (field: number, value: Buffer): Buffer => Buffer.concat([Buffer.from([field * 8 + 2, ...small(value.length)]), value]);

/** As the platform sends it. */
export function writeFrame(method: 0 | 1, headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const heads = Object.entries(headers).map(([key, value]) => part(5, Buffer.concat([part(1, Buffer.from(key)), part(2, Buffer.from(value))])));
  return Buffer.concat([Buffer.from([8, 1, 16, ...small(7_000_000_123), 24, 7, 32, method]), ...heads, part(8, payload), part(9, Buffer.from('log-new'))]);
}
