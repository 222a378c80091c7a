// Accounts of channels as they are written down: config.json through its door, secrets in the vault. The same with and without a running server.
import { type AccountConfig, accountSchema, answeringOf, channelsConfig, ruleKeys } from '../core/channel-config.ts';
import { type AnyChannelKind, channelSettings, secretMembers } from '../core/channel-kind.ts';
import type { ChannelAccount, ChannelDraft, ChannelFault, ChannelKindView, ChannelsAdmin, SecretGiven } from '../core/channels-admin.ts';
import type { ConfigChange, ConfigSource } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import { longestSecret, type SecretRef, type Secrets, secretRefSchema } from '../core/secret.ts';

export interface AccountsParts {
  readonly config: ConfigSource;
  /** Writes down what it changes. */
  readonly secrets: Pick<Secrets, 'has' | 'set' | 'remove'>;
  readonly kinds: {
    readonly names: readonly string[];
    /** Rejects with `not-found`. */
    kind(name: string): Promise<AnyChannelKind>;
  };
  /** For the audit. */
  readonly by: string;
}

export type ChannelAccounts = Pick<ChannelsAdmin, 'kinds' | 'read' | 'add' | 'remove' | 'setEnabled'>;

export function createChannelAccounts({ config, secrets, kinds, by }: AccountsParts): ChannelAccounts {
  const written = (channel: string, account: string): AccountConfig | undefined => {
    const accounts = ownOf(config.current().channels, channel);
    return accounts && ownOf(accounts, account);
  };
  const must = (channel: string, account: string): AccountConfig => {
    const found = written(channel, account);
    if (found) return found;
    throw new CoPawError('not-found', `There is no channel account ${channel}/${account}.`, { next: 'See `copaw channels list`.' });
  };
  const kindOf = async (name: string): Promise<AnyChannelKind | undefined> => (kinds.names.includes(name) ? kinds.kind(name) : undefined);

  return {
    async kinds() {
      const all = await Promise.all(kinds.names.map((name) => kinds.kind(name)));
      return all.map(viewOf);
    },
    async read(channel, account) {
      const { enabled, allow, operators, groups, ...rest } = must(channel, account);
      const kind = await kindOf(channel);
      const names = kind ? secretMembers(kind) : [];
      const refs = Object.entries(rest).flatMap(([name, value]) => {
        const ref = names.includes(name) ? secretRefSchema.safeParse(value).data : undefined;
        return ref ? [{ name, ref }] : [];
      });
      const shown = await Promise.all(refs.map(async ({ name, ref }) => [name, { ref, set: await secrets.has(ref) }] as const));
      return {
        ...{ channel, account, enabled },
        settings: {
          ...Object.fromEntries(Object.entries(rest).filter(([name]) => !ruleKeys.has(name) && !names.includes(name))),
          ...answeringOf(must(channel, account)),
        },
        secrets: Object.fromEntries(shown),
        listed: { allow: allow.length, operators: operators.length, groups: Object.keys(groups).length },
      } satisfies ChannelAccount;
    },
    async add(channel, account, draft) {
      const kind = await kinds.kind(channel);
      const before = written(channel, account);
      const own = new Map(Object.entries(draft.secrets).map(([name, given]) => [name, refOf(channel, account, name, given)]));
      const faults = faultsOf(kind, account, before, draft, own);
      if (faults.length > 0) return faults;
      for (const [name, given] of Object.entries(draft.secrets)) if ('value' in given) await secrets.set(vaultName(channel, account, name), given.value);
      const changes: ConfigChange[] = [
        ...Object.entries(draft.settings).map(([name, value]) => ({ name, value: value ?? undefined })),
        ...[...own].map(([name, value]) => ({ name, value })),
        ...(draft.enable === undefined && before ? [] : [{ name: 'enabled', value: draft.enable ?? false }]),
      ].map(({ name, value }) => ({ path: ['channels', channel, account, name], value }));
      if (changes.length > 0) await config.commit(by, changes);
      // What came from the vault before and does no longer.
      for (const [name, ref] of own) await removeOwn(channel, account, name, before?.[name], ref);
      return [];
    },
    async remove(channel, account) {
      const found = must(channel, account);
      const alone = Object.keys(config.current().channels[channel] ?? {}).length === 1;
      await config.commit(by, [{ path: alone ? ['channels', channel] : ['channels', channel, account], value: undefined }]);
      for (const [name, value] of Object.entries(found)) await removeOwn(channel, account, name, value, undefined);
    },
    async setEnabled(channel, account, enabled) {
      const found = must(channel, account);
      const kind = enabled ? await kindOf(channel) : undefined;
      if (kind) channelSettings(kind, account, found);
      if (found.enabled !== enabled) await config.commit(by, [{ path: ['channels', channel, account, 'enabled'], value: enabled }]);
    },
  };

  /** A secret that CoPaw itself put into the vault for this member leaves with it; one that a person named stays. */
  async function removeOwn(channel: string, account: string, name: string, was: unknown, now: SecretRef | undefined): Promise<void> {
    const own = vaultName(channel, account, name);
    const ref = secretRefSchema.safeParse(was).data;
    if (ref && 'vault' in ref && ref.vault === own && !(now && 'vault' in now && now.vault === own)) await secrets.remove(own);
  }
}

