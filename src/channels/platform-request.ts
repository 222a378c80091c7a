// One HTTP request of a channel to its platform, and what its failure means for a message: certainly not there, refused for good, or not known.
import type { ZodType } from 'zod';
import type { ChannelHands } from '../core/channel-kind.ts';
import { CoPawError } from '../core/error.ts';
import { retryAfter } from '../lib/retry-after.ts';
import { readAtMost } from '../lib/streams.ts';
import { systemCode } from '../lib/system-error.ts';

const usualTimeoutMs = 30_000;
const usualMostBytes = 5_000_000;
const mostFileBytes = 64 * 1024 * 1024;

export interface PlatformRequest {
  readonly url: string | URL;
  /** Default: POST with a body, else GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal | undefined;
  /** For everything together; default 30 s. */
  readonly timeoutMs?: number;
  /** Of the answer; default 5 MB. */
  readonly maxBytes?: number;
}

export interface PlatformAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly bytes: Uint8Array;
  /** What the platform said, as JSON of this shape. Throws `channel-down` (not retryable) where it is not: what became of the request is not known. */
  json<T>(schema: ZodType<T>): T;
}

/** Rejects with `egress-failed` where the platform was not reached, `cancelled`, or `channel-down` (not retryable) where a request may have arrived. */
export async function askPlatform(hands: Pick<ChannelHands, 'fetch' | 'clock'>, request: PlatformRequest): Promise<PlatformAnswer> {
  const { url, json, maxBytes = usualMostBytes, timeoutMs = usualTimeoutMs } = request;
  const late = new AbortController();
  const timer = hands.clock.after(timeoutMs, () => late.abort());
  const signal = request.signal ? AbortSignal.any([request.signal, late.signal]) : late.signal;
  const body = json === undefined ? request.body : JSON.stringify(json);
  const headers = { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers };
  try {
    const answer = await hands.fetch(url, { method: request.method ?? (body === undefined ? 'GET' : 'POST'), headers, signal, ...bodyOf(body) });
    const bytes = await readAtMost(answer.body ?? [], maxBytes);
    if (!bytes) throw new CoPawError('channel-down', `The platform answered with more than ${maxBytes} bytes.`, { retryable: false });
    return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, bytes, json: (schema) => parseAnswer(bytes, schema) };
  } catch (error) {
    if (request.signal?.aborted) throw new CoPawError('cancelled', 'The work was cancelled.', { retryable: false, cause: error });
    throw late.signal.aborted
      ? new CoPawError('channel-down', 'The platform took too long to answer.', { retryable: false })
      : unreached(error, new URL(url).host);
  } finally {
    timer.cancel();
  }
}

/** A file of the platform, in pieces; no more of it is read than the caller takes. */
export async function* platformFile(
  hands: Pick<ChannelHands, 'fetch'>,
  url: string | URL,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  const answer = await hands.fetch(url, { headers, signal });
  if (!answer.ok || !answer.body) throw new CoPawError('not-found', `the platform did not hand it out (${answer.status})`);
  let size = 0;
  for await (const piece of answer.body) {
    size += piece.byteLength;
    if (size > mostFileBytes) throw new CoPawError('too-large', 'it is larger than 64 MB');
    yield piece;
  }
}

/** Throws what a refusal of the platform means; returns where it accepted. `words`: what it said, of no secret. */
export function checkAnswer(answer: Pick<PlatformAnswer, 'status' | 'header'>, clock: Pick<ChannelHands['clock'], 'now'>, words = ''): void {
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  throw platformFailure(status, words, retryAfter(answer.header('retry-after'), clock.now()));
}

/** What a status means for a message that was to be sent, and for a connection: see `Channel.send` and `Channel.start`. */
export function platformFailure(status: number, words: string, retryAfterMs?: number): CoPawError {
  const said = `The platform answered ${status}${words === '' ? '.' : `: ${words.slice(0, 300)}`}`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 401) return new CoPawError('unauthenticated', said, { next: 'Give the account its token again: copaw channels add.' });
  if (status === 429) return new CoPawError('busy', said, wait);
  if (status === 503) return new CoPawError('egress-failed', said, wait);
  if (status >= 400 && status < 500) return new CoPawError('send-refused', said);
  return new CoPawError('channel-down', said, { retryable: false, ...wait });
}

/** An upload whose end is not known shows nothing to anybody: it may be tried again. */
export async function uploadOf<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof CoPawError) || error.code !== 'channel-down') throw error;
    throw new CoPawError('channel-down', error.message, { retryable: true, cause: error });
  }
}

/** One of the things that a part is sent as, counted from 0. What came before is there already, so a refusal of the rest is no refusal of the part. */
export async function restOf<T>(index: number, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (index === 0 || !(error instanceof CoPawError) || error.code !== 'send-refused') throw error;
    throw new CoPawError('channel-down', `Only the beginning of it arrived. ${error.message}`, { retryable: false, cause: error });
  }
}

function parseAnswer<T>(bytes: Uint8Array, schema: ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new CoPawError('channel-down', 'The platform answered with something that cannot be read.', { retryable: false, cause: error });
  }
}

const bodyOf = (body: string | Uint8Array | undefined) => (body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) });

/** Failures before a byte of the request left. */
const before: ReadonlySet<string | undefined> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
]);

function unreached(error: unknown, host: string): CoPawError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CoPawError) return cause;
    if (before.has(systemCode(cause))) return new CoPawError('egress-failed', `${host} could not be reached.`, { cause: error });
  }
  return new CoPawError('channel-down', `The connection to ${host} broke before it answered.`, { retryable: false, cause: error });
}
