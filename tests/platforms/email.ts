// People who write mails to CoPaw, on a real server. They write what mail programs write, byte by byte; CoPaw reaches the server through proxies that count and cut.
import { connect } from 'node:tls';
import { email } from '../../src/channels/email/email.ts';
import type { ChannelWorld, Platform, PlatformPerson, PlatformWords } from '../../src/testing/channel-world.ts';
import { openLoopbackProxy } from './loopback-proxy.ts';
import type { MailServer, SentMail } from './mail-server.ts';

const password = 'a password of the mailbox';

export interface EmailPlatform extends Platform {
  readonly own: string;
  /** A mail as it is, into the inbox of CoPaw. */
  drop(raw: string): void;
  sent(): readonly SentMail[];
}

export interface EmailWorld extends ChannelWorld {
  /** `more`: settings beside the usual ones. */
  open(more?: { readonly keepsSent?: boolean } & object): Promise<EmailPlatform>;
}

let worlds = 0;

export const emailWorld = (server: () => MailServer): EmailWorld => ({
  kind: email,
  can: { thread: true, reply: true, forwarded: true, filesIn: true, filesOut: true, self: true, bot: true, redelivers: true, login: true },
  open: (more = {}) => openEmailPlatform(server(), more),
});

async function openEmailPlatform(server: MailServer, more: { readonly keepsSent?: boolean }): Promise<EmailPlatform> {
  const number = ++worlds;
  const { keepsSent = true } = more;
  const users = { ana: `ana${number}`, ben: `ben${number}`, self: `copaw${number}`, bot: `bot${number}` };
  const ids = { ana: `${users.ana}@example.test`, ben: `${users.ben}@example.test`, self: `${users.self}@example.test`, bot: `${users.bot}@example.test` };
  const setAccount = (known: boolean): void => server.setAccount(users.self, { password: known ? password : 'another', keepsSent, noted: true });
  for (const user of Object.values(users)) server.setAccount(user, { password });
  setAccount(true);
  const [imap, smtp] = [await openLoopbackProxy(server.imap), await openLoopbackProxy(server.smtp)];
  const raws = new Map<string, string>();
  let count = 0;

  /** What CoPaw sent to others. */
  const sent = () => server.sent(users.self).filter(({ to }) => !to.includes(ids.self));
  const write = (person: PlatformPerson, { text, replyTo, thread, forwarded, files = [], displayName }: PlatformWords, id: string): string => {
    const name = displayName === undefined ? '' : `=?utf-8?b?${Buffer.from(displayName).toString('base64')}?= `;
    const shownText = forwarded ? `${text}\r\n\r\n---------- Forwarded message ---------\r\nFrom: Eve <eve@example.org>\r\n\r\nher words` : text;
    const quote = replyTo === undefined ? '' : '\r\n\r\nOn Thu, 1 Jan 2026 at 10:00, CoPaw <copaw@example.test> wrote:\r\n> what it answers\r\n> and more\r\n';
    const before = thread ?? replyTo;
    const head = [
      `From: ${name}<${ids[person]}>`,
      `To: CoPaw <${ids.self}>`,
      `Message-ID: <${id}>`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      ...(before === undefined ? [] : [`References: <${before}>`, `In-Reply-To: <${replyTo ?? before}>`]),
      ...(person === 'bot' ? ['Auto-Submitted: auto-replied'] : []),
      'MIME-Version: 1.0',
    ];
    const words = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', '', folded(Buffer.from(`${shownText}${quote}`))];
    if (files.length === 0) return [...head, ...words, ''].join('\r\n');
    const parts = files.map(({ name: file, bytes, mediaType = 'application/octet-stream' }) => {
      const named = `=?utf-8?b?${Buffer.from(file).toString('base64')}?=`;
      const lines = [`Content-Type: ${mediaType}`, `Content-Disposition: attachment; filename="${named}"`, 'Content-Transfer-Encoding: base64'];
      return [...lines, '', folded(Buffer.from(bytes))];
    });
    const body = [words, ...parts].flatMap((part) => ['--border', ...part]);
    return [...head, 'Content-Type: multipart/mixed; boundary=border', '', ...body, '--border--', ''].join('\r\n');
  };

  return {
    ...{ ids, own: ids.self },
    settings: {
      ...{ address: ids.self, password: { vault: 'email' }, imap: `tls://localhost:${imap.port}`, smtp: `tls://localhost:${smtp.port}` },
      ...{ authserv: 'mx.example.test', keepsSent, ...more },
    },
    secrets: { email: password },
    chat: (_where, person = 'ana') => ids[person],
    async says(words) {
      const { from = 'ana' } = words;
      const id = `m${number}-${++count}@example.test`;
      const raw = write(from, words, id);
      raws.set(id, raw);
      await submit(server, users[from], ids[from], ids.self, raw);
      return id;
    },
    async again(id) {
      await submit(server, users.ana, ids.ana, ids.self, raws.get(id) ?? '');
    },
    raw: async (frame) => server.drop(users.self, frame),
    drop: (raw) => server.drop(users.self, raw),
    sent,
    shown: () =>
      sent().map(({ id, to, references, html, files }) => ({
        ...{ id, chat: to[0] ?? '', text: lines(html ?? ''), choices: [], edits: 0 },
        ...(references === '' ? {} : { thread: /<([^>]+)>/u.exec(references)?.[1] ?? '' }),
        files: files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, 'base64') })),
      })),
    next: (...faults) => server.fault(users.self, faults),
    async knowsAccount(isKnown) {
      setAccount(isKnown);
      await new Promise((resolve) => setTimeout(resolve, 1_200)); // dovecot looks at the file once a second
    },
    cut: () => imap.cut(),
    connections: () => imap.connections() + smtp.connections(),
    get complaints() {
      return sent().flatMap(({ complaints }) => complaints);
    },
    async close() {
      await imap.close();
      await smtp.close();
    },
  };
}

const folded = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/gu, '$&\r\n');
const lines = (text: string): string => text.replaceAll('\r\n', '\n').replace(/\n$/u, '');

/** As a mail program does, over SMTP inside TLS. */
async function submit(server: MailServer, user: string, from: string, to: string, raw: string): Promise<void> {
  const socket = connect({ port: server.smtp, host: '127.0.0.1', servername: 'localhost', ca: server.certificate });
  let said = '';
  let look: () => void = () => undefined;
  socket.setEncoding('utf8').on('data', (text) => {
    said += String(text);
    look();
  });
  socket.on('error', () => look());
  socket.on('close', () => look());
  const answer = async (code: string): Promise<void> => {
    while (!/^\d{3} .*\r\n$/mu.test(said)) {
      if (socket.destroyed) throw new Error('The SMTP server hung up.');
      await new Promise<void>((resolve) => (look = resolve));
    }
    if (!said.trimEnd().split('\r\n').at(-1)?.startsWith(code)) throw new Error(`The SMTP server said ${said}`);
    said = '';
  };
  try {
    await answer('220');
    const login = Buffer.from(`\0${user}\0${password}`).toString('base64');
    const steps = [
      ['EHLO test', '250'],
      [`AUTH PLAIN ${login}`, '235'],
      [`MAIL FROM:<${from}>`, '250'],
      [`RCPT TO:<${to}>`, '250'],
      ['DATA', '354'],
      [`${raw.replace(/^\./gmu, '..')}\r\n.`, '250'],
    ] as const;
    for (const [line, code] of steps) {
      socket.write(`${line}\r\n`);
      await answer(code);
    }
  } finally {
    socket.destroy();
  }
}
