// One push message to one browser: sealed for it, handed to its push service, tried again where that helps, until it is not worth telling any more.
import { createHmac } from 'node:crypto';
import { toCoPawError } from '../core/error.ts';
import type { PushDevice, PushProblem } from '../core/push.ts';
import type { Clock } from '../lib/clock.ts';
import { retryAfter } from '../lib/retry-after.ts';
import { sealPush, senderHeader, senderPublicKey } from '../lib/web-push.ts';

/** Every message has this many bytes before it is sealed, so that its length tells a push service nothing. */
export const messageBytes = 2_048;
const patienceMs = 20_000;
const mostAttempts = 6;
const longestWaitMs = 10 * 60_000;

export interface PushMessage {
  /** What the browser reads. */
  readonly text: string;
  /** An undelivered message of the same browser and tag is replaced by this one. */
  readonly tag: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly urgency: 'high' | 'normal';
}

/** gone: this endpoint is no more, or was never one. failed: with why. */
export type PushOutcome = { readonly is: 'sent' | 'gone' } | { readonly is: 'failed'; readonly why: PushProblem };

export interface PushSendParts {
  readonly clock: Pick<Clock, 'now' | 'sleep' | 'after'>;
  readonly fetch: typeof globalThis.fetch;
  readonly privateKey: string;
  /** Whom the push service may turn to (RFC 8292, `sub`). */
  readonly subject: string;
  /** An address was refused at the outward door. */
  onRefused(): void;
}

/** Rejects with the signal's reason. `isTold` is asked before each try; `offered`: the push service may have it from here on. */
export async function sendPush(
  parts: PushSendParts,
  to: PushDevice,
  message: PushMessage,
  how: { readonly signal: AbortSignal; readonly retries?: boolean; isTold(): Promise<boolean>; offered?(): void },
): Promise<PushOutcome> {
  const { clock } = parts;
  // The endpoint was given to another key of ours, which is lost.
  if (senderPublicKey(parts.privateKey) !== to.serverKey) return { is: 'gone' };
  let body: Uint8Array;
  try {
    body = sealPush(message.text, to, messageBytes);
  } catch {
    return { is: 'gone' }; // no keys of a browser
  }
  for (let attempt = 1; ; attempt++) {
    const left = message.expiresAt - clock.now();
    if (left <= 0) return { is: 'failed', why: { code: 'late' } };
    if (!(await how.isTold())) return { is: 'gone' };
    how.signal.throwIfAborted();
    how.offered?.();
    const { status, why, wait } = await offer(parts, to, message, body, left, how.signal);
    how.signal.throwIfAborted();
    if (status !== undefined && status >= 200 && status < 300) return { is: 'sent' };
    if (status === 404 || status === 410) return { is: 'gone' };
    if (why === undefined) return { is: 'gone' }; // nothing may be sent there
    const again = status === undefined || status === 429 || status >= 500;
    if (!again || attempt >= mostAttempts || how.retries === false) return { is: 'failed', why };
    await clock.sleep(Math.min(longestWaitMs, wait ?? 5_000 * 2 ** attempt), how.signal);
  }
}

interface Offered {
  readonly status?: number;
  /** Absent where the address was refused at the outward door. */
  readonly why?: PushProblem;
  /** Milliseconds until it may be tried again. */
  readonly wait?: number | undefined;
}

async function offer(
  parts: PushSendParts,
  to: PushDevice,
  { tag, urgency }: PushMessage,
  body: Uint8Array,
  leftMs: number,
  signal: AbortSignal,
): Promise<Offered> {
  const { clock, privateKey, subject } = parts;
  const timeout = new AbortController();
  const timer = clock.after(patienceMs, () => timeout.abort());
  try {
    const { origin } = new URL(to.endpoint);
    const answer = await parts.fetch(to.endpoint, {
      method: 'POST',
      body,
      signal: AbortSignal.any([signal, timeout.signal]),
      headers: {
        authorization: senderHeader({ origin, subject, privateKey, now: clock.now() }),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(Math.ceil(leftMs / 1000)),
        urgency,
        // Tells which of two waiting messages counts, and nothing else.
        topic: createHmac('sha256', to.auth).update(tag).digest('base64url').slice(0, 32),
      },
    });
    const wait = retryAfter(answer.headers.get('retry-after'), clock.now());
    await answer.body?.cancel();
    return { status: answer.status, why: { code: 'answered', status: answer.status }, wait };
  } catch (error) {
    if (refusedBy(error)) {
      parts.onRefused();
      return {};
    }
    return { why: { code: 'unreachable' } };
  } finally {
    timer.cancel();
  }
}

/** Whether the outward door said no; a library may have wrapped it. */
function refusedBy(thrown: unknown): boolean {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth++)
    if (toCoPawError(error).code === 'egress-refused') return true;
  return false;
}
