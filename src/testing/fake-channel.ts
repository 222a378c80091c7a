// A chat platform that does what a test says: every kind of event with any ids, and sends that are recorded, fail, hang or are doubled.
import type { Address } from '../core/address.ts';
import type { Channel, ChannelFactory, ChannelLimits, Inbox, Outgoing, PartKey } from '../core/channel.ts';
import { CoPawError } from '../core/error.ts';
import type { Inbound } from '../core/inbound.ts';

/** ok: arrives. lost: certainly did not arrive. unsure: arrives, and the platform's answer is lost. hang: never answers. refused: the platform says no for good. */
export type SendOutcome = 'ok' | 'lost' | 'unsure' | 'hang' | 'refused';

export interface SentMessage {
  readonly account: string;
  readonly to: Address;
  readonly message: Outgoing;
  readonly key: PartKey;
  /** The receipt. */
  readonly ref: string;
}

type Kind = Inbound['kind'];
/** What a test says of one event; the rest is ordinary: a direct message of "ana" in her own chat, now. */
export type EventWords<K extends Kind> = Partial<Omit<Extract<Inbound, { kind: K }>, 'kind'>>;

export interface FakeChannel {
  /** For `AppOptions.channels`. */
  readonly factory: ChannelFactory;
  /** Accounts that are connected, and every one that ever was. */
  readonly connected: ReadonlySet<string>;
  readonly opened: readonly string[];
  /** What arrived on the platform, oldest first. */
  readonly sent: readonly SentMessage[];
  /** The texts that arrived in one chat. */
  textsTo(chat: string): readonly string[];
  /** How the next sends end, one after the other; then "ok" again. */
  next(...outcomes: readonly SendOutcome[]): void;
  /** Delivers one event as the platform does and resolves when CoPaw has it. The same id may be given again. */
  emit<K extends Kind>(kind: K, words?: EventWords<K>, account?: string): Promise<Inbound>;
  /** A message with this text. */
  say(text: string, words?: EventWords<'message'>, account?: string): Promise<Inbound>;
  /** Resolves once so many messages have arrived, in all or in one chat; rejects when they do not within ten seconds of real time. */
  arrived(count: number, chat?: string): Promise<readonly SentMessage[]>;
}

export function createFakeChannel(parts: { readonly now: () => number; readonly limits?: Partial<ChannelLimits> }): FakeChannel {
  const inboxes = new Map<string, Inbox>();
  const connected = new Set<string>();
  const opened: string[] = [];
  const sent: SentMessage[] = [];
  const outcomes: SendOutcome[] = [];
  const waiting = new Set<() => void>();
  let count = 0;

  const defaults: { readonly [K in Kind]: Omit<Extract<Inbound, { kind: K }>, 'id' | 'chat' | 'sender' | 'at'> } = {
    message: { kind: 'message', text: 'hello' },
    edit: { kind: 'edit', target: 'none', text: 'hello' },
    delete: { kind: 'delete', target: 'none' },
    reaction: { kind: 'reaction', target: 'none', emoji: '👍', added: true },
    choice: { kind: 'choice', target: 'none', value: 'yes' },
    command: { kind: 'command', name: 'stop', text: '' },
    join: { kind: 'join' },
  };

  const channel = (account: string): Channel => {
    opened.push(account);
    const find = (key: PartKey): SentMessage | undefined => sent.find((one) => one.key.answerId === key.answerId && one.key.part === key.part);
    return {
      limits: { dialect: 'plain', textLength: 4_000, media: false, edit: false, choices: true, threads: true, ...parts.limits },
      async start(inbox, signal) {
        inboxes.set(account, inbox);
        connected.add(account);
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        connected.delete(account);
      },
      async send(to, message, key) {
        const outcome = outcomes.shift() ?? 'ok';
        if (outcome === 'lost') throw new CoPawError('egress-failed', 'The platform was not reached.');
        if (outcome === 'refused') throw new CoPawError('forbidden', 'The platform refuses.', { retryable: false });
        if (outcome === 'hang') return new Promise(() => undefined);
        const ref = `sent-${sent.length + 1}`;
        sent.push({ account, to, message, key, ref });
        for (const look of waiting) look();
        if (outcome === 'unsure') throw new Error('The connection was cut.');
        return { id: ref };
      },
      reconcile: async (_to, key) => {
        const found = find(key);
        return found ? { id: found.ref } : 'absent';
      },
      stop: async () => undefined,
    };
  };

  const emit: FakeChannel['emit'] = async (kind, words, account = 'main') => {
    const inbox = inboxes.get(account);
    if (!inbox) throw new Error(`The account "${account}" is not connected.`);
    const sender = words?.sender ?? { id: 'ana' };
    const event = {
      ...{ id: `event-${++count}`, chat: { id: `chat-of-${String(sender.id)}`, kind: 'direct' }, at: parts.now(), ...defaults[kind], ...words, sender },
    } as Inbound;
    inbox.alive();
    await inbox.receive(event);
    return event;
  };

  return {
    factory: channel,
    connected,
    opened,
    sent,
    textsTo: (chat) => sent.filter(({ to }) => to.chat === chat).map(({ message }) => message.text),
    next: (...more) => void outcomes.push(...more),
    emit,
    say: (text, words, account) => emit('message', { ...words, text }, account),
    arrived: (wanted, chat) =>
      new Promise((resolve, reject) => {
        const here = () => sent.filter(({ to }) => chat === undefined || to.chat === chat);
        const patience = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`Only ${here().length} of ${wanted} messages arrived.`));
        }, 10_000);
        const look = (): void => {
          if (here().length < wanted) return;
          clearTimeout(patience);
          waiting.delete(look);
          resolve(here());
        };
        waiting.add(look);
        look();
      }),
  };
}
