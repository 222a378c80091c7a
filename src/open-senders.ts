// Composition of channels and their doors: who is let in, what is said to the others, what goes out, and who may answer approvals in a chat.
import type { Taint } from './agent/taint.ts';
import type { Address } from './core/address.ts';
import { agentOf } from './core/agent-routes.ts';
import type { AuditDoor } from './core/audit.ts';
import { auditedSecrets } from './core/audited-secrets.ts';
import type { Admitted } from './core/brand.ts';
import type { ChannelFactory } from './core/channel.ts';
import { enabledAccount, ownChannels, weakenedChannels } from './core/channel-config.ts';
import type { AnyChannelKind } from './core/channel-kind.ts';
import type { ChannelsAdmin } from './core/channels-admin.ts';
import type { ConfigSource } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import type { StreamedFiles } from './core/files.ts';
import { identitiesOf } from './core/identities.ts';
import type { Envelope } from './core/inbound.ts';
import type { Log } from './core/log.ts';
import type { MediaStore } from './core/media.ts';
import type { Redactor, Secrets } from './core/secret.ts';
import { lists, mayReach } from './core/sender-rules.ts';
import type { OutboxRow } from './core/session.ts';
import type { Store } from './core/store.ts';
import type { Linked } from './gateway/route.ts';
import type { TurnBus } from './gateway/turn-bus.ts';
import type { Clock } from './lib/clock.ts';
import type { Ids } from './lib/ids.ts';
import type { EgressDoor } from './security/egress.ts';

export interface SenderParts {
  readonly config: ConfigSource;
  readonly store: Store;
  readonly bus: Pick<TurnBus, 'subscribe'>;
  readonly audit: AuditDoor;
  readonly clock: Clock;
  readonly ids: Ids;
  /** As in AppOptions. */
  readonly options: { readonly channels?: Readonly<Record<string, ChannelFactory>>; readonly channelKinds?: readonly AnyChannelKind[] };
  readonly egress: EgressDoor;
  readonly secrets: Secrets & Redactor;
  readonly onFault: (error: unknown) => void;
  readonly files: (agentId: string) => StreamedFiles;
  readonly media: MediaStore;
  readonly log: Log;
  readonly taint: Pick<Taint, 'mark'>;
  /** A part of an answer did not go out, or nobody knows whether it did. */
  readonly onGivenUp: (row: OutboxRow) => void;
}

