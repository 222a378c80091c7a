// Whether a webhook's body was signed by who knows the secret: over the raw bytes, in constant time, once within a window (R12).
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock.ts';

/** How a platform writes its signature. `{timestamp}` and `{body}` in `signed` stand for what is signed, in that order. */
export interface SignatureStyle {
  /** Header that holds the signature, in any case. */
  readonly header: string;
  readonly encoding: 'hex' | 'base64';
  /** In front of it, for example "sha256=" or "v0=". */
  readonly prefix?: string;
  /** Header with the time of signing in seconds; it must then stand in `signed`. */
  readonly timestamp?: { readonly header: string; readonly signed: `${string}{timestamp}${string}{body}` };
}

export const signatureStyles = {
  /** X-Hub-Signature-256: sha256=<hex> */
  sha256Header: { header: 'x-hub-signature-256', encoding: 'hex', prefix: 'sha256=' },
  /** v0=<hex> over "v0:<seconds>:<body>" */
  versioned: {
    header: 'x-slack-signature',
    encoding: 'hex',
    prefix: 'v0=',
    timestamp: { header: 'x-slack-request-timestamp', signed: 'v0:{timestamp}:{body}' },
  },
  /** <base64> over the body */
  base64Header: { header: 'x-line-signature', encoding: 'base64' },
} as const satisfies Record<string, SignatureStyle>;

export type WebhookVerdict = 'valid' | 'unsigned' | 'forged' | 'stale' | 'replayed' | 'too-many';

type Headers = (name: string) => string | undefined;

export interface WebhookVerifier {
  verify(headers: Headers, rawBody: Uint8Array): WebhookVerdict;
  /** What was found valid was not taken after all: the same request may come once more. */
  forget(headers: Headers): void;
}

/** Shorter secrets can be guessed. */
const leastSecret = 16;
const digestBytes = 32;

/**
 * Without a secret there is no verifier, and without a verifier nothing to register. `windowMs`: how old a signed time may
 * be, and how long a signature is remembered. A style without a time is protected from repetition for that long only.
 */
export function createWebhookVerifier(parts: {
  readonly secret: string;
  readonly style: SignatureStyle;
  readonly clock: Pick<Clock, 'now'>;
  readonly windowMs?: number;
  readonly mostRemembered?: number;
}): WebhookVerifier {
  const { secret, style, clock, windowMs = 5 * 60_000, mostRemembered = 10_000 } = parts;
  if (typeof secret !== 'string' || secret.length < leastSecret) throw new RangeError(`A webhook needs a secret of at least ${leastSecret} characters.`);
  const key = Buffer.from(secret);
  /** Signature -> when it may be forgotten. */
  const seen = new Map<string, number>();

  const verify = (headers: Headers, rawBody: Uint8Array): WebhookVerdict => {
    const now = clock.now();
    const given = decode(headers(style.header), style);
    if (!given) return 'unsigned';
    const hmac = createHmac('sha256', key);
    let at: number | undefined;
    if (style.timestamp) {
      const seconds = headers(style.timestamp.header);
      if (seconds === undefined || !/^\d{1,12}$/.test(seconds)) return 'unsigned';
      at = Number(seconds) * 1_000;
      hmac.update(style.timestamp.signed.slice(0, -'{body}'.length).replace('{timestamp}', seconds));
    }
    const expected = hmac.update(rawBody).digest();
    if (!timingSafeEqual(expected, given)) return 'forged';
    if (at !== undefined && Math.abs(now - at) > windowMs) return 'stale';
    const name = expected.toString('hex');
    for (const [old, until] of seen) if (until <= now) seen.delete(old);
    if (seen.has(name)) return 'replayed';
    // A signature that could still be repeated is never forgotten to make room.
    if (seen.size >= mostRemembered) return 'too-many';
    seen.set(name, Math.max(now, at ?? now) + windowMs + 1);
    return 'valid';
  };
  return { verify, forget: (headers) => void seen.delete(decode(headers(style.header), style)?.toString('hex') ?? '') };
}

/** The 32 bytes it says, written in exactly one way. */
function decode(text: string | undefined, { prefix = '', encoding }: SignatureStyle): Buffer | undefined {
  if (text === undefined || !text.startsWith(prefix)) return undefined;
  const written = text.slice(prefix.length);
  const bytes = Buffer.from(written, encoding);
  return bytes.length === digestBytes && bytes.toString(encoding) === written ? bytes : undefined;
}
