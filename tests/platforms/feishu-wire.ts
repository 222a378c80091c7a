// What the open platform of Feishu takes, as strict shapes (https://open.feishu.cn/document/server-docs/im-v1), and a reader of its frames that shares nothing with ours.
import { Lexer, walkTokens } from 'marked';
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

/** Everything of a page, below https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/, that a card of JSON 2.0 of ours may have. */
const plainText = z.strictObject({ tag: z.literal('plain_text'), content: z.string().min(1).max(100) });
/** card-json-v2-components/content-components/rich-text: at most four tables in one; a tag may call everybody, a picture that is not there spoils the card. */
const markdown = z.strictObject({ tag: z.literal('markdown'), content: z.string().min(1) }).superRefine(({ content }, context) => {
  let tables = 0;
  walkTokens(new Lexer().lex(content), (token) => {
    if (token.type === 'html' || token.type === 'image') context.addIssue(`markup that is not meant: ${token.raw.slice(0, 60)}`);
    if (token.type === 'table') tables += 1;
  });
  // A client that does not know code for code would find it there too.
  if (/<at[\s>]/iu.test(content)) context.addIssue('a mention');
  if (tables > 4) context.addIssue(`card table number over limit: ${tables}`);
});
/** card-json-v2-components/interactive-components/button */
const button = z.strictObject({
  ...{ tag: z.literal('button'), text: plainText, type: z.enum(['default', 'primary', 'danger']) },
  behaviors: z.tuple([z.strictObject({ type: z.literal('callback'), value: z.record(z.string(), z.unknown()) })]),
});
/** card-json-v2-structure: `update_multi` is true or nothing, at most 200 components. */
export const cardContent = z.strictObject({
  schema: z.literal('2.0'),
  config: z.strictObject({ width_mode: z.enum(['default', 'compact', 'fill']), enable_forward: z.boolean(), update_multi: z.literal(true) }),
  body: z.strictObject({
    elements: z
      .array(z.discriminatedUnion('tag', [markdown, button]))
      .min(1)
      .max(200),
  }),
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
