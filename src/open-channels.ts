// Composition of the kinds of channels: each is loaded when an account of it is first enabled or asked about, and is given only what it lives on.
import { builtinChannels } from './builtins.ts';
import { auditedSecrets } from './core/audited-secrets.ts';
import type { ChannelFactory } from './core/channel.ts';
import { type AnyChannelKind, type ChannelHands, channelSettings, reachesOrigin } from './core/channel-kind.ts';
import type { ChannelsAdmin } from './core/channels-admin.ts';
import type { ConfigSource } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import type { Log } from './core/log.ts';
import type { Secrets } from './core/secret.ts';
import type { ChannelAccounts } from './gateway/channel-accounts.ts';
import { certificateFault } from './lib/certificate-fault.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import type { Environment } from './open-home.ts';
import type { EgressDoor } from './security/egress.ts';

export { builtinChannels };

export type KindLoader = () => Promise<AnyChannelKind>;

interface HandsParts {
  readonly config: Pick<ConfigSource, 'current'>;
  readonly egress: Pick<EgressDoor, 'fetchFor' | 'connect'>;
  readonly secrets: Pick<Secrets, 'use'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ChannelKinds {
  /** What can be connected now; more come with `load`. */
  readonly factories: Readonly<Record<string, ChannelFactory>>;
  /** Every kind there is, loaded or not. */
  readonly names: readonly string[];
  /** Those of them that `kind` knows. */
  readonly described: readonly string[];
  /** Loads the kinds of all accounts that are enabled. */
  load(): Promise<void>;
  /** Rejects with `not-found`. */
  kind(name: string): Promise<AnyChannelKind>;
}

/** `kinds` by name, as config.json writes it. `made` elsewhere, for tests. */
export function openChannelKinds(
  parts: HandsParts & { readonly kinds: Readonly<Record<string, KindLoader>>; readonly made: Readonly<Record<string, ChannelFactory>> },
): ChannelKinds {
  const { kinds, config } = parts;
  const factories: Record<string, ChannelFactory> = { ...parts.made };
  const accounts = (name: string) => {
    const { channels } = config.current();
    return Object.hasOwn(channels, name) ? (channels[name] ?? {}) : {};
  };
  const isEnabled = (name: string): boolean => Object.values(accounts(name)).some(({ enabled }) => enabled);
  return {
    factories,
    names: [...new Set([...Object.keys(kinds), ...Object.keys(factories)])],
    described: Object.keys(kinds),
    async load() {
      for (const [name, load] of Object.entries(kinds)) {
        if (Object.hasOwn(factories, name) || !isEnabled(name)) continue;
        const kind = await load();
        factories[name] = (account) => {
          const settings = channelSettings(kind, account, accounts(name)[account]);
          return kind.open(settings, channelHands(parts, account, kind.origins(settings)));
        };
      }
    },
    kind: (name) => loadKind(kinds, name),
  };
}

async function loadKind(kinds: Readonly<Record<string, KindLoader>>, name: string): Promise<AnyChannelKind> {
  const load = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (load) return load();
  throw new CoPawError('not-found', `There is no channel "${name}".`, { next: `There are: ${Object.keys(kinds).join(', ')}.` });
}

/** The channels of a home where no server runs: accounts are set up on the files, and nothing is connected. */
export function openChannelsAdmin(home: string, environment: Environment): ChannelsAdmin {
  const alone = async <T>(ask: (accounts: ChannelAccounts, config: ConfigSource) => Promise<T>): Promise<T> => {
    const [{ withHome }, { openConfig }, { createCommitConfig }, { createChannelAccounts }] = await Promise.all([
      import('./open-home.ts'),
      import('./config/config-file.ts'),
      import('./security/commit-config.ts'),
      import('./gateway/channel-accounts.ts'),
    ]);
    return withHome(home, environment, async ({ audit, secrets }) => {
      const file = openConfig(home, { onWarning: () => undefined });
      const config = { current: () => file.current(), commit: createCommitConfig({ write: (changes) => file.write(changes), audit }) };
      const kinds = { names: Object.keys(builtinChannels), kind: (name: string) => loadKind(builtinChannels, name) };
      return ask(createChannelAccounts({ config, kinds, secrets: auditedSecrets(secrets, audit, 'cli'), by: 'cli' }), config);
    });
  };
  const needsServer = async (): Promise<never> => {
    throw new CoPawError('not-found', 'No CoPaw runs on this home, and only a running one holds connections.', { next: 'Start it with `copaw start`.' });
  };
  return {
    list: () =>
      alone(async (_, config) => {
        const since = systemClock.now();
        return Object.entries(config.current().channels).flatMap(([channel, accounts]) =>
          Object.entries(accounts).map(([account, { enabled }]) => ({
            ...{ channel, account, since, attempts: 0 },
            state: enabled ? ('unknown' as const) : ('off' as const),
          })),
        );
      }),
    kinds: () => alone((accounts) => accounts.kinds()),
    read: (channel, account) => alone((accounts) => accounts.read(channel, account)),
    add: (channel, account, draft) => alone((accounts) => accounts.add(channel, account, draft)),
    remove: (channel, account) => alone((accounts) => accounts.remove(channel, account)),
    setEnabled: (channel, account, enabled) => alone((accounts) => accounts.setEnabled(channel, account, enabled)),
    restart: needsServer,
    test: needsServer,
    send: needsServer,
  };
}

/** Whatever it is asked for, a channel reaches the origins its kind declares for these settings and no others. */
export function channelHands({ config, egress, secrets, clock, log }: HandsParts, account: string, origins: readonly string[]): ChannelHands {
  const allowed = (origin: string): readonly string[] => (reachesOrigin(origins, origin) ? [origin] : []);
  return {
    ...{ account, clock, log },
    random: Math.random,
    fetch: async (input, init) =>
      egress.fetchFor({ kind: 'origins', origins: allowed(new URL(input instanceof Request ? input.url : input).origin) })(input, init),
    connect: async (origin, signal) => {
      try {
        return await egress.connect(origin, allowed(origin), signal);
      } catch (error) {
        const fault = certificateFault(error, origin.replace(/^[a-z]+:\/\//u, ''));
        throw fault ? new CoPawError('egress-failed', fault.message, { next: fault.next, cause: error }) : error;
      }
    },
    secret: (ref) => secrets.use(ref, (value) => value),
    language: () => config.current().language,
  };
}
