// One configured provider: the wire API of its kind behind ModelProvider. The key is revealed only as a request leaves.
import { z } from 'zod';
import type { ProviderConfig } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import type { Embedding, EmbedRequest, ModelEvent, ModelInfo, ModelProvider, ModelRequest, SpeechRequest } from '../core/model.ts';
import type { Redact, Secrets } from '../core/secret.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import { anthropicModel } from './anthropic.ts';
import { contextLimitOf } from './context-limit.ts';
import { embedTexts, hasEmbeddings } from './embed.ts';
import { classifyFailure, SilentModel } from './failure.ts';
import { googleModel } from './google.ts';
import { toSdkOptions } from './messages.ts';
import { openaiModel } from './openai.ts';
import { openaiCompatibleModel } from './openai-compatible.ts';
import { withRetries } from './retry.ts';
import type { SdkModel, SdkPart, WireParts } from './sdk.ts';
import { toModelEvents } from './stream.ts';
import { hasSpeech, transcribe } from './transcribe.ts';

interface ProviderParts {
  readonly id: string;
  readonly config: ProviderConfig;
  readonly fetch: typeof globalThis.fetch;
  readonly secrets: Pick<Secrets, 'use'>;
  readonly clock: Clock;
  /** Milliseconds of silence before the first part; four times as long between parts. */
  readonly firstTokenMs: number;
  readonly retries: number;
  readonly redact: Redact;
}

/** `keyHeader`: the header that carries the key, and what stands before it. */
const wires = {
  'openai-compatible': { make: openaiCompatibleModel, base: undefined, version: '/v1', keyHeader: ['authorization', 'Bearer '] },
  openai: { make: openaiModel, base: 'https://api.openai.com/v1', version: '/v1', keyHeader: ['authorization', 'Bearer '] },
  anthropic: { make: anthropicModel, base: 'https://api.anthropic.com/v1', version: '/v1', keyHeader: ['x-api-key', ''] },
  google: { make: googleModel, base: 'https://generativelanguage.googleapis.com/v1beta', version: '/v1beta', keyHeader: ['x-goog-api-key', ''] },
} as const;
/** Models kept made; the oldest is made again when it is asked for. */
const mostModels = 32;

const modelList = z.object({
  data: z.array(z.looseObject({ id: z.string() })).optional(),
  models: z.array(z.looseObject({ name: z.string() })).optional(),
});

export function createProvider(parts: ProviderParts): ModelProvider {
  const fetch = guardedFetch(parts);
  const made = new Map<string, Promise<SdkModel>>();
  const modelOf = (id: string): Promise<SdkModel> => {
    const known = made.get(id);
    if (known) return known;
    const model = Promise.resolve(wires[parts.config.kind].make(wireOf(parts, fetch), id));
    const oldest = made.keys().next().value;
    if (made.size >= mostModels && oldest !== undefined) made.delete(oldest);
    made.set(id, model);
    model.catch(() => made.delete(id));
    return model;
  };
  return {
    stream: (request, signal) => withRetries(() => attempt(parts, modelOf, request, signal), { ...parts, signal }),
    models: (signal) => listModels(parts, fetch, signal),
    ...(hasEmbeddings(parts.config.kind) ? { embed: (request: EmbedRequest, signal: AbortSignal) => embed(parts, fetch, request, signal) } : {}),
    ...(hasSpeech(parts.config.kind)
      ? { transcribe: (request: SpeechRequest, signal: AbortSignal) => transcribe({ ...parts, ...wireOf(parts, fetch) }, request, signal) }
      : {}),
  };
}

function wireOf({ id, config }: ProviderParts, fetch: typeof globalThis.fetch): WireParts {
  return { name: id, baseUrl: baseUrlOf(config), headers: config.headers, fetch };
}

async function embed(parts: ProviderParts, fetch: typeof globalThis.fetch, request: EmbedRequest, signal: AbortSignal): Promise<Embedding> {
  const late = new AbortController();
  const timer = parts.clock.after(parts.firstTokenMs, () => late.abort(new SilentModel('silence')));
  try {
    return await embedTexts(parts.config.kind, wireOf(parts, fetch), request, AbortSignal.any([signal, late.signal]));
  } catch (thrown) {
    throw toFailure(parts, late.signal.aborted ? late.signal.reason : thrown, signal);
  } finally {
    timer.cancel();
  }
}

