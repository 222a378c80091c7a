// Speech written down, against a double that refuses what providers refuse.
import { afterEach, expect, test } from 'vitest';
import { recording, type SpeechReply, type SpeechServer, startSpeechServer } from '../../tests/providers/speech.ts';
import { providerConfig } from '../core/config.ts';
import type { ModelProvider } from '../core/model.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { providerWords } from '../testing/model-server.ts';
import { createProvider } from './provider.ts';

const key = 'sk-secret';
const servers: SpeechServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A clock whose waits are over at once, and written down. */
function quickClock(): { readonly clock: Clock; readonly waits: number[] } {
  const waits: number[] = [];
  let gone = 0;
  const sleep: Clock['sleep'] = async (ms, signal) => {
    signal?.throwIfAborted();
    gone += ms;
    waits.push(ms);
  };
  return { clock: { ...systemClock, steady: () => systemClock.steady() + gone, sleep }, waits };
}

async function open(replies: readonly SpeechReply[], settings: { kind?: string; secret?: string; baseUrl?: string } = {}) {
  const server = await startSpeechServer({ key, model: 'whisper' }, ...replies);
  servers.push(server);
  const { clock, waits } = quickClock();
  const provider: ModelProvider = createProvider({
    ...{ id: 'it', fetch: globalThis.fetch, clock, firstTokenMs: 5_000, retries: 2, redact: (text: string) => text.replaceAll(key, '***') },
    secrets: { use: async (_ref, fn) => fn(settings.secret ?? key) },
    config: providerConfig.parse({ kind: settings.kind ?? 'openai-compatible', baseUrl: settings.baseUrl ?? server.baseUrl, key: { env: 'KEY' } }),
  });
  const say = (more: object = {}, signal = new AbortController().signal) =>
    provider.transcribe?.({ model: 'whisper', sound: recording(), mediaType: 'audio/ogg', limitMs: 300_000, ...more }, signal);
  return { server, say, waits, provider };
}

test.each(['openai-compatible', 'openai'])('%s: the form a provider takes, with the key, and never the name of the file', async (kind) => {
  const { server, say } = await open([{ text: ' Buy milk. ', usage: { type: 'duration', seconds: 3 } }], { kind });
  expect(await say({ language: 'en' })).toEqual({ text: 'Buy milk.', usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 }, seconds: 3 });
  expect(server.requests).toEqual([{ model: 'whisper', language: 'en', file: { name: 'voice.ogg', type: 'audio/ogg', bytes: new Uint8Array(recording()) } }]);
  expect(server.faults).toEqual([]);
});

test.each([
  ['audio/mpeg', 'ID3\x04', 'voice.mp3'],
  ['audio/mp4', '\0\0\0\x20ftypM4A ', 'voice.m4a'],
  ['audio/wav', 'RIFF\0\0\0\0WAVEfmt ', 'voice.wav'],
  ['audio/webm', '\x1aE\xdf\xa3', 'voice.webm'],
  ['audio/flac', 'fLaC', 'voice.flac'],
])('%s goes under the ending that is taken everywhere', async (mediaType, begins, name) => {
  const { server, say } = await open([{ text: 'Hello.' }]);
  expect(await say({ mediaType, sound: Buffer.from(begins, 'latin1') })).toMatchObject({ text: 'Hello.' });
  expect(server.requests.map(({ file, language }) => [file.name, language])).toEqual([[name, undefined]]);
});

test.each([
  ['tokens', { type: 'tokens', input_tokens: 14, output_tokens: 5, total_tokens: 19 }, { usage: { input: 14, output: 5 } }],
  ['nothing', undefined, { usage: { input: 0, output: 0 } }],
  ['nonsense', { type: 'duration', seconds: 'many' }, { usage: { input: 0, output: 0 } }],
])('what it took is counted in %s', async (_what, usage, expected) => {
  const { say } = await open([{ text: 'Hello.', ...(usage === undefined ? {} : { usage }) }]);
  expect(await say()).toMatchObject(expected);
});

test('a provider that limits or fails is asked again, as late as it says, and no more often than is set', async () => {
  const { say, server, waits } = await open([{ status: 429, retryAfter: 7 }, { status: 503 }, { text: 'At last.' }]);
  expect(await say()).toMatchObject({ text: 'At last.' });
  expect(waits).toEqual([7_000, 2_000]);
  server.play({ status: 429, retryAfter: 1 });
  await expect(say()).rejects.toMatchObject({ code: 'model-rate' });
  expect(server.requests).toHaveLength(3);
});

test.each([
  ['its time', 20, 10_000],
  ['half a minute', 31, 300_000],
])('a wait that is longer than %s is not begun', async (_what, retryAfter, limitMs) => {
  const { say, server, waits } = await open([{ status: 429, retryAfter }]);
  await expect(say({ limitMs })).rejects.toMatchObject({ code: 'model-rate' });
  expect([server.requests.length, waits]).toEqual([1, []]);
});

test.each([
  ['a refused request', { status: 400 }, 'model-request', 1],
  ['no credit', { status: 402 }, 'model-quota', 1],
  ['another answer', { raw: '{"hello":1}' }, 'model-answer', 1],
  ['no JSON', { raw: 'Hello.' }, 'model-answer', 1],
  ['a cut connection', { cut: true as const }, 'model-network', 3],
])('%s: a failure in our words, and what was paid for is not asked for twice', async (_what, reply, code, asked) => {
  const { say, server } = await open([reply]);
  const failure = await Promise.resolve(say()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code });
  expect(String(failure)).not.toContain(providerWords);
  expect(server.requests).toHaveLength(asked);
});

test('a key that is refused stands in no error', async () => {
  const { say, server } = await open([{}], { secret: 'sk-wrong' });
  const failure = await Promise.resolve(say()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'model-auth' });
  expect(JSON.stringify([failure, String(failure), failure instanceof Error && failure.cause])).not.toContain('sk-wrong');
  expect(server.faults).toEqual(['key']);
});

test('silence ends at its time, a stop at once', async () => {
  const { say } = await open([{ hold: new Promise(() => undefined) }]);
  await expect(say({ limitMs: 50 })).rejects.toMatchObject({ code: 'model-timeout' });
  const stop = new AbortController();
  const asked = say({}, stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
});

test('a wire format without speech has none', async () => {
  expect((await open([], { kind: 'anthropic' })).provider.transcribe).toBeUndefined();
});
