// Mails that leave: written by nodemailer, sent over SMTP inside a connection of the outward door. Where the server keeps no copy of what it sends, one is put beside it,
// and marked until the server has taken the mail: so it can be looked up what became of it.
import type { Address } from '../../core/address.ts';
import type { PartKey, Sendable } from '../../core/channel.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { certificateFault } from '../../lib/certificate-fault.ts';
import { dial } from './dial.ts';

export interface SenderSettings {
  readonly smtp: string;
  readonly user: string;
  readonly password: string;
}

/** What an answer goes on from. */
export interface Thread {
  readonly subject: string;
  /** Ids of the mails before, oldest first. */
  readonly ids: readonly string[];
}

const mostIds = 20;
const longestSubject = 500;

/** Of whatever stands in a head: no more is kept than an answer says again. The first and the latest ids say where it belongs. */
export function threadOf(subject: string, ids: readonly string[]): Thread {
  const once = [...new Set(ids)];
  return { subject: subject.slice(0, longestSubject), ids: once.length <= mostIds ? once : [once[0] ?? '', ...once.slice(1 - mostIds)] };
}

/** The same for the same part, so that it can be found again. */
export function messageId({ answerId, part }: PartKey, address: string): string {
  const plain = [...answerId].map((one) => (/[a-z0-9_-]/iu.test(one) ? one : `.${one.codePointAt(0)?.toString(16)}.`)).join('');
  return `${plain}.${part}@${address.slice(address.indexOf('@') + 1)}`;
}

/** The mail as it goes over the wire. Nothing in it is fetched or read from the disk. */
export async function compose(
  { to, from, id, thread, message }: { to: Address; from: { name: string; address: string }; id: string; thread: Thread | undefined; message: Sendable },
  hands: Pick<ChannelHands, 'clock'>,
): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const attachments = await Promise.all(
    (message.files ?? []).map(async ({ name, mediaType, bytes }) => ({ filename: name, contentType: mediaType, content: Buffer.from(await bytes()) })),
  );
  const words = message.plain ?? message.text;
  const mail = new MailComposer({
    ...{
      from,
      to: { name: '', address: to.chat },
      messageId: `<${id}>`,
      date: new Date(hands.clock.now()),
      subject: thread ? answering(thread.subject) : firstLine(words),
    },
    ...(thread === undefined ? {} : { inReplyTo: `<${thread.ids.at(-1)}>`, references: thread.ids.map((one) => `<${one}>`) }),
    headers: { 'Auto-Submitted': thread === undefined ? 'auto-generated' : 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
    ...{ text: words, html: message.text, attachments, disableFileAccess: true, disableUrlAccess: true, newline: 'windows' },
  });
  return mail.compile().build();
}

/** Fails as `Channel.send` does. */
export async function hand(
  settings: SenderSettings,
  envelope: { from: string; to: string },
  raw: Buffer,
  hands: ChannelHands,
  signal: AbortSignal,
): Promise<void> {
  const { smtp, user, password } = settings;
  const { hostname, port, protocol } = new URL(smtp);
  const isSecure = protocol === 'tls:';
  const [{ default: SmtpConnection }, socket] = await Promise.all([import('nodemailer/lib/smtp-connection'), dial(hands, smtp, signal)]);
  const connection = new SmtpConnection({
    ...{ host: hostname, port: Number(port), secure: isSecure, requireTLS: true, connection: socket, secured: isSecure, logger: false },
    ...{ connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 45_000 },
  });
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  connection.on('error', (error) => broken.reject(error));
  connection.on('end', () => broken.reject(new Error('The connection ended.')));
  const abort = (): void => broken.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const step = (work: (done: (error?: Error | null) => void) => void): Promise<void> =>
    Promise.race([new Promise<void>((resolve, reject) => work((error) => (error ? reject(error) : resolve()))), broken.promise]);
  let isBegun = false;
  try {
    signal.throwIfAborted();
    await step((done) => connection.connect(done));
    await step((done) => connection.login({ user, credentials: { user, pass: password } }, done));
    isBegun = true;
    await step((done) => connection.send(envelope, raw, done));
  } catch (error) {
    throw sendFailure(error, hostname, isBegun);
  } finally {
    signal.removeEventListener('abort', abort);
    connection.close();
    socket.destroy();
  }
}

/** What the server said, or where it stopped. Before the login nothing of the mail was handed over. */
function sendFailure(cause: unknown, host: string, isBegun: boolean): CoPawError {
  const { code, originalCode, responseCode = 0 } = Object(cause) as { code?: unknown; originalCode?: unknown; responseCode?: number };
  if (code === 'EAUTH' && responseCode >= 500)
    return new CoPawError('unauthenticated', `${host} does not let the account in.`, { next: 'Give it its password again: copaw channels add email.' });
  if (responseCode >= 500 && isBegun) return new CoPawError('send-refused', `${host} answered ${responseCode}.`);
  if (responseCode >= 400) return new CoPawError('busy', `${host} answered ${responseCode}.`, { retryAfterMs: 60_000 });
  // Its own code for all that fails in TLS hides which it was.
  const fault = certificateFault(Object.assign(new Error('TLS'), { code: originalCode }), host);
  if (fault) return new CoPawError('egress-failed', fault.message, { next: fault.next, cause });
  if (!isBegun) {
    const next =
      'See whether it speaks TLS from the first byte (tls://, usually port 465) or after a greeting (tcp://, usually port 587), and whether it is reached.';
    return new CoPawError('egress-failed', `${host} could not be talked to.`, { next, cause });
  }
  return new CoPawError('channel-down', `Whether ${host} took the mail is not known.`, { retryable: false, cause });
}

const answering = (subject: string): string => (/^re\s*:/iu.test(subject) ? subject : `Re: ${subject}`).slice(0, longestSubject);

function firstLine(words: string): string {
  const line =
    words
      .split('\n')
      .find((one) => one.trim() !== '')
      ?.trim() ?? 'CoPaw';
  return line.length > 70 ? `${[...line].slice(0, 69).join('')}…` : line;
}
