// The example of RFC 8291 byte for byte, what a browser reads of any text, one length for all of them, and a sender as RFC 8292 describes it.
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newSenderKey, sealPush, senderHeader, senderPublicKey } from './web-push.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');

test('the example of RFC 8291, appendix A', () => {
  const own = createECDH('prime256v1');
  own.setPrivateKey(bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'));
  const text = 'When I grow up, I want to be a watermelon';
  const browser = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  };
  expect(sealPush(text, browser, text.length, bytes('DGv6ra1nlYgDCS1FRnbzlw'), own).toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
});

/** As a browser does: reads the header, derives the keys from its own half, opens the record, takes the filling away. */
function open(body: Buffer, pair: ReturnType<typeof createECDH>, auth: Buffer): string {
  const [salt, sender, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)];
  const derive = (secret: Uint8Array, with_: Uint8Array, info: Uint8Array, length: number) => Buffer.from(hkdfSync('sha256', secret, with_, info, length));
  const shared = derive(pair.computeSecret(sender), auth, Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender]), 32);
  const key = derive(shared, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const decipher = createDecipheriv('aes-128-gcm', key, derive(shared, salt, Buffer.from('Content-Encoding: nonce\0'), 12));
  decipher.setAuthTag(sealed.subarray(-16));
  const record = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  const end = record.lastIndexOf(2);
  expect(record.subarray(end + 1).every((byte) => byte === 0)).toBe(true);
  return record.subarray(0, end).toString();
}

test('any text comes out as it went in, and all texts have one length', () => {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  const auth = Buffer.alloc(16, 7);
  const keys = { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') };
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const body = sealPush(text, keys, 2048);
      expect(body.length).toBe(86 + 2048 + 1 + 16);
      expect(open(body, pair, auth)).toBe(text);
    }),
    { numRuns: 25 },
  );
  expect(() => sealPush('x'.repeat(11), keys, 10)).toThrow('longer');
  expect(() => sealPush('x', { ...keys, auth: 'AAAA' }, 10)).toThrow('16 bytes');
  expect(() => sealPush('x', { ...keys, p256dh: Buffer.alloc(65, 4).toString('base64url') }, 10)).toThrow();
});

test('a sender says who it is to one push service, for half a day, signed with the key the browser knows', () => {
  const privateKey = newSenderKey();
  const now = 1_700_000_000_000;
  const header = senderHeader({ origin: 'https://push.example', subject: 'mailto:a@b.example', privateKey, now });
  const [, head = '', claims = '', mark = '', key = ''] = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]{86}), k=([\w-]{87})$/u.exec(header) ?? [];
  expect([head, claims].map((part) => JSON.parse(bytes(part).toString()))).toEqual([
    { typ: 'JWT', alg: 'ES256' },
    { aud: 'https://push.example', exp: 1_700_000_000 + 43_200, sub: 'mailto:a@b.example' },
  ]);
  expect(key).toBe(senderPublicKey(privateKey));
  const point = bytes(key);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' } });
  expect(verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes(mark))).toBe(true);
});