/** In our own words, as `models` and `embed` throw it. */
function toFailure(parts: ProviderParts, thrown: unknown, signal: AbortSignal): CoPawError {
  const { failure } = classifyFailure(thrown, { redact: parts.redact, now: parts.clock.now(), aborted: signal.aborted });
  return new CoPawError(failure.code, failure.message, { ...(failure.next === undefined ? {} : { next: failure.next }), cause: thrown });
}

async function* attempt(
  parts: ProviderParts,
  modelOf: (id: string) => Promise<SdkModel>,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const silence = new AbortController();
  const wait = (ms: number): Timer => parts.clock.after(ms, () => silence.abort(new SilentModel('silence')));
  let timer = wait(parts.firstTokenMs);
  let ended = false;
  const watched = async function* (stream: ReadableStream<SdkPart>): AsyncGenerator<SdkPart> {
    for await (const part of stream) {
      if (part.type !== 'stream-start' && part.type !== 'response-metadata') {
        timer.cancel();
        timer = wait(parts.firstTokenMs * 4);
      }
      yield part;
    }
  };
  try {
    const model = await modelOf(request.model);
    const abortSignal = AbortSignal.any([signal, silence.signal]);
    const { stream } = await model.doStream({ ...toSdkOptions(parts.config.kind, request), abortSignal });
    for await (const event of toModelEvents(parts.config.kind, watched(stream))) {
      ended ||= event.type === 'finish';
      yield event;
    }
  } catch (thrown) {
    throw silence.signal.aborted ? silence.signal.reason : thrown;
  } finally {
    timer.cancel();
    if (!ended) silence.abort();
  }
}

/** Reaches the base URL's origin only, with the key in its header; redirects are refused. */
function guardedFetch(parts: ProviderParts): typeof globalThis.fetch {
  const { key } = parts.config;
  const [name, before] = wires[parts.config.kind].keyHeader;
  return async (input, init) => {
    const url = input instanceof Request ? input.url : input;
    if (new URL(url).origin !== originOf(parts.config)) throw new CoPawError('egress-refused', 'A model request left the provider it belongs to.');
    const headers = new Headers(init?.headers);
    headers.delete(name);
    if (key) await parts.secrets.use(key, (value) => headers.set(name, `${before}${value}`));
    return refuseWebPage(await parts.fetch(input, { ...init, headers, redirect: 'error' }));
  };
}

async function refuseWebPage(answer: Response): Promise<Response> {
  if (!answer.ok || !/^text\/html/iu.test(answer.headers.get('content-type') ?? '')) return answer;
  await answer.body?.cancel();
  throw new CoPawError('model-answer', 'The address answers with a web page, check the base URL.', { retryable: false });
}

function baseUrlOf(config: ProviderConfig): string {
  const wire = wires[config.kind];
  const said = config.baseUrl ?? wire.base;
  if (said === undefined) throw new CoPawError('config-invalid', 'This provider has no base URL.', { next: 'Set its baseUrl.' });
  const url = new URL(said);
  const path = url.pathname.replace(/\/+$/u, '').replace(/\/(?:chat\/completions|responses|messages)$/u, '');
  return `${url.origin}${path === '' ? wire.version : path}`;
}

async function listModels(parts: ProviderParts, fetch: typeof globalThis.fetch, signal: AbortSignal): Promise<readonly ModelInfo[]> {
  try {
    const version = parts.config.kind === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {};
    const answer = await fetch(`${baseUrlOf(parts.config)}/models`, { headers: { ...parts.config.headers, ...version }, signal });
    const responseBody = await answer.text();
    const list = modelList.safeParse(answer.ok ? readJson(responseBody) : undefined);
    if (!list.success) throw Object.assign(new Error('no model list'), { statusCode: answer.status, responseBody });
    return [
      ...(list.data.data ?? []).map((row) => ({ id: row.id, ...contextLimitOf(row) })),
      ...(list.data.models ?? []).map((row) => ({ id: row.name.replace(/^models\//u, ''), ...contextLimitOf(row) })),
    ];
  } catch (thrown) {
    throw toFailure(parts, thrown, signal);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The one origin a provider's requests may go to. */
export function originOf(config: ProviderConfig): string {
  return new URL(baseUrlOf(config)).origin;
}
