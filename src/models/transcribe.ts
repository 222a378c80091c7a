// Speech as words, over the wire that OpenAI, Groq and the servers of whisper at home share: one form with the sound, one short JSON back.
import { z } from 'zod';
import type { ProviderConfig } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import { noUsage, type Speech, type SpeechRequest, spokenTypes } from '../core/model.ts';
import type { Redact } from '../core/secret.ts';
import type { Clock } from '../lib/clock.ts';
import { jsonOf } from '../lib/json-of.ts';
import { classifyFailure, SilentModel } from './failure.ts';

const kinds: ReadonlySet<ProviderConfig['kind']> = new Set(['openai-compatible', 'openai']);
export const hasSpeech = (kind: ProviderConfig['kind']): boolean => kinds.has(kind);

/** Whoever is asked to wait longer gives up at once, milliseconds: a person waits for it. */
const longestWaitMs = 30_000;
/** Characters of words that are kept: some hours of talk. */
const mostText = 200_000;

const count = z.number().nonnegative().optional().catch(undefined);
const answerShape = z.object({
  text: z.string(),
  usage: z.object({ seconds: count, input_tokens: count, output_tokens: count }).optional().catch(undefined),
  duration: z.coerce.number().nonnegative().optional().catch(undefined),
});

interface SpeechParts {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Puts the key into its header. */
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly retries: number;
  readonly redact: Redact;
}

/**
 * `POST {base}/audio/transcriptions` as in https://learn.microsoft.com/en-us/azure/foundry/reference/rest/audio-create-transcription and
 * https://console.groq.com/docs/speech-to-text. `json` is the one format that every model knows (the verbose one is for whisper alone). Usage is of type
 * `duration` or `tokens`, where there is any. Sound is told apart by the ending of its name: `ogg` is taken everywhere, `oga` is not.
 */
export async function transcribe(parts: SpeechParts, request: SpeechRequest, signal: AbortSignal): Promise<Speech> {
  const { clock, redact, retries } = parts;
  const late = new AbortController();
  const timer = clock.after(request.limitMs, () => late.abort(new SilentModel('limit')));
  const end = clock.steady() + request.limitMs;
  const either = AbortSignal.any([signal, late.signal]);
  try {
    const form = await formOf(request);
    for (let tries = 0; ; tries++) {
      try {
        either.throwIfAborted();
        return await once(parts, form, either);
      } catch (thrown) {
        const why = late.signal.aborted ? late.signal.reason : thrown;
        const { failure, retryAfterMs } = classifyFailure(why, { redact, now: clock.now(), aborted: signal.aborted });
        const waitMs = retryAfterMs ?? 1000 * 2 ** tries;
        if (either.aborted || !failure.retryable || tries >= retries || waitMs > longestWaitMs || clock.steady() + waitMs >= end)
          throw new CoPawError(failure.code, failure.message, {
            ...(failure.next === undefined ? {} : { next: failure.next }),
            cause: new Error(failure.detail ?? ''),
          });
        await clock.sleep(waitMs, either).catch(() => undefined); // an abort is seen at the top of the loop
      }
    }
  } finally {
    timer.cancel();
  }
}

interface Form {
  readonly type: string;
  readonly body: Uint8Array;
}

async function formOf({ model, sound, mediaType, language }: SpeechRequest): Promise<Form> {
  const form = new FormData();
  form.set('model', model);
  form.set('response_format', 'json');
  if (language !== undefined) form.set('language', language);
  // Never the name it came with: that is nobody's business there, and no ending can lie.
  form.set('file', new Blob([new Uint8Array(sound)], { type: mediaType }), `voice.${spokenTypes[mediaType] ?? 'bin'}`);
  const encoded = new Response(form);
  return { type: encoded.headers.get('content-type') ?? '', body: new Uint8Array(await encoded.arrayBuffer()) };
}

async function once({ baseUrl, headers, fetch }: SpeechParts, { type, body }: Form, signal: AbortSignal): Promise<Speech> {
  const answer = await fetch(`${baseUrl}/audio/transcriptions`, {
    ...{ method: 'POST', headers: { ...headers, accept: 'application/json', 'content-type': type }, body: new Uint8Array(body), signal },
  });
  const responseBody = await answer.text();
  if (!answer.ok) throw Object.assign(new Error('no words'), { statusCode: answer.status, responseHeaders: Object.fromEntries(answer.headers), responseBody });
  const { data } = answerShape.safeParse(jsonOf(responseBody));
  // It was paid for: asking again would be paid for again.
  if (!data) throw new CoPawError('model-answer', 'The provider sent no transcript that can be read.', { retryable: false });
  const { seconds = data.duration, input_tokens: input = 0, output_tokens: output = 0 } = data.usage ?? {};
  return { text: data.text.trim().slice(0, mostText), usage: { ...noUsage, input, output }, ...(seconds === undefined ? {} : { seconds }) };
}
