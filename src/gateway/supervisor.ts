// Keeps every enabled account of every channel connected (delivery 9): none is silently dead, and what config.json says counts at once.
import type { Channel, ChannelFactory, ChannelLimits, ChannelOutside, Inbox } from '../core/channel.ts';
import { type ChannelsConfig, connectionSettings } from '../core/channel-config.ts';
import type { ChannelState } from '../core/channel-state.ts';
import { CoPawError } from '../core/error.ts';
import type { Redact } from '../core/secret.ts';
import type { Clock } from '../lib/clock.ts';
import { withTimeLimit } from '../lib/time-limit.ts';
import { type AccountParts, SupervisedAccount } from './supervised-account.ts';

/** How long all channels together may take to let go at the end, milliseconds. */
const stopMs = 5_000;

export interface SupervisorParts {
  readonly clock: Clock;
  /** At least 0 and below 1. */
  readonly random: () => number;
  readonly redact: Redact;
  readonly channels: Readonly<Record<string, ChannelFactory>>;
  readonly rules: () => ChannelsConfig;
  /** An account receives: what waits for it can go. */
  readonly onUp: () => void;
  /** As an account has them. */
  readonly tellDown: AccountParts['tellDown'];
  readonly toldBefore: AccountParts['toldBefore'];
  readonly tellBack: AccountParts['tellBack'];
  readonly onFault: (error: unknown) => void;
}

type Account = { readonly channel: string; readonly account: string };

export interface Supervisor {
  /** Every account in config.json, in its order. */
  list(): readonly ChannelState[];
  /** A fresh connection now, whatever was planned. Throws `not-found`, or `conflict` where it is switched off. */
  restart(channel: string, account: string): ChannelState;
  /** Connects what is enabled. */
  start(inbox: (channel: string, account: string) => Inbox): void;
  /** The configuration may have changed: accounts are connected, let go or connected afresh. */
  sync(): void;
  /** To send through; undefined unless it is up. */
  channel(of: Account): ChannelOutside | undefined;
  /** Of the latest connection there was; before the first, of the one to come. undefined for accounts that are off or cannot be made. */
  limits(of: Account): ChannelLimits | undefined;
  /** Where requests of a platform that calls us go; undefined where nobody takes them. */
  webhook(of: Account): Channel['webhook'];
  /** Enabled accounts that are not up, as "kind/account". */
  held(): ReadonlySet<string>;
  stop(): Promise<void>;
}

export function createSupervisor(parts: SupervisorParts): Supervisor {
  const { clock, channels, rules, onFault } = parts;
  const known = new Map<string, { readonly supervised: SupervisedAccount; settings: string }>();
  const began = clock.now();
  let inboxOf: ((channel: string, account: string) => Inbox) | undefined;
  /** Set once it stops: what was not off then. Nothing is given up because CoPaw ends. */
  let atEnd: ReadonlySet<string> | undefined;
  const notOff = (also: readonly ChannelState['state'][] = []): ReadonlySet<string> =>
    new Set([...known].filter(([, { supervised }]) => !['off', ...also].includes(supervised.state.state)).map(([name]) => name));

  const add = (name: string, channel: string, account: string, make: ChannelFactory): void => {
    const supervised = new SupervisedAccount({
      ...{ channel, account, clock, random: parts.random, redact: parts.redact, onFault },
      make: () => make(account),
      onUp: () => {
        parts.onUp();
        for (const [other, { supervised: one }] of known) if (other !== name) one.tellAgain();
      },
      tellDown: parts.tellDown,
      toldBefore: parts.toldBefore,
      tellBack: parts.tellBack,
    });
    known.set(name, { supervised, settings: '' });
  };

  const sync = (): void => {
    if (atEnd) return;
    const configured = new Set<string>();
    for (const [channel, accounts] of Object.entries(rules())) {
      const make = Object.hasOwn(channels, channel) ? channels[channel] : undefined;
      for (const [account, settings] of make ? Object.entries(accounts) : []) {
        const name = nameOf({ channel, account });
        configured.add(name);
        if (make && !known.has(name)) add(name, channel, account, make);
        const entry = known.get(name);
        if (!entry) continue;
        const text = connectionSettings(settings);
        const changed = entry.settings !== text;
        entry.settings = text;
        const { supervised } = entry;
        if (!settings.enabled) supervised.switchOff();
        else if (supervised.state.state === 'off') supervised.switchOn();
        else if (changed) supervised.reconnect();
        if (inboxOf) supervised.connect(inboxOf(channel, account));
      }
    }
    for (const [name, { supervised }] of known)
      if (!configured.has(name)) {
        supervised.switchOff();
        known.delete(name);
      }
  };
  sync();

  const noKind = (): ChannelState[] =>
    Object.entries(rules())
      .filter(([channel]) => !Object.hasOwn(channels, channel))
      .flatMap(([channel, accounts]) =>
        Object.entries(accounts).map(([account, { enabled }]) => ({
          ...{ channel, account, state: enabled ? ('refused' as const) : ('off' as const), since: began, attempts: 0 },
          ...(enabled
            ? {
                downSince: began,
                lastError: {
                  code: 'config-invalid' as const,
                  message: `This CoPaw has no channel "${channel}".`,
                  next: 'Correct its name in config.json, or leave it: it is kept and not used.',
                },
              }
            : {}),
        })),
      );

  const list = (): readonly ChannelState[] => {
    const all = new Map([...known.values()].map(({ supervised }) => [nameOf(supervised.state), supervised.state]));
    for (const state of noKind()) all.set(nameOf(state), state);
    const order = Object.entries(rules()).flatMap(([channel, accounts]) => Object.keys(accounts).map((account) => nameOf({ channel, account })));
    return order.flatMap((name) => all.get(name) ?? []);
  };

  return {
    list,
    restart(channel, account) {
      const name = nameOf({ channel, account });
      const supervised = known.get(name)?.supervised;
      if (!supervised) throw new CoPawError('not-found', `There is no channel account ${name}.`, { next: 'See `copaw channels list`.' });
      const { state } = supervised.state;
      if (state === 'off') throw new CoPawError('conflict', `${name} is switched off.`, { next: `Switch it on: copaw channels enable ${name}` });
      supervised.reconnect();
      return supervised.state;
    },
    start(inbox) {
      inboxOf = inbox;
      sync();
    },
    sync,
    channel: (of) => known.get(nameOf(of))?.supervised.outside,
    limits: (of) => known.get(nameOf(of))?.supervised.limits,
    webhook: (of) => known.get(nameOf(of))?.supervised.webhook,
    held: () => atEnd ?? notOff(['up']),
    async stop() {
      atEnd = notOff();
      const all = [...known.values()].map(({ supervised }) => supervised);
      for (const one of all) one.switchOff({ leaveSends: true });
      const late = new CoPawError('internal', 'A channel did not stop in time.');
      await withTimeLimit(clock, stopMs, Promise.all(all.flatMap(({ stopping }) => stopping)), late).catch(onFault);
    },
  };
}

const nameOf = ({ channel, account }: Account): string => `${channel}/${account}`;
