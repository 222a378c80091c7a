// A chat platform that does what a test says: every kind of event with any ids, sends that are recorded, fail, hang or are doubled, and
// connections that are refused, cut, wedged or lie.
import type { Address } from '../core/address.ts';
import type { Channel, ChannelFactory, ChannelLimits, Inbox, IncomingFile, Outgoing, PartKey } from '../core/channel.ts';
import { CoPawError } from '../core/error.ts';
import type { Inbound } from '../core/inbound.ts';

/** ok: arrives. lost: certainly did not arrive. unsure: arrives, and the platform's answer is lost. cut: does not, and nobody is told. hang: never answers. refused: the platform says no for good. */
export type SendOutcome = 'ok' | 'lost' | 'unsure' | 'cut' | 'hang' | 'refused';

/**
 * ok: connected. silent: never connected, and never says so. ended: closed at once. unauthenticated: a 401. dns: the name is not found.
 * A number: a 429 that asks to be left alone for so many milliseconds. An error: thrown as it is.
 */
export type StartOutcome = 'ok' | 'silent' | 'ended' | 'unauthenticated' | 'dns' | number | Error;

/** One connection of an account, as the platform holds it. Whatever its state, it can be made to deliver. */
export interface FakeConnection {
  readonly account: string;
  /** CoPaw let go of it. */
  readonly aborted: boolean;
  /** Times `stop` was called. */
  readonly stops: number;
  /** The receive path shows life: an empty poll, a ping. */
  pulse(): void;
  /** Delivers this event once; rejects as CoPaw does. */
  deliver(event: Inbound): Promise<void>;
  /** Nothing comes in any more and nobody is told: what is posted stays with the platform. Sends still arrive. */
  wedge(): void;
  /** As `wedge`, and sends hang for ever: the other side is gone without a FIN. */
  halfOpen(): void;
  /** The platform closes it; with an error, it is thrown. */
  drop(error?: Error): void;
  /** `stop` never returns, and `start` does not heed its signal. */
  neverStops(): void;
  /** It says that it is alive whenever it sends. */
  lies(): void;
}

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
  /** What was changed afterwards, oldest first. */
  readonly edits: readonly { readonly ref: string; readonly message: Outgoing; readonly at: number }[];
  /** How the next edits end; a number: a 429 that asks for so many milliseconds. Then "ok" again. */
  nextEdits(...outcomes: readonly (SendOutcome | number)[]): void;
  /** The texts of one chat as they stand now. */
  standing(chat: string): readonly string[];
  /** The texts that arrived in one chat. */
  textsTo(chat: string): readonly string[];
  /** How the next sends end, one after the other; then "ok" again. */
  next(...outcomes: readonly SendOutcome[]): void;
  /** Delivers one event as the platform does and resolves when CoPaw has it. The same id may be given again. */
  emit<K extends Kind>(kind: K, words?: EventWords<K>, account?: string, files?: readonly IncomingFile[]): Promise<Inbound>;
  /** Every connection there ever was, oldest first; and the latest of one account. */
  readonly connections: readonly FakeConnection[];
  connection(account?: string): FakeConnection;
  /** How the next connections begin, one after the other; then "ok" again. */
  starts(...outcomes: readonly StartOutcome[]): void;
  /** The platform takes a message and delivers it until it is acknowledged: now, and at each new connection. Resolves after this try. */
  post(text: string, words?: EventWords<'message'>, account?: string): Promise<Inbound>;
  /** At its next connection the platform delivers all it ever delivered there once more: "reversed", the newest first. */
  redeliver(order?: 'again' | 'reversed', account?: string): void;
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
  const edits: { readonly ref: string; readonly message: Outgoing; readonly at: number }[] = [];
  const editOutcomes: (SendOutcome | number)[] = [];
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

  const posted: { readonly account: string; readonly event: Inbound; acknowledged: boolean }[] = [];
  const reversed = new Set<string>();
  const connections: Connection[] = [];
  const startOutcomes: StartOutcome[] = [];

  const hand = async (connection: Connection, one: (typeof posted)[number]): Promise<void> => {
    if (connection.wedged || !connection.inbox) return;
    await connection.inbox.receive(one.event).then(
      () => {
        one.acknowledged = true;
      },
      () => undefined,
    );
  };
  /** In order, one after the other: the next is only read when the one before it was taken. */
  const catchUp = async (connection: Connection): Promise<void> => {
    const open = posted.filter(({ account, acknowledged }) => account === connection.account && !acknowledged);
    if (reversed.delete(connection.account)) open.reverse();
    for (const one of open) await hand(connection, one);
  };

  const channel = (account: string): Channel => {
    opened.push(account);
    const find = (key: PartKey): SentMessage | undefined => sent.find((one) => one.key.answerId === key.answerId && one.key.part === key.part);
    const connection = createConnection(account);
    return {
      limits: {
        dialect: 'plain',
        textLength: 4_000,
        media: false,
        edit: false,
        choices: true,
        threads: true,
        liveMs: Number.POSITIVE_INFINITY,
        ...parts.limits,
      },
      async start(inbox, signal) {
        connections.push(connection);
        connection.inbox = inbox;
        const ended = new Promise<void>((resolve, reject) => {
          connection.end = (error) => (error ? reject(error) : resolve());
          signal.addEventListener(
            'abort',
            () => {
              connection.aborted = true;
              if (!connection.stuck) resolve();
            },
            { once: true },
          );
        });
        const outcome = startOutcomes.shift() ?? 'ok';
        if (outcome === 'ended') return;
        if (outcome !== 'ok' && outcome !== 'silent') throw startError(outcome);
        if (outcome === 'ok') {
          inboxes.set(account, inbox);
          connected.add(account);
          inbox.alive();
          void catchUp(connection);
        }
        try {
          await ended;
        } finally {
          if (inboxes.get(account) === inbox) connected.delete(account);
        }
      },
      async send(to, message, key) {
        if (connection.lying) connection.inbox?.alive();
        if (connection.dead) return new Promise(() => undefined);
        const outcome = outcomes.shift() ?? 'ok';
        failSend(outcome);
        if (outcome === 'hang') return new Promise(() => undefined);
        const ref = `sent-${sent.length + 1}`;
        sent.push({ account, to, message, key, ref });
        for (const look of waiting) look();
        if (outcome === 'unsure') throw new Error('The connection was cut.');
        return { id: ref };
      },
      ...(parts.limits?.edit
        ? {
            async edit(_to, { id }, message) {
              if (connection.dead) return new Promise(() => undefined);
              const outcome = editOutcomes.shift() ?? 'ok';
              if (typeof outcome === 'number') throw new CoPawError('busy', 'The platform asks for a pause.', { retryAfterMs: outcome });
              failSend(outcome);
              if (outcome === 'hang') return new Promise(() => undefined);
              edits.push({ ref: id, message, at: parts.now() });
              for (const look of waiting) look();
              if (outcome === 'unsure') throw new Error('The connection was cut.');
            },
          }
        : {}),
      reconcile: async (_to, key) => {
        const found = find(key);
        return found ? { id: found.ref } : 'absent';
      },
      stop: () => {
        connection.stops++;
        return connection.stuck ? new Promise(() => undefined) : Promise.resolve();
      },
    };
  };

  const eventOf = <K extends Kind>(kind: K, words?: EventWords<K>): Inbound => {
    const sender = words?.sender ?? { id: 'ana' };
    return {
      ...{ id: `event-${++count}`, chat: { id: `chat-of-${String(sender.id)}`, kind: 'direct' }, at: parts.now(), ...defaults[kind], ...words, sender },
    } as Inbound;
  };

  const emit: FakeChannel['emit'] = async (kind, words, account = 'main', files) => {
    const inbox = inboxes.get(account);
    if (!inbox) throw new Error(`The account "${account}" is not connected.`);
    const event = eventOf(kind, words);
    inbox.alive();
    await inbox.receive(event, files);
    return event;
  };

  return {
    factory: channel,
    connected,
    opened,
    sent,
    edits,
    nextEdits: (...more) => void editOutcomes.push(...more),
    standing: (chat) =>
      sent.filter(({ to }) => to.chat === chat).map(({ ref, message }) => (edits.findLast((edit) => edit.ref === ref)?.message ?? message).text),
    textsTo: (chat) => sent.filter(({ to }) => to.chat === chat).map(({ message }) => message.text),
    next: (...more) => void outcomes.push(...more),
    connections,
    connection(account = 'main') {
      const latest = connections.findLast((one) => one.account === account);
      if (!latest) throw new Error(`The account "${account}" was never connected.`);
      return latest;
    },
    starts: (...more) => void startOutcomes.push(...more),
    async post(text, words, account = 'main') {
      const one = { account, event: eventOf('message', { ...words, text }), acknowledged: false };
      posted.push(one);
      const latest = connections.findLast((connection) => connection.account === account);
      if (connected.has(account) && latest) await hand(latest, one);
      return one.event;
    },
    redeliver(order = 'again', account = 'main') {
      for (const one of posted) if (one.account === account) one.acknowledged = false;
      if (order === 'reversed') reversed.add(account);
    },
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

interface Connection extends FakeConnection {
  inbox: Inbox | undefined;
  aborted: boolean;
  stops: number;
  /** Nothing comes in. */
  wedged: boolean;
  /** Sends hang. */
  dead: boolean;
  stuck: boolean;
  lying: boolean;
  end(error?: Error): void;
}

function createConnection(account: string): Connection {
  const connection: Connection = {
    ...{ account, inbox: undefined, aborted: false, stops: 0, wedged: false, dead: false, stuck: false, lying: false },
    end: () => undefined,
    pulse: () => connection.inbox?.alive(),
    deliver: async (event) => connection.inbox?.receive(event),
    wedge() {
      connection.wedged = true;
    },
    halfOpen() {
      connection.wedged = true;
      connection.dead = true;
    },
    drop: (error) => connection.end(error),
    neverStops() {
      connection.stuck = true;
    },
    lies() {
      connection.lying = true;
    },
  };
  return connection;
}

function failSend(outcome: SendOutcome): void {
  if (outcome === 'lost') throw new CoPawError('egress-failed', 'The platform was not reached.');
  if (outcome === 'refused') throw new CoPawError('send-refused', 'The platform refuses.');
  if (outcome === 'cut') throw new Error('The connection was cut.');
}

function startError(outcome: Exclude<StartOutcome, 'ok' | 'silent' | 'ended'>): Error {
  if (outcome instanceof Error) return outcome;
  if (outcome === 'unauthenticated') return new CoPawError('unauthenticated', 'The platform does not know this token.');
  if (outcome === 'dns') return new CoPawError('egress-failed', 'The name chat.example was not found.');
  return new CoPawError('busy', 'The platform asks for a pause.', { retryAfterMs: outcome });
}
