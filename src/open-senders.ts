// Composition of channels and their doors: who is let in, what is said to the others, what goes out, and who may answer approvals in a chat.
import type { Taint } from './agent/taint.ts';
import type { AuditDoor } from './core/audit.ts';
import type { Admitted } from './core/brand.ts';
import type { ChannelFactory } from './core/channel.ts';
import { enabledAccount, ownChannels, weakenedChannels } from './core/channel-config.ts';
import type { ConfigSource } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import type { Files } from './core/files.ts';
import type { Log } from './core/log.ts';
import type { Redact } from './core/secret.ts';
import { lists, mayReach } from './core/sender-rules.ts';
import type { OutboxRow } from './core/session.ts';
import type { Store } from './core/store.ts';
import type { Clock } from './lib/clock.ts';
import type { Ids } from './lib/ids.ts';

export interface SenderParts {
  readonly config: Pick<ConfigSource, 'current'>;
  readonly store: Store;
  readonly audit: AuditDoor;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly channels: Readonly<Record<string, ChannelFactory>>;
  readonly redact: Redact;
  readonly onFault: (error: unknown) => void;
  readonly files: (agentId: string) => Files;
  readonly log: Log;
  readonly taint: Pick<Taint, 'mark'>;
  /** A part of an answer did not go out, or nobody knows whether it did. */
  readonly onGivenUp: (row: OutboxRow) => void;
}

export async function openSenders(parts: SenderParts) {
  const { config, store, audit, clock, ids, channels, redact, onFault, log, files, taint, onGivenUp } = parts;
  const [
    { createAdmit },
    { Delivery },
    { Approvals },
    { createTurnAway },
    { createApprovalChat },
    { words },
    { createSupervisor },
    { createChannelNotices },
    { createComposer },
  ] = await Promise.all([
    import('./security/admit.ts'),
    import('./gateway/deliver.ts'),
    import('./gateway/approvals.ts'),
    import('./gateway/turn-away.ts'),
    import('./gateway/approval-chat.ts'),
    import('./gateway/words.ts'),
    import('./gateway/supervisor.ts'),
    import('./gateway/channel-notices.ts'),
    import('./gateway/outgoing.ts'),
  ]);
  const rules = () => config.current().channels;
  const language = () => config.current().language;
  checkChannels(rules(), channels, onFault);
  const notices = createChannelNotices({
    store,
    clock,
    rules,
    settings: () => config.current(),
    isUp: (address) => supervisor.channel(address) !== undefined,
    delivery: () => delivery,
    literal: (address, message) => composer.literal(address, message),
  });
  const supervisor = createSupervisor({
    ...{ clock, random: Math.random, redact, channels, rules, onFault },
    onUp: () => delivery.wake(),
    tellDown: notices.down,
    toldBefore: notices.before,
    tellBack: notices.back,
  });

  const composer = createComposer({
    ...{ limits: supervisor.limits, files, words: () => words(language()), redact, onFault },
    async mark(turn, path) {
      if ((await store.sessions.get(turn.sessionId))?.tainted) await taint.mark(turn, path);
    },
  });
  const delivery = new Delivery({
    store: store.outbox,
    clock,
    channel: supervisor.channel,
    held: supervisor.held,
    mayReach: (address) => mayReach(rules(), address),
    onRefused: ({ answerId, address: { channel, account } }) => void audit.append('send-refused', { rule: 'R9', channel, account, answerId }).catch(onFault),
    onFault,
    onGivenUp,
    log,
    literal: composer.literal,
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
    limits: supervisor.limits,
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
  return {
    admit,
    approvals,
    delivery,
    turnAway: createTurnAway({ store: store.senders, clock, channels: rules, language, delivery, log }),
    answerApproval: chat.answer,
    composer,
    words: () => words(language()),
    operates: ({ channel, account, inbound }: Admitted) => lists(enabledAccount(rules(), channel, account)?.operators, inbound.sender.id),
    /** Keeps every account that is switched on connected. */
    supervisor,
  };
}

function checkChannels(
  rules: ReturnType<ConfigSource['current']>['channels'],
  channels: Readonly<Record<string, ChannelFactory>>,
  onFault: (error: unknown) => void,
): void {
  for (const path of weakenedChannels(rules)) onFault(new CoPawError('invalid', `A boundary is weakened: ${path} is on.`, { rule: 'R26' }));
  for (const kind of [...Object.keys(rules), ...Object.keys(channels)])
    if (ownChannels.has(kind))
      throw new CoPawError('config-invalid', `"${kind}" is a surface of CoPaw itself and no channel.`, { next: 'Use another name.', rule: 'R9' });
  for (const kind of Object.keys(rules))
    if (!Object.hasOwn(channels, kind))
      onFault(new CoPawError('config-invalid', `config.json sets up "${kind}", a channel this CoPaw does not have. It is kept and not used.`));
}
