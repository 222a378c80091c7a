// The mailbox of CoPaw over IMAP, as imapflow speaks it inside a connection that the outward door made. A mail is marked as read once it was stored, and not before.
import type { Readable } from 'node:stream';
import type { FetchMessageObject, ImapFlow } from 'imapflow';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { certificateFault } from '../../lib/certificate-fault.ts';
import { readAtMost } from '../../lib/streams.ts';
import { dial } from './dial.ts';

export interface MailboxSettings {
  readonly imap: string;
  readonly user: string;
  readonly password: string;
  readonly mailbox: string;
}

const mostHead = 256_000;
const mostWords = 1_000_000;
/** Unread mails that are older than the days of this are left alone. */
const lookBackMs = 2 * 86_400_000;
/** Of one look. */
const mostMails = 200;

export interface Mail {
  readonly uid: number;
  readonly head: string;
  readonly at: number;
  readonly structure: FetchMessageObject['bodyStructure'];
}

/** Without content where the server has none: the part is empty, or the mail is gone. */
interface Download {
  readonly content?: Readable;
}

/** The server said no to a command about one mail; the connection is as good as before. */
export class MailRefused extends Error {}

/** Where TLS is spoken by imapflow, over a plain socket of the door. */
export const imapOrigin = (imap: string): string => imap.replace(/^tls:/u, 'tcp:');

export class Mailbox {
  readonly #client: ImapFlow;
  readonly #ended = Promise.withResolvers<never>();
  #changed: () => void = () => undefined;
  #hasChanged = false;
  #over = false;
  uidValidity = '';

