// Web Push on the wire: a message that only one browser can read (RFC 8291 over RFC 8188), and a sender it knows again (VAPID, RFC 8292).
import { createCipheriv, createECDH, createPrivateKey, type ECDH, hkdfSync, randomBytes, sign } from 'node:crypto';

const curve = 'prime256v1';
/** Seconds that a statement of who sends is good for; a day is the most. */
const validSeconds = 12 * 60 * 60;

/** Where a browser is reached: its public key (65 bytes) and its secret (16 bytes), base64url. */
export interface PushKeys {
  readonly p256dh: string;
  readonly auth: string;
}

/** The text for one browser, filled up to `size` bytes, so that its length says nothing. Throws what is no key of a browser, or a text that is longer. */
export function sealPush(text: string, { p256dh, auth }: PushKeys, size: number, salt: Uint8Array = randomBytes(16), own: ECDH = newPair()): Buffer {
  const plain = Buffer.from(text);
  const browser = Buffer.from(p256dh, 'base64url');
  const secret = Buffer.from(auth, 'base64url');
  if (secret.length !== 16) throw new TypeError('The secret of a browser has 16 bytes.');
  if (plain.length > size) throw new RangeError('The text is longer than a message.');
  const ours = own.getPublicKey();
  const shared = expand(own.computeSecret(browser), secret, Buffer.concat([Buffer.from('WebPush: info\0'), browser, ours]), 32);
  const key = expand(shared, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = expand(shared, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  // One record, the last: its end mark, then nothing but zeros.
  const record = [cipher.update(plain), cipher.update(Buffer.concat([Buffer.of(2), Buffer.alloc(size - plain.length)])), cipher.final(), cipher.getAuthTag()];
  const head = Buffer.alloc(5);
  head.writeUInt32BE(4096);
  head.writeUInt8(ours.length, 4);
  return Buffer.concat([salt, head, ours, ...record]);
}

/** A new private key of a sender, base64url. */
export function newSenderKey(): string {
  return asPrivateKey(newPair()).toString('base64url');
}

/** The public half, base64url: what a browser binds its endpoint to. */
export function senderPublicKey(privateKey: string): string {
  return pairOf(privateKey).getPublicKey('base64url');
}

/** The Authorization header for one push service. `origin`: its own, the only one this counts for. `now`: milliseconds since the epoch. */
export function senderHeader({ origin, subject, privateKey, now }: Record<'origin' | 'subject' | 'privateKey', string> & { readonly now: number }): string {
  const point = pairOf(privateKey).getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const key = createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', d: privateKey, x: x ?? '', y: y ?? '' } });
  const claims = { aud: origin, exp: Math.floor(now / 1000) + validSeconds, sub: subject };
  const said = [{ typ: 'JWT', alg: 'ES256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const mark = sign('sha256', Buffer.from(said), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `vapid t=${said}.${mark}, k=${point.toString('base64url')}`;
}

function newPair(): ECDH {
  const pair = createECDH(curve);
  pair.generateKeys();
  return pair;
}

function pairOf(privateKey: string): ECDH {
  const pair = createECDH(curve);
  pair.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  return pair;
}

/** Always 32 bytes: a number may begin with zeros. */
const asPrivateKey = (pair: ECDH): Buffer => Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32);

const expand = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer => Buffer.from(hkdfSync('sha256', secret, salt, info, length));
