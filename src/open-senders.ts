// Composition of channels and their doors: who is let in, what is said to the others, what goes out, and who may answer approvals in a chat.
import type { AuditDoor } from './core/audit.ts';
import type { Admitted } from './core/brand.ts';
import type { Channel, ChannelFactory, Inbox } from './core/channel.ts';
import { enabledAccount, ownChannels, weakenedChannels } from './core/channel-config.ts';
import type { ConfigSource } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import type { Log } from './core/log.ts';
import { lists, mayReach } from './core/sender-rules.ts';
import type { Store } from './core/store.ts';
import type { Clock } from './lib/clock.ts';
import type { Ids } from './lib/ids.ts';
import { withTimeLimit } from './lib/time-limit.ts';

export interface SenderParts {
  readonly config: Pick<ConfigSource, 'current'>;
  readonly store: Store;
  readonly audit: AuditDoor;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly channels: Readonly<Record<string, ChannelFactory>>;
  readonly onFault: (error: unknown) => void;
  readonly log: Log;
}

/** How long a channel may take to let go, milliseconds. */
const stopMs = 5_000;

export async function openSenders({ config, store, audit, clock, ids, channels, onFault, log }: SenderParts) {
  const [{ createAdmit }, { Delivery }, { Approvals }, { createTurnAway }, { createApprovalChat }, { words }] = await Promise.all([
    import('./security/admit.ts'),
    import('./gateway/deliver.ts'),
    import('./gateway/approvals.ts'),
    import('./gateway/turn-away.ts'),
    import('./gateway/approval-chat.ts'),
    import('./gateway/words.ts'),
  ]);
  const rules = () => config.current().channels;
  const language = () => config.current().language;
  const opened = openChannels(rules(), channels, onFault);
  const channelOf = ({ channel, account }: { readonly channel: string; readonly account: string }) => opened.get(nameOf(channel, account));

  const delivery = new Delivery({
    store: store.outbox,
    clock,
    channel: channelOf,
    mayReach: (address) => mayReach(rules(), address),
    onRefused: ({ answerId, address: { channel, account } }) => void audit.append('send-refused', { rule: 'R9', channel, account, answerId }).catch(onFault),
    onFault,
    log,
  });
  const approvals = new Approvals({
    store: store.approvals,
    clock,
    ids,
    minutes: () => config.current().limits.approvalMinutes,
    tell: (turn, approval) => chat.tell(turn, approval),
  });
  const chat = createApprovalChat({
    approvals,
    audit: (kind, detail) => audit.append(kind, detail),
    language,
    limits: (address) => channelOf(address)?.limits,
    send: (address, message, key) => mayReach(rules(), address) && delivery.note(address, message, key),
  });
  const admit = createAdmit({
    audit,
    clock,
    channels: rules,
    async facts({ channel, account, inbound }) {
      const sent = async (ref: string | undefined): Promise<boolean> =>
        typeof ref === 'string' && typeof inbound.chat.id === 'string' && (await store.outbox.wasSent({ channel, account, chat: inbound.chat.id }, ref));
      const target = 'target' in inbound ? inbound.target : inbound.kind === 'message' ? inbound.replyTo : undefined;
      return { echo: inbound.kind === 'message' && (await sent(inbound.id)), toUs: await sent(target) };
    },
  });
  const ending = new AbortController();
  return {
    admit,
    approvals,
    delivery,
    turnAway: createTurnAway({ store: store.senders, clock, channels: rules, language, delivery, log }),
    answerApproval: chat.answer,
    words: () => words(language()),
    operates: ({ channel, account, inbound }: Admitted) => lists(enabledAccount(rules(), channel, account)?.operators, inbound.sender.id),
    /** Connects every channel that is switched on; one that cannot is a fault of its own. */
    start(inbox: (channel: string, account: string) => Inbox): void {
      for (const [name, channel] of opened) {
        const [kind = '', account = ''] = name.split('/');
        void (async () => channel.start(inbox(kind, account), ending.signal))().catch(onFault);
      }
    },
    async stop(): Promise<void> {
      ending.abort();
      const late = new CoPawError('internal', 'A channel did not stop in time.');
      await Promise.all([...opened.values()].map((channel) => withTimeLimit(clock, stopMs, (async () => channel.stop())(), late).catch(onFault)));
    },
  };
}

const nameOf = (channel: string, account: string): string => `${channel}/${account}`;

function openChannels(
  rules: ReturnType<ConfigSource['current']>['channels'],
  channels: Readonly<Record<string, ChannelFactory>>,
  onFault: (error: unknown) => void,
): ReadonlyMap<string, Channel> {
  const opened = new Map<string, Channel>();
  for (const path of weakenedChannels(rules)) onFault(new CoPawError('invalid', `A boundary is weakened: ${path} is on.`, { rule: 'R26' }));
  for (const kind of [...Object.keys(rules), ...Object.keys(channels)])
    if (ownChannels.has(kind))
      throw new CoPawError('config-invalid', `"${kind}" is a surface of CoPaw itself and no channel.`, { next: 'Use another name.', rule: 'R9' });
  for (const [kind, accounts] of Object.entries(rules)) {
    const make = Object.hasOwn(channels, kind) ? channels[kind] : undefined;
    if (!make) onFault(new CoPawError('config-invalid', `config.json sets up "${kind}", a channel this CoPaw does not have. It is kept and not used.`));
    for (const [account, { enabled }] of make ? Object.entries(accounts) : []) if (enabled && make) opened.set(nameOf(kind, account), make(account));
  }
  return opened;
}