function viewOf(kind: AnyChannelKind): ChannelKindView {
  return { kind: kind.kind, title: kind.title, settings: accountSchema(kind.settings), secrets: secretMembers(kind), page: `channels/${kind.kind}.md` };
}

const vaultName = (channel: string, account: string, member: string): string => `channel-${channel}-${account}-${member}`;

const refOf = (channel: string, account: string, member: string, given: SecretGiven): SecretRef =>
  'value' in given ? { vault: vaultName(channel, account, member) } : given;

/** All that is wrong with what the account would be. Says nothing of a value: it may be a secret in the wrong place. */
function faultsOf(
  kind: AnyChannelKind,
  account: string,
  before: AccountConfig | undefined,
  { settings, secrets }: ChannelDraft,
  own: ReadonlyMap<string, SecretRef>,
): readonly ChannelFault[] {
  const names = secretMembers(kind);
  const known = (name: string): boolean => Object.hasOwn(kind.settings.shape, name) || (ruleKeys.has(name) && name !== 'enabled');
  const misplaced = [
    ...Object.keys(settings).flatMap((name) => {
      if (names.includes(name)) return [{ path: name, message: 'This is a secret: give it as one, never as a setting.' }];
      if (name === 'enabled') return [{ path: name, message: 'Switch the account on or off instead.' }];
      return known(name) ? [] : [{ path: name, message: `${kind.title} has no such setting. It has: ${Object.keys(kind.settings.shape).join(', ')}.` }];
    }),
    ...Object.entries(secrets).flatMap(([name, given]) => {
      if (!names.includes(name))
        return [{ path: name, message: names.length === 0 ? `${kind.title} has no secrets.` : `The secrets are: ${names.join(', ')}.` }];
      return 'value' in given && (given.value === '' || given.value.length > longestSecret)
        ? [{ path: name, message: `The value is empty, or longer than ${longestSecret} characters.` }]
        : [];
    }),
  ];
  const merged: Record<string, unknown> = { ...before, ...settings, ...Object.fromEntries(own) };
  for (const [name, value] of Object.entries(settings)) if (value === null) delete merged[name];
  const [asAccount, asKind] = [channelsConfig.safeParse({ [kind.kind]: { [account]: merged } }), kind.settings.safeParse(merged)];
  const told = new Set(misplaced.map(({ path }) => path.split('.')[0]));
  const issues = [
    ...(asAccount.error?.issues ?? []).map(({ path, message }) => ({ path: path.slice(2), message })),
    ...(asKind.error?.issues ?? []).map(({ code, path, message }) => {
      // What a kind itself says of a member that is not there says more.
      const isSaid = code === 'custom' || Object.hasOwn(merged, String(path[0] ?? ''));
      return { path, message: isSaid ? message : 'This is needed.' };
    }),
  ].filter(({ path }) => !told.has(String(path[0] ?? '-')));
  const nameFault = /^[A-Za-z0-9_-]{1,64}$/.test(account) ? [] : [{ path: '', message: 'An account is named by letters, digits, "_" and "-", at most 64.' }];
  return [...nameFault, ...misplaced, ...(nameFault.length > 0 ? [] : issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })))];
}

function ownOf<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
