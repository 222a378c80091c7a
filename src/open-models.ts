// Composition of the models: providers as configured, each behind the egress door, for the running server and for the command line alone.
import type { AuditDoor } from './core/audit.ts';
import { auditedSecrets } from './core/audited-secrets.ts';
import type { ConfigSource, ProviderConfig } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import type { ModelProvider } from './core/model.ts';
import type { ModelsAdmin } from './core/operator.ts';
import type { Redact, Secrets } from './core/secret.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { once } from './lib/once.ts';
import { preferSmallHeap } from './lib/small-heap.ts';
import type { Environment } from './open-home.ts';

interface ModelParts {
  readonly options: { readonly environment: Environment; readonly provider?: ModelProvider | undefined };
  readonly config: ConfigSource;
  readonly secrets: Secrets & { readonly redact: Redact };
  /** Absent where `secrets` writes down its changes itself. */
  readonly audit?: AuditDoor;
  readonly egress: import('./core/egress.ts').Egress;
  readonly clock: Clock;
}

/** The models of a home where no server runs: for `copaw models` and `copaw init`. Changes are audited. */
export async function openModelsAdmin(home: string, environment: Environment): Promise<ModelsAdmin> {
  const [{ openConfig }, { createKeyFiles }, { createSecrets }, { createCommitConfig }, { createEgress }] = await Promise.all([
    import('./config/config-file.ts'),
    import('./store/key-file.ts'),
    import('./security/secrets.ts'),
    import('./security/commit-config.ts'),
    import('./security/egress.ts'),
  ]);
  const file = openConfig(home, { onWarning: () => undefined });
  const { withHome: alone } = await import('./open-home.ts');
  const commit: ConfigSource['commit'] = (actor, changes) =>
    alone(home, environment, ({ audit }) => createCommitConfig({ write: (all) => file.write(all), audit })(actor, changes));
  const config: ConfigSource = { current: () => file.current(), commit };
  const kept = createSecrets({ dir: `${home}.secret`, keys: createKeyFiles(`${home}.secret`), environment });
  const secrets = {
    ...kept,
    set: (name: string, value: string) => alone(home, environment, (open) => auditedSecrets(kept, open.audit, 'cli').set(name, value)),
    remove: (name: string) => alone(home, environment, (open) => auditedSecrets(kept, open.audit, 'cli').remove(name)),
  };
  return (await openModels({ options: { environment }, config, secrets, egress: createEgress({ clock: systemClock }), clock: systemClock })).admin('cli');
}

/** Providers as configured, each reaching exactly its own origin, and the offline model where none is. */
export async function openModels({ options, config, secrets, audit, egress, clock }: ModelParts) {
  const [{ createModelResolver }, { createOfflineModel }, { createModelsAdmin }] = await Promise.all([
    import('./models/resolve.ts'),
    import('./models/offline.ts'),
    import('./models/admin.ts'),
  ]);
  const provider = (id: string, providerConfig: ProviderConfig): ModelProvider => {
    const { firstTokenSeconds, retries } = config.current().models;
    // The wire code is loaded when a model is first called, not when CoPaw starts.
    const ready = once(async (): Promise<ModelProvider> => {
      preferSmallHeap();
      const { createProvider, originOf } = await import('./models/provider.ts');
      const fetch = egress.fetchFor({ kind: 'origins', origins: [originOf(providerConfig)] });
      return createProvider({ id, config: providerConfig, fetch, secrets, clock, firstTokenMs: firstTokenSeconds * 1000, retries, redact: secrets.redact });
    });
    return {
      async *stream(request, signal) {
        yield* (await ready()).stream(request, signal);
      },
      models: async (signal) => (await ready()).models(signal),
      async embed(request, signal) {
        const { embed } = await ready();
        if (embed) return embed(request, signal);
        throw new CoPawError('model-request', 'This provider has no embeddings.', { next: 'Choose a model of another provider for memory.embedding.' });
      },
      async transcribe(request, signal) {
        const { transcribe } = await ready();
        if (transcribe) return transcribe(request, signal);
        throw new CoPawError('model-missing', 'This provider writes no speech down.', { next: 'Choose a model of another provider for transcription.' });
      },
    };
  };
  const offline = options.provider ?? createOfflineModel({ clock, timezone: () => config.current().timezone });
  return {
    resolve: createModelResolver({ config: () => config.current(), provider, offline }),
    admin: (by: string) =>
      createModelsAdmin({
        config,
        secrets: audit ? auditedSecrets(secrets, audit, by) : secrets,
        provider,
        environment: options.environment,
        actor: by,
        probe: async (url, signal) => {
          try {
            const page = await egress.fetch(url, { kind: 'origins', origins: [new URL(url).origin] }, { signal, timeoutMs: 1_000, maxBytes: 200_000 });
            return page.status === 200 ? new TextDecoder().decode(page.body) : undefined;
          } catch (error) {
            if (error instanceof CoPawError) return undefined;
            throw error;
          }
        },
      }),
  };
}
