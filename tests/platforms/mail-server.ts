// A real mailbox server on loopback (dovecot), and beside it the SMTP server of mail-server.py, both in one folder and gone with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { makeCertificate } from './certificate.ts';
import { freePort } from './loopback.ts';
import { listening } from './loopback-proxy.ts';

export interface MailAccount {
  readonly password: string;
  /** The SMTP server files what it sends. */
  readonly keepsSent?: boolean;
  /** What it sends is written down. */
  readonly noted?: boolean;
}

const sentMail = z.object({
  ...{ id: z.string(), from: z.string(), to: z.array(z.string()), references: z.string(), inReplyTo: z.string(), subject: z.string(), auto: z.string() },
  ...{ html: z.string().nullable(), plain: z.string().nullable(), complaints: z.array(z.string()) },
  files: z.array(z.object({ name: z.string(), base64: z.base64() })),
});
export type SentMail = z.output<typeof sentMail>;

export interface MailServer {
  readonly imap: number;
  readonly smtp: number;
  readonly certificate: string;
  /** Where it is, for processes of their own. */
  readonly certificatePath: string;
  setAccount(user: string, account: MailAccount): void;
  /** A mail as it is, into the inbox of a user, past every check. */
  drop(user: string, raw: string | Uint8Array): void;
  fault(user: string, faults: readonly string[]): void;
  sent(user: string): readonly SentMail[];
  close(): Promise<void>;
}

/** One server for the tests of a file, from its first to its last; its certificate is trusted meanwhile. */
export function mailServerForAll(): () => MailServer {
  let server: MailServer | undefined;
  const usual = getCACertificates('default');
  beforeAll(async () => {
    server = await startMailServer();
    setDefaultCACertificates([...usual, server.certificate]);
  }, 60_000);
  afterAll(async () => {
    setDefaultCACertificates(usual);
    await server?.close();
  });
  return () => {
    if (!server) throw new Error('The mail server does not run yet.');
    return server;
  };
}

/** The uid and gid of Debian's user for mailboxes; dovecot gives mail to nobody that is root. */
const mailUser = { uid: 8, gid: 8 };

async function startMailServer(): Promise<MailServer> {
  const folder = mkdtempSync(join(tmpdir(), 'copaw-mail-'));
  const [imap, smtp] = [await freePort(), await freePort()];
  const { key, cert } = makeCertificate();
  const isRoot = userInfo().uid === 0;
  const own = (path: string): void => {
    if (isRoot) chownSync(path, mailUser.uid, mailUser.gid);
  };
  const directory = (path: string): string => {
    mkdirSync(path, { recursive: true });
    own(path);
    return path;
  };
  if (isRoot) chmodSync(folder, 0o755); // dovecot looks people up as a user of its own
  for (const name of ['mail', 'faults', 'run', 'state', 'logins']) mkdirSync(join(folder, name));
  own(join(folder, 'mail'));
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'users.json'), '{}');
  const rootless = `default_internal_user = ${userInfo().username}\ndefault_login_user = ${userInfo().username}\nservice anvil {\n chroot =\n}\nservice imap-login {\n chroot =\n}\n`;
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `${isRoot ? '' : rootless}protocols = imap
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
listen = 127.0.0.1
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${imap}
    ssl = yes
  }
}
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
mail_location = maildir:${folder}/mail/%n
first_valid_uid = 1
first_valid_gid = 1
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%n ${folder}/logins/%n
}
userdb {
  driver = static
  args = uid=${isRoot ? mailUser.uid : userInfo().uid} gid=${isRoot ? mailUser.gid : userInfo().gid} home=${folder}/mail/%n
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
}
mail_max_userip_connections = 100
mailbox_idle_check_interval = 1 secs
auth_failure_delay = 0
`,
  );
  const processes: ChildProcess[] = [
    spawn('dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore' }),
    spawn('/usr/bin/python3', [join(import.meta.dirname, 'mail-server.py'), folder, String(smtp)], { stdio: ['ignore', 'ignore', 'inherit'] }),
  ];
  const close = async (): Promise<void> => {
    await Promise.all(
      processes.map(async (one) => {
        if (one.exitCode !== null || one.signalCode !== null) return;
        const gone = new Promise((resolve) => one.once('exit', resolve));
        one.kill('SIGTERM');
        await gone;
      }),
    );
    rmSync(folder, { recursive: true, force: true });
  };
  for (const port of [imap, smtp])
    await listening(port).catch(async (cause: unknown) => {
      const log = join(folder, 'dovecot.log');
      const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
      await close();
      throw new Error(`The mail server did not start: ${said}`, { cause });
    });
  const writeWhole = (name: string, content: string): void => {
    writeFileSync(join(folder, `${name}.new`), content);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  const accounts = new Map<string, MailAccount>();
  let dropped = 0;
  return {
    ...{ imap, smtp, certificate: cert, certificatePath: join(folder, 'cert.pem'), close },
    setAccount(user, account) {
      accounts.set(user, account);
      writeWhole('users.json', JSON.stringify(Object.fromEntries(accounts)));
      writeWhole(`logins/${user}`, `${user}:{PLAIN}${account.password}::::::\n`);
    },
    drop(user, raw) {
      const box = directory(join(folder, 'mail', user));
      for (const name of ['tmp', 'new', 'cur']) directory(join(box, name));
      const name = `${Date.now()}.d${++dropped}.test`;
      writeFileSync(join(box, 'tmp', name), raw);
      own(join(box, 'tmp', name));
      renameSync(join(box, 'tmp', name), join(box, 'new', name));
    },
    fault: (user, faults) => writeFileSync(join(folder, 'faults', user), JSON.stringify(faults)),
    sent(user) {
      const path = join(folder, 'sent.jsonl');
      const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
      return lines.map((line) => sentMail.parse(JSON.parse(line))).filter((mail) => mail.from === user);
    },
  };
}
