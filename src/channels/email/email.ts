// E-mail: a mailbox that is watched over IMAP, answers over SMTP. The chat is the address of whoever writes; a thread is what goes on from one mail.
import { z } from 'zod';
import type { Address } from '../../core/address.ts';
import { type Channel, type ChannelLimits, type Inbox, isUnsent, type PartKey, type Sendable, type SentRef } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { remember } from '../../lib/remember.ts';
import { authorOf } from './author.ts';
import { type Field, fieldsOf, idsIn, readable, valuesOf } from './headers.ts';
import { imapOrigin, Mailbox, MailRefused } from './mailbox.ts';
import { compose, hand, messageId, type Thread, threadOf } from './outgoing.ts';
import { type Heard, hear, mostSubject } from './wire.ts';

const server = z.string().regex(/^(?:tls|tcp):\/\/[a-z0-9.-]+:\d{1,5}$/u, 'An address like tls://mail.example.org:993.');
const settings = z
  .looseObject({
    address: z.email().toLowerCase().describe('Address of CoPaw: copaw@example.org.'),
    user: z.string().min(1).max(256).optional().describe('Name to log in with, where it is not the address.'),
    password: channelSecret().describe('Password of the mailbox; where there are passwords for programs, one of those.'),
    imap: server.regex(/^tls:/u, 'IMAP is spoken inside TLS: tls://mail.example.org:993.').describe('Server of the mailbox: tls://mail.example.org:993.'),
    smtp: server.describe('Server that sends: tls://mail.example.org:465, or tcp://mail.example.org:587, where TLS begins after a greeting.'),
    authserv: z.string().min(1).max(255).optional().describe('Name in the first Authentication-Results of a mail you got there: who checked the author.'),
    name: z.string().min(1).max(60).default('CoPaw').describe('Name beside the address.'),
    mailbox: z.string().min(1).max(200).default('INBOX').describe('Mailbox that is watched.'),
    keepsSent: z.boolean().default(false).describe('The server keeps what it sends by itself, as Gmail does.'),
    dangerouslyTrustFrom: z.boolean().default(false).describe('Authors are believed unchecked: for a server that takes no mail from outside.'),
  })
  .refine(({ authserv, dangerouslyTrustFrom }) => authserv !== undefined || dangerouslyTrustFrom, {
    message: 'Say whose Authentication-Results count: without, anybody can write as anybody.',
    path: ['authserv'],
  });
type Settings = z.output<typeof settings>;

/** How often the mailbox is asked where the server says nothing by itself. */
const lookMs = 45_000;
const mostRemembered = 500;

export const email = channelKind({
  kind: 'email',
  title: 'E-mail',
  settings,
  origins: ({ imap, smtp }) => [imapOrigin(imap), smtp],
  open: (chosen, hands) => new Email(chosen, hands),
});

class Email implements Channel {
  readonly limits: ChannelLimits = { dialect: 'email-html', textLength: 60_000, media: true, edit: false, choices: false, threads: true, liveMs: 150_000 };
  readonly #settings: Settings;
  readonly #hands: ChannelHands;
  readonly #threads = new Map<string, Thread>();
  #abort = new AbortController();
  #mailbox: Mailbox | undefined;

  constructor(chosen: Settings, hands: ChannelHands) {
    this.#settings = chosen;
    this.#hands = hands;
  }

