// What the operator does with models: list, find, add, remove, choose, test. Testing is the production path.
import { z } from 'zod';
import { type Config, type ConfigSource, type ProviderConfig, providerConfig } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import type { ModelInfo, ModelProvider } from '../core/model.ts';
import type { ModelsAdmin, NewProvider, ProviderSummary } from '../core/operator.ts';
import type { Secrets } from '../core/secret.ts';
import { knownKeys, localServers } from './catalogue.ts';
import { probeModel } from './probe.ts';
import { probeSpeech } from './probe-speech.ts';

interface AdminParts {
  readonly config: ConfigSource;
  readonly secrets: Secrets;
  readonly provider: (id: string, config: ProviderConfig) => ModelProvider;
  /** GETs a local URL; the body, or undefined when nothing answers. */
  readonly probe: (url: string, signal: AbortSignal) => Promise<string | undefined>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For the audit. */
  readonly actor: string;
}

const localModels = z.object({ models: z.array(z.object({ name: z.string() })).optional(), data: z.array(z.object({ id: z.string() })).optional() });
const providerId = /^[a-z0-9][a-z0-9-]{0,31}$/u;

export function createModelsAdmin(parts: AdminParts): ModelsAdmin {
  const { config, secrets } = parts;
  return {
    list: async () => Object.entries(config.current().models.providers).map(([id, provider]) => summarize(config.current(), id, provider)),
    detect: (signal) => detect(parts, signal),
    async add(provider) {
      if (!providerId.test(provider.id)) throw new CoPawError('invalid', 'A provider id is lower-case letters, digits and "-", at most 32.');
      if (provider.id === 'offline') throw new CoPawError('invalid', 'The id "offline" belongs to the built-in model.');
      if (provider.kind === 'openai-compatible' && provider.baseUrl === undefined)
        throw new CoPawError('invalid', 'An openai-compatible provider needs a base URL.', { next: 'Give its address.' });
      if (provider.baseUrl !== undefined && !/^https?:\/\//iu.test(provider.baseUrl))
        throw new CoPawError('invalid', 'A base URL begins with https:// or http://.', {
          next: 'Give the whole address, for example http://localhost:11434/v1.',
        });
      const key = provider.keyValue === undefined ? provider.key : { vault: `model-${provider.id}` };
      const checked = providerConfig.safeParse({
        kind: provider.kind,
        ...(provider.baseUrl === undefined ? {} : { baseUrl: provider.baseUrl }),
        ...(key === undefined ? {} : { key }),
        headers: provider.headers ?? {},
        models: [{ id: provider.model }],
      });
      if (!checked.success) throw new CoPawError('invalid', z.prettifyError(checked.error));
      if (provider.keyValue !== undefined) await secrets.set(`model-${provider.id}`, provider.keyValue);
      const makeDefault = provider.makeDefault ?? config.current().models.default === undefined;
      const after = await config.commit(parts.actor, [
        { path: ['models', 'providers', provider.id], value: checked.data },
        ...(makeDefault ? [{ path: ['models', 'default'], value: `${provider.id}/${provider.model}` }] : []),
      ]);
      return summarize(after, provider.id, checked.data);
    },
    async remove(id) {
      const provider = providerOf(config.current(), id);
      const isDefault = config.current().models.default?.startsWith(`${id}/`) ?? false;
      await config.commit(parts.actor, [
        { path: ['models', 'providers', id], value: undefined },
        ...(isDefault ? [{ path: ['models', 'default'], value: undefined }] : []),
      ]);
      if (provider.key && 'vault' in provider.key && provider.key.vault === `model-${id}`) await secrets.remove(provider.key.vault);
    },
    async setDefault(ref) {
      if (ref === 'offline/copaw') {
        await config.commit(parts.actor, [{ path: ['models', 'default'], value: undefined }]);
        return;
      }
      const { id, model } = splitRef(ref);
      const provider = providerOf(config.current(), id);
      const isNew = !provider.models.some((known) => known.id === model);
      await config.commit(parts.actor, [
        ...(isNew ? [{ path: ['models', 'providers', id, 'models'], value: [...provider.models, { id: model }] }] : []),
        { path: ['models', 'default'], value: ref },
      ]);
    },
    async test(ref, signal) {
      const { id, model } = splitRef(ref);
      const settings = providerOf(config.current(), id);
      const known = settings.models.find((entry) => entry.id === model);
      const info: ModelInfo = {
        id: model,
        ...(known?.contextTokens === undefined ? {} : { contextTokens: known.contextTokens }),
        ...(known?.images === undefined ? {} : { images: known.images }),
      };
      const speaks = config.current().transcription?.model === ref;
      const provider = parts.provider(id, settings);
      const reports = speaks ? await probeSpeech(provider, model, signal) : await probeModel(provider, info, signal);
      return { ref, ok: reports.every((report) => report.ok), reports, info };
    },
  };
}

function splitRef(ref: string): { readonly id: string; readonly model: string } {
  const slash = ref.indexOf('/');
  if (slash < 1 || slash === ref.length - 1) throw new CoPawError('invalid', 'A model is named "provider/model".');
  return { id: ref.slice(0, slash), model: ref.slice(slash + 1) };
}

function providerOf(config: Config, id: string): ProviderConfig {
  const provider = Object.hasOwn(config.models.providers, id) ? config.models.providers[id] : undefined;
  if (!provider) throw new CoPawError('not-found', `There is no provider "${id}".`, { next: 'Add it with `copaw models add`.' });
  return provider;
}

function summarize(config: Config, id: string, provider: ProviderConfig): ProviderSummary {
  return {
    id,
    kind: provider.kind,
    ...(provider.baseUrl === undefined ? {} : { baseUrl: provider.baseUrl }),
    models: provider.models.map((model) => model.id),
    key: provider.key === undefined ? 'none' : 'vault' in provider.key ? 'vault' : `env ${provider.key.env}`,
    isDefault: config.models.default?.startsWith(`${id}/`) ?? false,
  };
}

async function detect(parts: AdminParts, signal: AbortSignal): Promise<readonly (NewProvider & { readonly found: string })[]> {
  const keys = knownKeys
    .filter(({ env }) => (parts.environment[env] ?? '') !== '')
    .map(({ env, ...provider }) => ({ ...provider, key: { env }, found: `environment variable ${env}` }));
  const servers = await Promise.all(
    localServers.map(async ({ id, name, list, baseUrl }) => {
      const body = await parts.probe(list, signal);
      const found = body === undefined ? undefined : z.string().transform(readJson).pipe(localModels).safeParse(body);
      const model = found?.success ? (found.data.models?.[0]?.name ?? found.data.data?.[0]?.id) : undefined;
      return model === undefined ? [] : [{ id, kind: 'openai-compatible' as const, baseUrl, model, found: `${name} on this machine` }];
    }),
  );
  const unique = new Map<string, (typeof keys)[number]>();
  for (const found of keys) if (!unique.has(found.id)) unique.set(found.id, found);
  return [...unique.values(), ...servers.flat()];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
