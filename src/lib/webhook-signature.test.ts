import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWebhookVerifier, type SignatureStyle, signatureStyles } from './webhook-signature.ts';

const secret = 'a-secret-of-the-webhook';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const now = 1_767_600_000_000;
const seconds = String(now / 1_000);
const mac = (signed: string | Uint8Array, encoding: 'hex' | 'base64', key = secret): string => createHmac('sha256', key).update(signed).digest(encoding);
const { sha256Header, versioned, base64Header } = signatureStyles;

function open(style: SignatureStyle, mostRemembered = 100) {
  const clock = { at: now, now: () => clock.at };
  const { verify, forget } = createWebhookVerifier({ secret, style, clock, mostRemembered });
  return {
    clock,
    forget: (headers: Readonly<Record<string, string>>) => forget((name) => headers[name]),
    check: (headers: Readonly<Record<string, string>>, body: string | Uint8Array) =>
      verify((name) => headers[name], typeof body === 'string' ? bytes(body) : body),
  };
}
const slack = (body: string, at = seconds, key = secret) => ({
  'x-slack-signature': `v0=${mac(`v0:${at}:${body}`, 'hex', key)}`,
  'x-slack-request-timestamp': at,
});

test('what the platforms document is valid', () => {
  expect(open(sha256Header).check({ 'x-hub-signature-256': `sha256=${mac('{"a":1}', 'hex')}` }, '{"a":1}')).toBe('valid');
  expect(open(versioned).check(slack('body'), 'body')).toBe('valid');
  expect(open(base64Header).check({ 'x-line-signature': mac('body', 'base64') }, 'body')).toBe('valid');
  const raw = new Uint8Array([0, 255, 10, 13, 128]);
  expect(open(base64Header).check({ 'x-line-signature': mac(raw, 'base64') }, raw)).toBe('valid');
  // From the documentation of the sha256= header: secret "It's a Secret to Everybody", body "Hello, World!".
  const { verify: documented } = createWebhookVerifier({ secret: "It's a Secret to Everybody", style: sha256Header, clock: { now: () => now } });
  expect(documented(() => 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17', bytes('Hello, World!'))).toBe('valid');
});

test('fault: a request that could not be stored was replayed when it came again', () => {
  const { check, forget } = open(versioned);
  const signed = slack('body');
  expect([check(signed, 'body'), check(signed, 'body')]).toEqual(['valid', 'replayed']);
  forget(signed);
  forget({});
  expect([check(signed, 'body'), check(signed, 'body')]).toEqual(['valid', 'replayed']);
});

test('attack: a webhook without a secret, or with one that can be guessed, cannot be made', () => {
  for (const none of ['', 'short', undefined, null, 7])
    expect(() => createWebhookVerifier({ secret: none as string, style: versioned, clock: { now: () => now } })).toThrow(RangeError);
});

describe('attack: a signature that is none', () => {
  const good = mac('body', 'hex');
  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['without its prefix', good],
    ['another prefix', `sha1=${good}`],
    ['the prefix alone', 'sha256='],
    ['cut', `sha256=${good.slice(0, -2)}`],
    ['longer', `sha256=${good}00`],
    ['upper case', `sha256=${good.toUpperCase()}`],
    ['a space behind', `sha256=${good} `],
    ['two of them', `sha256=${good},sha256=${good}`],
    ['base64 in place of hex', `sha256=${mac('body', 'base64')}`],
    ['not hex', `sha256=${'z'.repeat(64)}`],
  ])('%s', (_name, header) => {
    expect(open(sha256Header).check(header === undefined ? {} : { 'x-hub-signature-256': header }, 'body')).toBe('unsigned');
  });

  test.each([
    ['another secret', mac('body', 'hex', 'another-secret-entirely')],
    ['another body', mac('Body', 'hex')],
    ['all zero', '0'.repeat(64)],
  ])('%s', (_name, text) => {
    expect(open(sha256Header).check({ 'x-hub-signature-256': `sha256=${text}` }, 'body')).toBe('forged');
  });

  test('the time is part of what is signed', () => {
    const { check } = open(versioned);
    expect(check({ ...slack('body'), 'x-slack-request-timestamp': String(now / 1_000 - 1) }, 'body')).toBe('forged');
    for (const at of ['', 'now', '-1', '1e9', `${seconds}.0`, ` ${seconds}`]) expect(check({ ...slack('body', at) }, 'body'), at).toBe('unsigned');
    const { 'x-slack-signature': signature } = slack('body');
    expect(check({ 'x-slack-signature': signature }, 'body')).toBe('unsigned');
    // A body that begins with what stands before it cannot move the border.
    expect(check({ ...slack('1:body', seconds.slice(0, -1)) }, `${seconds.slice(-1)}:1:body`)).toBe('forged');
  });
});

test('attack: stale and future times, also with a valid signature', () => {
  for (const [offset, verdict] of [
    [-301, 'stale'],
    [301, 'stale'],
    [-299, 'valid'],
    [299, 'valid'],
  ] as const)
    expect(open(versioned).check(slack('body', String(now / 1_000 + offset)), 'body')).toBe(verdict);
});

test('attack: a repeated request counts once for as long as its time is accepted', () => {
  const { check, clock } = open(versioned);
  const ahead = slack('body', String(now / 1_000 + 299));
  expect(check(ahead, 'body')).toBe('valid');
  for (let step = 0; step <= 600; step += 50) {
    clock.at = now + step * 1_000;
    expect(check(ahead, 'body')).toMatch(/^(?:replayed|stale)$/);
  }
});

test('attack: a flood of signed requests makes none of them forgotten', () => {
  const { check, clock } = open(versioned, 3);
  for (const body of ['1', '2', '3']) expect(check(slack(body), body)).toBe('valid');
  expect(check(slack('4'), '4')).toBe('too-many');
  expect(check(slack('1'), '1')).toBe('replayed');
  clock.at = now + 301_000;
  expect(check(slack('5', String(clock.at / 1_000)), '5')).toBe('valid');
});

test('no change of body or signature is accepted', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (body, place, flip) => {
      const headers = { 'x-line-signature': mac(body, 'base64') };
      expect(open(base64Header).check(headers, body)).toBe('valid');
      const other = body.map((byte, at) => (at === place % body.length ? byte ^ flip : byte));
      expect(open(base64Header).check(headers, other)).toBe('forged');
    }),
  );
});