  async start(inbox: Inbox, signal: AbortSignal): Promise<void> {
    const { clock } = this.#hands;
    const stop = (): void => void this.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      const mailbox = await this.#open(this.#settings.mailbox);
      this.#mailbox = mailbox;
      for (;;) {
        inbox.alive();
        for (const uid of await mailbox.unread(clock.now())) await this.#take(uid, mailbox, inbox);
        let timer: { cancel(): void } | undefined;
        await mailbox.wait((go) => (timer = clock.after(lookMs, go))).finally(() => timer?.cancel());
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      await this.stop();
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort(new CoPawError('cancelled', 'The channel was stopped.'));
    this.#mailbox?.close();
    this.#mailbox = undefined;
  }

  async send(to: Address, message: Sendable, key: PartKey): Promise<SentRef> {
    const { address, name, smtp, keepsSent } = this.#settings;
    const mailbox = this.#mailbox;
    if (!mailbox) throw new CoPawError('channel-down', 'There is no connection to the mailbox.');
    const id = messageId(key, address);
    const thread = to.thread === undefined ? undefined : await certainlyUnsent(this.#thread(to.thread, to.chat, mailbox));
    const raw = await compose({ to, from: { name, address }, id, thread, message }, this.#hands);
    const put = async (): Promise<void> => {
      const { user = address } = this.#settings;
      const password = await this.#hands.secret(this.#settings.password);
      await hand({ smtp, user, password }, { from: address, to: to.chat }, raw, this.#hands, this.#abort.signal);
    };
    if (keepsSent) await put();
    else await this.#putWithCopy(id, raw, put);
    if (to.thread !== undefined && thread) this.#remember(to.chat, to.thread, threadOf(thread.subject, [...thread.ids, id]));
    return { id };
  }

  async reconcile(_to: Address, key: PartKey): Promise<SentRef | 'absent' | 'unknown'> {
    const id = messageId(key, this.#settings.address);
    const { uids, marked } = await this.#inSent((box) => box.copy(id));
    if (uids.length === 0) return 'absent';
    return marked ? 'unknown' : { id };
  }

  /** Marked while nobody knows; unmarked once it is out, taken away where it certainly is not. */
  async #putWithCopy(id: string, raw: Buffer, put: () => Promise<void>): Promise<void> {
    await this.#inSent(async (box, path) => {
      const before = await certainlyUnsent(box.copy(id));
      if (before.uids.length === 0) await certainlyUnsent(box.keep(path, raw));
      try {
        await put();
      } catch (error) {
        if (isUnsent(error)) await box.copy(id).then(({ uids }) => box.remove(uids), this.#note);
        throw error;
      }
      await box.copy(id).then(({ uids }) => box.unmark(uids), this.#note);
    });
  }

  readonly #note = (cause: unknown): void => this.#hands.log('warn', 'email-copy', { cause: String(cause) });

  /** A connection of its own, so that the one that is watched stays where it is. */
  async #inSent<T>(work: (box: Mailbox, path: string) => Promise<T>): Promise<T> {
    const box = await certainlyUnsent(this.#open(this.#settings.mailbox));
    try {
      const path = await certainlyUnsent(box.sentBox());
      await certainlyUnsent(box.select(path));
      return await work(box, path);
    } finally {
      box.close();
    }
  }

  async #open(mailbox: string): Promise<Mailbox> {
    const { imap, address, user = address } = this.#settings;
    const password = await this.#hands.secret(this.#settings.password);
    return Mailbox.open({ imap, user, password, mailbox }, this.#hands, this.#abort.signal);
  }

  /** Stores what a person wrote; marks it as read in either case, since it is not looked at again. */
  async #take(uid: number, mailbox: Mailbox, inbox: Inbox): Promise<void> {
    const heard = await this.#hear(uid, mailbox);
    if (!heard) return;
    if (typeof heard === 'string') this.#hands.log('info', 'email-left', { uid, reason: heard });
    else {
      const { event, files, thread } = heard;
      await inbox.receive(event, files);
      if (event.chat.thread !== undefined) this.#remember(event.chat.id, event.chat.thread, thread);
    }
    await mailbox.read(uid);
    inbox.alive();
  }

  /** A mail that is stumbled over is left as any other: one mail never keeps the account down. */
  async #hear(uid: number, mailbox: Mailbox): Promise<Heard | string | undefined> {
    try {
      const mail = await mailbox.fetch(uid);
      return mail && (await hear(mail, mailbox, this.#settings, this.#hands.clock.now()));
    } catch (error) {
      if (error instanceof CoPawError) throw error;
      // It stays unread: the next look asks again.
      if (error instanceof MailRefused) return void this.#hands.log('warn', 'email-refused', { uid });
      return `unreadable: ${error instanceof Error ? error.name : typeof error}`;
    }
  }

  #remember(chat: string, root: string, thread: Thread): void {
    remember(this.#threads, `${chat} ${root}`, thread, mostRemembered);
  }

  /** What is known of it, else what the mailbox has of this person, else no more than the id itself. */
  async #thread(root: string, chat: string, mailbox: Mailbox): Promise<Thread> {
    const known = this.#threads.get(`${chat} ${root}`);
    if (known) return known;
    const { authserv, dangerouslyTrustFrom: blindly } = this.#settings;
    const heads = (await mailbox.thread(root)).map((head) => fieldsOf(head) ?? []);
    const last = heads.findLast((fields) => {
      const author = authorOf(fields, { authserv, blindly });
      return typeof author !== 'string' && author.address === chat;
    });
    return last ? threadOfHead(last, root) : { subject: '', ids: [root] };
  }
}

function threadOfHead(fields: readonly Field[], root: string): Thread {
  const value = (name: string): string => valuesOf(fields, name)[0] ?? '';
  return threadOf(readable(value('subject').slice(0, mostSubject)), [root, ...idsIn(value('references')), ...idsIn(value('message-id')).slice(0, 1)]);
}

/** What fails before anything was handed over may be tried again. */
async function certainlyUnsent<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof CoPawError && (cause.code === 'unauthenticated' || cause.code === 'secret-missing')) throw cause;
    throw new CoPawError('egress-failed', 'The mailbox could not be asked.', { cause });
  }
}
