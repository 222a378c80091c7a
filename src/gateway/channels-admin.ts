// What the operator does with the channels of a running CoPaw: accounts as written down, the connections the supervisor keeps, and a message of one's own.
import type { Address } from '../core/address.ts';
import type { AuditDoor } from '../core/audit.ts';
import { enabledAccount } from '../core/channel-config.ts';
import { type AnyChannelKind, channelSettings, secretMembers } from '../core/channel-kind.ts';
import type { ChannelState } from '../core/channel-state.ts';
import type { ChannelsAdmin, LinkReport } from '../core/channels-admin.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { Redact } from '../core/secret.ts';
import { lists } from '../core/sender-rules.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { type AccountsParts, createChannelAccounts } from './channel-accounts.ts';
import { testChannel } from './channel-test.ts';
import type { Delivery } from './deliver.ts';
import { type LastChatStore, lastChat } from './last-chat.ts';
import type { Supervisor } from './supervisor.ts';
import type { Words } from './words.ts';

type Found = Omit<LinkReport, 'link'>;
interface Written {
  readonly settings?: Found;
  readonly secret?: Found;
  readonly hosts?: readonly string[];
}

export interface ChannelsAdminParts extends AccountsParts {
  readonly supervisor: Pick<Supervisor, 'list' | 'restart' | 'limits' | 'webhook'>;
  /** What config.json says now counts once this resolves. */
  sync(): Promise<void>;
  readonly delivery: Pick<Delivery, 'say'>;
  readonly store: LastChatStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly audit: AuditDoor;
  readonly redact: Redact;
  readonly words: () => Words;
}

export function createChannelsAdmin(parts: ChannelsAdminParts): ChannelsAdmin {
  const { supervisor, config, kinds, clock, by } = parts;
  const accounts = createChannelAccounts(parts);
  const stateOf = (channel: string, account: string): ChannelState | undefined =>
    supervisor.list().find((one) => one.channel === channel && one.account === account);
  const must = (channel: string, account: string): ChannelState => {
    const state = stateOf(channel, account);
    if (state) return state;
    throw new CoPawError('not-found', `There is no channel account ${channel}/${account}.`, { next: 'See `copaw channels list`.' });
  };
  const setEnabled = async (channel: string, account: string, enabled: boolean): Promise<void> => {
    await accounts.setEnabled(channel, account, enabled);
    await parts.sync();
  };
  const send = async (address: Address, text: string): Promise<readonly string[]> => {
    const { channel, account, chat } = address;
    await parts.audit.append('channel-send', { channel, account, chat, by });
    return (await parts.delivery.say(address, { text }, parts.ids('said'))).map(({ id }) => id);
  };
  /** The direct chat that one of the operator's own ids used last on this account. */
  const ownChat = async (channel: string, account: string): Promise<Address | undefined> => {
    const operators = enabledAccount(config.current().channels, channel, account)?.operators;
    const found = await lastChat(
      parts.store,
      (address) => address.channel === channel && address.account === account && address.peer !== undefined && lists(operators, address.peer),
    );
    return found?.address;
  };

  /** A place that somebody names: one that is known, a listed group, or else the direct chat with who is called so. */
  const placeOf = async (channel: string, account: string, chat: string, thread?: string): Promise<Address> => {
    const place = { channel, account, chat, ...(thread === undefined ? {} : { thread }) };
    const known = (await lastChat(parts.store, (address) => address.channel === channel && address.account === account && address.chat === chat))?.address;
    const isGroup = known ? known.peer === undefined : Object.hasOwn(config.current().channels[channel]?.[account]?.groups ?? {}, chat);
    return isGroup ? place : { ...place, peer: known?.peer ?? chat };
  };

  return {
    ...accounts,
    list: async () => supervisor.list(),
    async add(channel, account, draft) {
      const faults = await accounts.add(channel, account, draft);
      if (faults.length > 0) return faults;
      await parts.sync();
      // A new value of a secret is no change of settings.
      if (Object.keys(draft.secrets).length > 0 && must(channel, account).state !== 'off') supervisor.restart(channel, account);
      return [];
    },
    async remove(channel, account) {
      await accounts.remove(channel, account);
      await parts.sync();
    },
    setEnabled,
    restart: async (channel, account) => supervisor.restart(channel, account),
    async send(channel, account, { chat, thread }, text) {
      const { state } = must(channel, account);
      if (state !== 'up')
        throw new CoPawError('channel-down', `${channel}/${account} is not connected: ${state}.`, {
          next: `See why: copaw channels test ${channel}/${account}`,
        });
      return send(await placeOf(channel, account, chat, thread), text);
    },
    async test(channel, account, { to, signal }) {
      const wasOff = must(channel, account).state === 'off';
      const kind = kinds.names.includes(channel) ? await kinds.kind(channel).catch(() => undefined) : undefined;
      const before = kind ? await written(kind, channel, account) : {};
      if (wasOff && before.settings?.state !== 'failed' && before.secret?.state !== 'failed') await setEnabled(channel, account, true);
      const address = to === undefined ? await ownChat(channel, account) : await placeOf(channel, account, to);
      const found = { ...(before.settings ? { settings: before.settings } : {}), ...(before.secret ? { secret: before.secret } : {}) };
      let ok = false;
      try {
        const done = await testChannel(
          {
            ...{ clock, hosts: before.hosts, redact: parts.redact, fresh: wasOff },
            state: () => stateOf(channel, account),
            restart: () => void supervisor.restart(channel, account),
            called: () =>
              supervisor.limits({ channel, account })?.liveMs === Number.POSITIVE_INFINITY && supervisor.webhook({ channel, account }) !== undefined,
            send: address && (async () => (await send(address, parts.words().channelTest)).join(', ')),
          },
          found,
          signal,
        );
        ok = done.ok;
        return { channel, account, ...done };
      } finally {
        if (wasOff && !ok && stateOf(channel, account)?.state !== 'off') await setEnabled(channel, account, false);
      }
    },
  };

  /** What config.json and the vault hold for the account. */
  async function written(kind: AnyChannelKind, channel: string, account: string): Promise<Written> {
    const raw: Readonly<Record<string, unknown>> = config.current().channels[channel]?.[account] ?? {};
    const next = `Run: copaw channels add ${channel} ${account}`;
    let hosts: readonly string[];
    try {
      hosts = [...new Set(kind.origins(channelSettings(kind, account, raw)).map((origin) => origin.replace(/^[a-z]+:\/\//u, '')))];
    } catch (error) {
      return { settings: { state: 'failed', detail: toCoPawError(error).message, next } };
    }
    const settings: Found = { state: 'ok', detail: 'Everything that is needed is there.' };
    const { secrets: held } = await accounts.read(channel, account);
    const names = secretMembers(kind).filter((name) => raw[name] !== undefined);
    const missing = names.filter((name) => held[name]?.set !== true);
    const said = missing.map((name) => {
      const ref = held[name]?.ref;
      return ref && 'env' in ref ? `${name}: the environment variable ${ref.env} is not set` : `${name}: the vault has no value`;
    });
    const secret: Found =
      missing.length > 0
        ? { state: 'failed', detail: `${said.join('; ')}.`, next }
        : { state: 'ok', detail: names.length === 0 ? 'None is needed.' : `${names.join(', ')}: set.` };
    return { settings, secret, hosts };
  }
}
