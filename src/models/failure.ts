// Any failure of a model call as a ModelFailure in our own words; the provider's words only redacted, in `detail`.
import { z } from 'zod';
import { CoPawError, type ErrorCode, errorCatalogue } from '../core/error.ts';
import type { ModelFailure } from '../core/model.ts';
import type { Redact } from '../core/secret.ts';
import { retryAfter } from '../lib/retry-after.ts';
import { contextLimitIn, saysTooLong } from './context-limit.ts';
import { StreamEnded } from './stream.ts';

const apiError = z.object({
  statusCode: z.number().optional(),
  responseHeaders: z.record(z.string(), z.string()).optional(),
  responseBody: z.string().optional(),
});

/** The model said nothing for as long as it was given. */
export class SilentModel extends Error {}

const words: Partial<Record<ErrorCode, readonly [message: string, next?: string]>> = {
  cancelled: ['The answer was cancelled.'],
  'model-auth': ['The provider refused the key.', 'Check the key of this provider on the Models page.'],
  'model-quota': ['The account of this provider has no credit left.', 'Add credit there, or choose another model.'],
  'model-rate': ['The provider limits how often it may be asked.', 'Wait a little, or choose another model.'],
  'model-overloaded': ['The provider is overloaded or failing.', 'Try again later, or choose another model.'],
  'model-timeout': ['The model did not answer in time.', 'Try again, or raise models.firstTokenSeconds.'],
  'model-network': ['The connection to the model failed or was dropped.', 'Check that the address is right and reachable.'],
  'model-context': ['The conversation is too long for this model.', 'Start a new session, or choose a model with a larger context.'],
  'model-missing': ['The provider does not know this model or address.', 'Check the model name and the base URL.'],
  'model-request': ['The provider refused the request.', 'Check that the model supports tools and this wire format.'],
  'model-answer': ['The model sent an answer that cannot be read.', 'Try again; if it stays so, check the wire format of this provider.'],
};

/** How the SDK quotes an answer that it cannot read: words of a conversation, which no log holds. */
const quotedAnswer = /(?:Text|Value): [\s\S]*\.\n(?=Error message: )/u;
/** Characters of a provider's words that are worth a line of the log; what is longer is a web page. */
const mostDetail = 500;

export interface Classified {
  readonly failure: ModelFailure;
  /** Milliseconds the provider asked to wait. */
  readonly retryAfterMs?: number;
}

export function classifyFailure(thrown: unknown, parts: { readonly redact: Redact; readonly now: number; readonly aborted: boolean }): Classified {
  const parsed = apiError.safeParse(thrown);
  const api = parsed.success ? parsed.data : {};
  const own = thrown instanceof CoPawError ? thrown : undefined;
  const message = thrown instanceof Error ? thrown.message : typeof thrown === 'string' ? thrown : JSON.stringify(thrown);
  const text = `${message ?? ''} ${api.responseBody ?? ''}`;
  const webPage = /<!doctype html|<html/iu.test(api.responseBody ?? '');
  const code = parts.aborted ? 'cancelled' : (own?.code ?? codeOf(thrown, api.statusCode, text, webPage));
  const [said, next] = words[code] ?? [own?.message ?? 'The model call failed.', own?.next];
  const asked = retryAfter(api.responseHeaders?.['retry-after'], parts.now);
  return {
    failure: {
      code,
      message: webPage && code === 'model-answer' ? 'The address answers with a web page, check the base URL.' : (own?.message ?? said),
      ...((own?.next ?? next) === undefined ? {} : { next: own?.next ?? next ?? '' }),
      retryable: (own?.retryable ?? errorCatalogue[code].retryable) && code !== 'cancelled' && !webPage,
      detail: parts.redact(text.replace(quotedAnswer, '')).slice(0, mostDetail),
      ...(code === 'model-context' ? contextLimitIn(text) : {}),
    },
    ...(asked === undefined ? {} : { retryAfterMs: asked }),
  };
}

function codeOf(thrown: unknown, status: number | undefined, text: string, webPage: boolean): ErrorCode {
  if (thrown instanceof SilentModel) return 'model-timeout';
  if (thrown instanceof StreamEnded || isDropped(thrown)) return 'model-network';
  if (/insufficient_quota|exceeded your current quota|credit balance is too low/iu.test(text) || status === 402) return 'model-quota';
  if (status === 401 || status === 403) return 'model-auth';
  if (status === 429 || /rate_limit/iu.test(text)) return 'model-rate';
  if (webPage) return 'model-answer';
  if (status !== undefined && status >= 500 && saysTooLong(text) && contextLimitIn(text).contextTokens !== undefined) return 'model-context';
  if ((status !== undefined && status >= 500) || /overloaded/iu.test(text)) return 'model-overloaded';
  if (saysTooLong(text)) return 'model-context';
  if (status === 404) return 'model-missing';
  if (status === 408) return 'model-timeout';
  if (status !== undefined && status >= 400) return 'model-request';
  if (thrown instanceof Error && /JSONParse|TypeValidation|InvalidResponse|EmptyResponse/u.test(thrown.name)) return 'model-answer';
  // The Anthropic SDK says so when its first event cannot be read.
  if (status !== undefined || /^Expected a normalized/u.test(text)) return 'model-answer';
  return 'model-network';
}

/** Whether the socket closed under the answer; undici says "terminated", wrapped or not. */
function isDropped(thrown: unknown): boolean {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth++) {
    if (/^terminated$|other side closed|ECONNRESET|socket hang up/iu.test(error.message)) return true;
  }
  return false;
}