  private constructor(client: ImapFlow) {
    this.#client = client;
    this.#ended.promise.catch(() => undefined);
    client.on('exists', () => {
      this.#hasChanged = true;
      this.#changed();
    });
    client.on('error', (error) => this.#end(error));
    client.on('close', () => this.#end(new Error('closed')));
  }

  /** Logged in, with the mailbox open. Rejects with `unauthenticated` where the server does not know the account. */
  static async open({ imap, user, password, mailbox }: MailboxSettings, hands: ChannelHands, signal: AbortSignal): Promise<Mailbox> {
    const { hostname, port } = new URL(imap);
    const [{ ImapFlow }, socket] = await Promise.all([import('imapflow'), dial(hands, imapOrigin(imap), signal)]);
    const client = new ImapFlow({
      ...{ host: hostname, port: Number(port), secure: true, tls: { socket }, auth: { user, pass: password } },
      // It dials nothing: it takes the socket for the one it would make. Its log would hold what people write.
      ...{ logger: false, disableAutoIdle: true, emitLogs: false, maxLiteralSize: 100_000_000 },
    });
    const one = new Mailbox(client);
    const abort = (): void => one.close();
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => {
      signal.removeEventListener('abort', abort);
      one.close();
    });
    try {
      signal.throwIfAborted();
      await client.connect();
      one.uidValidity = String((await client.mailboxOpen(mailbox)).uidValidity);
      return one;
    } catch (error) {
      one.close();
      socket.destroy();
      throw connectFailure(error, hostname);
    }
  }

  /** Unread ones of the last days, oldest first. */
  async unread(now: number): Promise<readonly number[]> {
    this.#hasChanged = false;
    const found = await this.#do((client) => client.search({ seen: false, since: new Date(now - lookBackMs) }, { uid: true }));
    return (found || []).slice(0, mostMails);
  }

  /** Rejects with `MailRefused` where the server does not hand it out. */
  async fetch(uid: number): Promise<Mail | undefined> {
    const what = { uid: true, headers: true, internalDate: true, bodyStructure: true };
    const one = await refusable(this.#do((client) => client.fetchOne(String(uid), what, { uid: true })));
    if (!one || one.headers === undefined) return undefined;
    const head = one.headers.length > mostHead ? '' : one.headers.toString('utf8'); // half a head would hide what stands below
    return { uid, head, at: one.internalDate === undefined ? Number.NaN : new Date(one.internalDate).getTime(), structure: one.bodyStructure };
  }

  /** Text of a part, its characters decoded. Rejects with `MailRefused` where the server does not hand it out. */
  async words(uid: number, part: string): Promise<string> {
    const { content } = await refusable(this.#do<Download>((client) => client.download(String(uid), part, { uid: true, maxBytes: mostWords })));
    const bytes = content && (await Promise.race([readAtMost(content, 4 * mostWords), this.#ended.promise]));
    return Buffer.from(bytes ?? new Uint8Array()).toString('utf8');
  }

  /** `signal` ends it, whether or not something has come. */
  async bytes(uid: number, part: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    stopped.catch(() => undefined);
    signal.throwIfAborted();
    const coming = this.#do<Download>((client) => client.download(String(uid), part, { uid: true })).then(({ content }) => {
      content?.on('error', () => undefined); // also while nobody reads
      return content;
    });
    const stop = (): void => {
      const reason = new CoPawError('cancelled', 'it was not waited for any longer', { cause: signal.reason });
      reject(reason);
      void coming.then(
        (content) => content?.destroy(reason),
        () => undefined,
      );
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const content = await Promise.race([coming, stopped]);
      if (!content) throw new CoPawError('not-found', 'the mail is not there any more');
      content.once('close', () => signal.removeEventListener('abort', stop));
      return content;
    } catch (error) {
      signal.removeEventListener('abort', stop);
      throw error;
    }
  }

  async read(uid: number): Promise<void> {
    await this.#do((client) => client.messageFlagsAdd([uid], ['\\Seen'], { uid: true }));
  }

  /** The heads of mails with this id, or that go on from it, newest last. */
  async thread(root: string): Promise<readonly string[]> {
    const header = { or: [{ header: { 'message-id': `<${root}>` } }, { header: { references: `<${root}>` } }] };
    const found = (await this.#do((client) => client.search(header, { uid: true }))) || [];
    const mails = [];
    for (const uid of found.slice(-10)) mails.push((await this.fetch(uid))?.head ?? '');
    return mails;
  }

  /** Resolves when something may have come since `unread`, or it was woken by `wake`; the server is asked to say so at once (IDLE). */
  async wait(wake: (go: () => void) => void): Promise<void> {
    if (this.#hasChanged) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#changed = resolve;
    wake(resolve);
    // Another command on this connection ends it: then it is looked and begun again.
    void this.#client.idle().then(
      () => resolve(),
      () => undefined,
    );
    await Promise.race([promise, this.#ended.promise]);
    this.#changed = () => undefined;
  }

  /** Where what was sent is kept; made where there is no such mailbox. */
  async sentBox(): Promise<string> {
    const boxes = await this.#do((client) => client.list());
    const sent = boxes.find(({ specialUse }) => specialUse === '\\Sent') ?? boxes.find(({ path }) => path === 'Sent');
    return sent?.path ?? (await this.#do((client) => client.mailboxCreate('Sent'))).path;
  }

  /** Keeps a copy, marked as one that may not have gone out. */
  async keep(path: string, mail: Buffer): Promise<void> {
    if (!(await this.#do((client) => client.append(path, mail, ['\\Seen', '\\Draft'])))) throw new CoPawError('channel-down', 'The server kept no copy.');
  }

  /** Whether a copy is there, and whether it is marked. The mailbox of what was sent has to be the open one. */
  async copy(id: string): Promise<{ readonly uids: readonly number[]; readonly marked: boolean }> {
    const found = (await this.#do((client) => client.search({ header: { 'message-id': `<${id}>` } }, { uid: true }))) || [];
    const last = found.at(-1);
    const one = last === undefined ? undefined : await this.#do((client) => client.fetchOne(String(last), { flags: true }, { uid: true }));
    return { uids: found, marked: one ? one.flags?.has('\\Draft') !== false : false };
  }

  async unmark(uids: readonly number[]): Promise<void> {
    await this.#do((client) => client.messageFlagsRemove([...uids], ['\\Draft'], { uid: true }));
  }

  async remove(uids: readonly number[]): Promise<void> {
    await this.#do((client) => client.messageDelete([...uids], { uid: true }));
  }

  async select(path: string): Promise<void> {
    await this.#do((client) => client.mailboxOpen(path));
  }

  close(): void {
    this.#end(new Error('closed'));
    this.#client.close();
  }

  async #do<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    if (this.#over) throw new CoPawError('channel-down', 'The connection to the mailbox is gone.');
    try {
      return await Promise.race([work(this.#client), this.#ended.promise]);
    } catch (cause) {
      // What a library stumbles over in one mail is no sign of the connection.
      throw cause instanceof CoPawError || cause instanceof TypeError || cause instanceof RangeError
        ? cause
        : new CoPawError('channel-down', 'The mailbox could not be asked.', { cause });
    }
  }

  #end(cause: unknown): void {
    this.#over = true;
    this.#ended.reject(new CoPawError('channel-down', 'The connection to the mailbox broke.', { cause }));
  }
}

async function refusable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const cause = error instanceof CoPawError ? error.cause : undefined;
    if (typeof cause === 'object' && cause !== null && 'responseStatus' in cause && cause.responseStatus === 'NO') throw new MailRefused('refused', { cause });
    throw error;
  }
}

function connectFailure(error: unknown, host: string): unknown {
  if (error instanceof CoPawError) return error;
  const isLogin = typeof error === 'object' && error !== null && 'authenticationFailed' in error && error.authenticationFailed === true;
  const fault = certificateFault(error, host);
  if (fault) return new CoPawError('egress-failed', fault.message, { next: fault.next, cause: error });
  if (!isLogin) return new CoPawError('egress-failed', `${host} could not be reached.`, { cause: error });
  return new CoPawError('unauthenticated', `${host} does not let the account in.`, { next: 'Give it its password again: copaw channels add email.' });
}