export async function openSenders(parts: SenderParts) {
  const { config, store, audit, clock, ids, secrets, onFault, log, files, media, taint, onGivenUp } = parts;
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
    { createKeepFiles },
    { createWebhooks },
    { createTyping },
    { createLiveAnswers },
    { Previews },
    { createDraftWords },
    { linkedSessionId, whereOf },
    { createWelcome },
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
    import('./gateway/keep-files.ts'),
    import('./gateway/webhooks.ts'),
    import('./gateway/typing.ts'),
    import('./gateway/live-answer.ts'),
    import('./gateway/previews.ts'),
    import('./gateway/draft-words.ts'),
    import('./gateway/route.ts'),
    import('./gateway/welcome.ts'),
  ]);
  const { redact } = secrets;
  const { builtinChannels, openChannelKinds } = await import('./open-channels.ts');
  const kinds = openChannelKinds({
    ...{ config, secrets, clock, log, egress: parts.egress },
    kinds: { ...builtinChannels, ...Object.fromEntries((parts.options.channelKinds ?? []).map((kind) => [kind.kind, async () => kind])) },
    made: parts.options.channels ?? {},
  });
  await kinds.load();
  const rules = () => config.current().channels;
  const language = () => config.current().language;
  checkChannels(rules(), kinds.names, onFault);
  for (const { fault } of identitiesOf(config.current())) if (fault !== undefined) onFault(new CoPawError('config-invalid', fault, { rule: 'R9' }));
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
    ...{ clock, random: Math.random, redact, channels: kinds.factories, rules, onFault },
    onUp: () => delivery.wake(),
    tellDown: notices.down,
    toldBefore: notices.before,
    tellBack: notices.back,
  });

  const reaches = (address: Address): boolean => mayReach(rules(), address);
  const display = ({ channel, account }: Address) => {
    const { stream = false, showTools = false } = enabledAccount(rules(), channel, account) ?? {};
    return { stream, showTools };
  };
  const composer = createComposer({
    ...{ limits: supervisor.limits, files, words: () => words(language()), redact, onFault },
    grows: (address) => display(address).stream && supervisor.limits(address)?.edit === true,
    async mark(turn, path) {
      if ((await store.sessions.get(turn.sessionId))?.tainted) await taint.mark(turn, path);
    },
  });
  const write = createDraftWords(secrets);
  const previews = new Previews({
    ...{ store, clock, channel: supervisor.channel, mayReach: reaches, log },
    async stopped(address, draft) {
      const limits = supervisor.limits(address);
      return limits && write({ draft, line: words(language()).stopped, goesOn: false }, limits);
    },
  });
  const delivery = new Delivery({
    store: store.outbox,
    clock,
    channel: supervisor.channel,
    held: supervisor.held,
    previews,
    mayReach: reaches,
    onRefused: ({ answerId, address: { channel, account } }) => void audit.append('send-refused', { rule: 'R9', channel, account, answerId }).catch(onFault),
    onFault,
    onGivenUp,
    log,
    literal: composer.literal,
    file: async (sessionId, path) => files((await store.sessions.get(sessionId))?.agentId ?? agentOf(config.current(), undefined)).read(path),
  });
  const showTyping = createTyping({ clock, channel: supervisor.channel, mayReach: reaches });
  const showLive = createLiveAnswers({
    ...{ clock, previews, limits: supervisor.limits, mayReach: reaches, display, write, words: () => words(language()), onFault },
    events: (turnId, signal) => parts.bus.subscribe({ turnId }, signal),
    note: (...note) => delivery.note(...note),
  });
  const linked: Linked = (address, origin) => linkedSessionId(config.current(), address, origin);
  const conversationAgent = async (envelope: Envelope): Promise<string> => {
    const { sessionId, address } = whereOf(envelope, linked);
    return (await store.sessions.get(sessionId))?.agentId ?? agentOf(config.current(), address);
  };
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
    send: (address, message, key) => reaches(address) && delivery.note(address, message, key),
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
  const sync = async (): Promise<void> => {
    await kinds.load();
    supervisor.sync();
  };
  return {
    admit,
    approvals,
    delivery,
    turnAway: createTurnAway({ store: store.senders, clock, channels: rules, language, delivery, log }),
    linked,
    welcome: createWelcome({ store, channels: rules, linked, delivery, literal: composer.literal }),
    answerApproval: chat.answer,
    composer,
    mayReach: reaches,
    showTyping,
    showTurn: (turn: Parameters<typeof showLive>[0]) => {
      const ends = [showTyping(turn.address), showLive(turn)];
      return () => {
        for (const end of ends) end();
      };
    },
    keepFiles: createKeepFiles({ media, files, clock, agentId: conversationAgent, redact, words: () => words(language()) }),
    words: () => words(language()),
    mergeMs: ({ channel, account }: Admitted) => (enabledAccount(rules(), channel, account)?.mergeSeconds ?? 0) * 1_000,
    operates: ({ channel, account, inbound }: Admitted) => lists(enabledAccount(rules(), channel, account)?.operators, inbound.sender.id),
    /** Keeps every account that is switched on connected. */
    supervisor,
    /** The configuration may have changed. */
    sync: () => void sync().catch(onFault),
    webhook: createWebhooks({ webhook: supervisor.webhook, log, onFault }),
    async channels(by: string): Promise<ChannelsAdmin> {
      const { createChannelsAdmin } = await import('./gateway/channels-admin.ts');
      return createChannelsAdmin({
        ...{ by, config, supervisor, sync, delivery, clock, ids, audit, redact, store },
        kinds: { names: kinds.described, kind: kinds.kind },
        secrets: auditedSecrets(secrets, audit, by),
        words: () => words(language()),
      });
    },
  };
}

function checkChannels(rules: ReturnType<ConfigSource['current']>['channels'], known: readonly string[], onFault: (error: unknown) => void): void {
  for (const path of weakenedChannels(rules)) onFault(new CoPawError('invalid', `A boundary is weakened: ${path} is on.`, { rule: 'R26' }));
  for (const kind of [...Object.keys(rules), ...known])
    if (ownChannels.has(kind))
      throw new CoPawError('config-invalid', `"${kind}" is a surface of CoPaw itself and no channel.`, { next: 'Use another name.', rule: 'R9' });
  for (const kind of Object.keys(rules))
    if (!known.includes(kind))
      onFault(new CoPawError('config-invalid', `config.json sets up "${kind}", a channel this CoPaw does not have. It is kept and not used.`));
}
