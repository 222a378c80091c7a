// Adding, choosing, finding and testing models, and which one answers afterwards.
import { expect, test } from 'vitest';
import { startSpeechServer } from '../../tests/providers/speech.ts';
import { type Config, type ConfigSource, configSchema } from '../core/config.ts';
import type { Secrets } from '../core/secret.ts';
import { systemClock } from '../lib/clock.ts';
import { startModelServer } from '../testing/model-server.ts';
import { createModelsAdmin } from './admin.ts';
import { createOfflineModel } from './offline.ts';
import { createProvider } from './provider.ts';
import { createModelResolver } from './resolve.ts';

function memoryConfig(more: object): ConfigSource {
  let config: Config = configSchema.parse(more);
  return {
    current: () => config,
    async commit(_actor, changes) {
      const models = structuredClone(config.models) as Record<string, unknown> & { providers: Record<string, unknown> };
      for (const { path, value } of changes) {
        const [, key, id] = path;
        if (key === 'default') models.default = value;
        else if (value === undefined) delete models.providers[String(id)];
        else models.providers[String(id)] = value;
      }
      config = configSchema.parse({ ...config, models });
      return config;
    },
  };
}

function setUp(more: object = {}) {
  const values = new Map<string, string>();
  const secrets: Secrets = {
    use: async (ref, fn) => fn(('vault' in ref ? values.get(ref.vault) : undefined) ?? ''),
    lend: () => Promise.reject(new Error('not here')),
    has: async (ref) => 'vault' in ref && values.has(ref.vault),
    set: async (name, value) => void values.set(name, value),
    remove: async (name) => values.delete(name),
    list: async () => [...values.keys()].map((name) => ({ name })),
  };
  const config = memoryConfig(more);
  const provider: Parameters<typeof createModelsAdmin>[0]['provider'] = (id, settings) =>
    createProvider({ id, config: settings, fetch: globalThis.fetch, secrets, clock: systemClock, firstTokenMs: 5000, retries: 0, redact: (text) => text });
  const admin = createModelsAdmin({
    config,
    secrets,
    provider,
    probe: async (url) => (url.includes('11434') ? '{"models":[{"name":"qwen3:8b"}]}' : undefined),
    environment: { GEMINI_API_KEY: 'k', GOOGLE_API_KEY: 'k' },
    actor: 'test',
  });
  const resolve = createModelResolver({ config: config.current, provider, offline: createOfflineModel({ clock: systemClock, timezone: () => 'UTC' }) });
  return { admin, config, values, resolve };
}

test('an added provider answers, its key is in the vault only, and removing it goes back to the offline model', async () => {
  const { admin, config, values, resolve } = setUp();
  expect(resolve('main').ref).toBe('offline/copaw');
  const added = await admin.add({ id: 'local', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9', model: 'a/b', keyValue: 'sk-secret' });
  expect(added).toMatchObject({ key: 'vault', isDefault: true });
  expect(JSON.stringify(config.current())).not.toContain('sk-secret');
  expect(resolve('main')).toMatchObject({ ref: 'local/a/b', info: { id: 'a/b' } });
  expect(resolve('main').provider).toBe(resolve('main').provider);
  await admin.remove('local');
  expect(resolve('main').ref).toBe('offline/copaw');
  expect(values.size).toBe(0);
});

test('finds keys and local servers once each', async () => {
  const found = await setUp().admin.detect(new AbortController().signal);
  expect(found.map((one) => `${one.id} ${one.model}`)).toEqual(['google gemini-2.5-flash', 'ollama qwen3:8b']);
});

test('the model that writes voice notes down is tested with sound', async () => {
  const speech = await startSpeechServer({ model: 'whisper' }, { text: '', usage: { type: 'duration', seconds: 1 } }, { status: 401 });
  const { admin } = setUp({
    models: { providers: { it: { kind: 'openai-compatible', baseUrl: speech.baseUrl } } },
    transcription: { model: 'it/whisper' },
  });
  const { signal } = new AbortController();
  const { ok, reports } = await admin.test('it/whisper', signal);
  expect([ok, reports.map(({ capability }) => capability)]).toEqual([true, ['connect', 'speech', 'usage']]);
  expect(speech.requests[0]?.file).toMatchObject({ name: 'voice.wav', type: 'audio/wav' });
  expect(await admin.test('it/whisper', signal)).toMatchObject({ ok: false, reports: [{ capability: 'connect', detail: expect.stringContaining('key') }] });
  expect(speech.faults).toEqual([]);
  await speech.close();
});

test('testing a model sends a tool result back and reports what it saw', async () => {
  const { admin } = setUp();
  const server = await startModelServer('anthropic', [{ calls: [{ id: 'a', name: 'check_word', arguments: '{"number":7}' }] }, { text: 'heron' }]);
  await admin.add({ id: 'it', kind: 'anthropic', baseUrl: server.baseUrl, model: 'm' });
  const result = await admin.test('it/m', new AbortController().signal);
  await server.close();
  expect(result.ok, JSON.stringify(result.reports)).toBe(true);
  expect(result.reports.map((report) => report.capability)).toEqual(['connect', 'tool-call', 'stream', 'usage']);
  expect(server.requests[1]?.body).toContain('heron');
});

test('an address without http is refused before anything is kept', async () => {
  const { admin, config, values } = setUp();
  const add = admin.add({ id: 'local', kind: 'openai-compatible', baseUrl: 'localhost:11434', model: 'm', keyValue: 'sk-secret' });
  await expect(add).rejects.toMatchObject({ code: 'invalid', message: 'A base URL begins with https:// or http://.' });
  expect([config.current().models.providers, values.size]).toEqual([{}, 0]);
});
