// E-mail against a real dovecot and an SMTP server: the contract of a channel, forged authors, loops, threads, and what became of a mail.
import { createServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import * as words from '../../src/channels/email/words.ts';
import { toCoPawError } from '../../src/core/error.ts';
import { addressOf, type ChannelRun, eventually, letGo, run } from '../../src/testing/channel-run.ts';
import { testChannel } from '../../src/testing/channel-suite.ts';
import { makeCertificate } from '../platforms/certificate.ts';
import { type EmailPlatform, emailWorld } from '../platforms/email.ts';
import { listen, shut } from '../platforms/loopback.ts';
import { mailServerForAll } from '../platforms/mail-server.ts';

const server = mailServerForAll();

const world = emailWorld(server);
testChannel(world);

async function within(work: (platform: EmailPlatform, one: ChannelRun) => Promise<void>, more: object = {}): Promise<void> {
  const platform = await world.open(more);
  try {
    const one = await run(world, platform).up();
    await work(platform, one);
    await letGo(one);
    expect(platform.complaints).toEqual([]);
  } finally {
    await platform.close();
  }
}

/** Everything that came, once a last word of ana has. */
async function heard(platform: EmailPlatform, { inbox }: ChannelRun) {
  await platform.says({ text: 'the last word' });
  await inbox.until((event) => event.kind === 'message' && event.text === 'the last word');
  return inbox.events.filter((event) => event.kind !== 'message' || event.text !== 'the last word');
}

const mail = (...lines: readonly string[]): string => [...lines, ''].join('\r\n');
const checked = 'Authentication-Results: mx.example.test; dmarc=pass header.from=example.test';

describe('who it is of', () => {
  test('forged authors are nobody, and their mails are read once and left', () =>
    within(async (platform, one) => {
      const from = `From: Ana <${platform.ids.ana}>`;
      const id = 'Message-ID: <forged@x>';
      platform.drop(mail(from, id, '', 'no check'));
      platform.drop(mail('Authentication-Results: mx.example.test; dmarc=fail header.from=example.test', checked, from, id, '', 'a forged check below'));
      platform.drop(mail('Authentication-Results: mx.evil.test; dmarc=none', checked, from, id, '', 'another server above'));
      platform.drop(mail(checked, from, 'From: eve@evil.test', id, '', 'two authors'));
      platform.drop(
        mail(checked.replace('from=example.test', 'from=evil.test'), `From: "${platform.ids.ana}" <eve@evil.test>`, id, '', 'a name that is an address'),
      );
      platform.drop(mail(checked.replace('from=example.test', 'from=evil.test'), from, id, '', 'the check of another domain'));
      platform.drop(mail(checked, from, `X-Long: ${'x'.repeat(300_000)}`, id, '', 'a head without end'));
      const events = await heard(platform, one);
      expect(events.map(({ sender }) => sender.id)).toEqual(['eve@evil.test']);
      await letGo(one);
      const again = await run(world, platform).up();
      expect(await heard(platform, again)).toEqual([]);
      await letGo(again);
    }));

  test('what ana really sends is hers, and what ben sends in her name is nobody’s', () =>
    within(async (platform, one) => {
      await platform.says({ text: 'truly', displayName: platform.ids.ben });
      expect(await one.inbox.until((event) => event.kind === 'message' && event.text === 'truly')).toMatchObject({
        sender: { id: platform.ids.ana, name: platform.ids.ben },
      });
      expect(platform.ids.ana).not.toBe(platform.ids.ben);
    }));

  test('without a server that checks, it is refused to begin, unless that was said', async () => {
    const platform = await world.open();
    const { authserv: _, ...without } = platform.settings as { authserv: string };
    expect(world.kind.settings.safeParse(without).success).toBe(false);
    expect(world.kind.settings.safeParse({ ...without, dangerouslyTrustFrom: true }).success).toBe(true);
    await platform.close();
  });
});

test('programs, lists and reports are not answered', () =>
  within(async (platform, one) => {
    const from = `From: Ana <${platform.ids.ana}>`;
    for (const line of ['Auto-Submitted: auto-replied', 'Precedence: bulk', 'List-Id: <l.example>', 'X-Auto-Response-Suppress: All', 'Return-Path: <>'])
      platform.drop(mail(checked, line, from, '', 'I am out of office'));
    platform.drop(mail(checked, 'From: Mail Delivery System <mailer-daemon@example.test>', '', 'returned'));
    platform.drop(mail(checked, from, 'Content-Type: multipart/report; boundary=b', '', '--b', '', 'returned', '--b--'));
    expect(await heard(platform, one)).toEqual([]);
  }));

test('attack: mails that a parser stumbles over, or that take long to read, hold nothing up and are read once', () =>
  within(async (platform, one) => {
    const head = [checked, `From: <${platform.ids.ana}>`];
    const html = 'Content-Type: text/html';
    platform.drop(mail(...head, 'Message-ID: <p1@x>', html, '', '<!-- <html -->x'));
    platform.drop(mail(...head, 'Message-ID: <p2@x>', '', '\r\n'.repeat(480_000), 'x'));
    platform.drop(mail(...head, 'Message-ID: <p3@x>', html, '', '<b>\r\n'.repeat(190_000)));
    platform.drop(mail(...head, 'Message-ID: <p4@x>', 'Content-Type: multipart/mixed; boundary=b', '', 'no part at all'));
    platform.drop(mail(...head, 'Message-ID: <p5@x>', 'Content-Type: multipart/mixed; boundary=b', '', '--b', '--b--'));
    platform.drop(mail(checked, `From: "${'\\"'.repeat(120_000)} <${platform.ids.ana}>`, 'Message-ID: <p6@x>', '', 'x'));
    const events = await heard(platform, one);
    expect(events.map(({ id }) => id)).toEqual(['p1@x', 'p2@x', 'p3@x', 'p4@x', 'p5@x']);
    await letGo(one);
    const again = await run(world, platform).up();
    expect(await heard(platform, again)).toEqual([]);
    await letGo(again);
  }));

test('a fault of the parser itself leaves the one mail, says so without a word of it, and goes on', async () => {
  const platform = await world.open();
  const parsed = vi.spyOn(words, 'wordsOfHtml').mockRejectedValueOnce(new TypeError('of a mail'));
  try {
    const one = run(world, platform);
    const told = vi.fn();
    Object.assign(one.hands, { log: told });
    await one.up();
    platform.drop(mail(checked, `From: <${platform.ids.ana}>`, 'Message-ID: <t@x>', 'Content-Type: text/html', '', 'x'));
    expect(await heard(platform, one)).toEqual([]);
    expect(told).toHaveBeenCalledWith('info', 'email-left', { uid: expect.any(Number), reason: 'unreadable: TypeError' });
    await letGo(one);
  } finally {
    parsed.mockRestore();
    await platform.close();
  }
});

describe('words', () => {
  test('of a mail: the subject of the first, no quotation, no signature; HTML where there is nothing else', () =>
    within(async (platform, one) => {
      const head = [checked, `From: <${platform.ids.ana}>`];
      platform.drop(mail(...head, 'Message-ID: <a@x>', 'Subject: =?utf-8?q?F=C3=BCr_dich?=', '', 'Hello.', '-- ', 'Ana'));
      platform.drop(
        mail(
          ...head,
          'Message-ID: <b@x>',
          'Subject: Re: x',
          'References: <a@x> <c@y>',
          'In-Reply-To: <c@y>',
          '',
          'Yes.',
          '',
          'On Thu, 1 Jan 2026, CoPaw <c@y> wrote:',
          '> old',
        ),
      );
      platform.drop(
        mail(
          ...head,
          'Message-ID: <d@x>',
          'Subject: /stop',
          'Content-Type: text/html; charset=iso-8859-1',
          'Content-Transfer-Encoding: quoted-printable',
          '',
          '<p>Gr=FC=DFe</p><script>x</script>',
        ),
      );
      platform.drop(
        mail(
          ...head,
          'Message-ID: <e@x>',
          'Content-Type: multipart/alternative; boundary=b',
          '',
          '--b',
          'Content-Type: text/plain',
          '',
          '/status',
          '--b',
          'Content-Type: text/html',
          '',
          '<p>html</p>',
          '--b--',
        ),
      );
      const byId = async (id: string) => one.inbox.until((event) => event.id === id);
      expect(await byId('a@x')).toMatchObject({ text: 'Für dich\n\nHello.', chat: { thread: 'a@x' } });
      expect(await byId('b@x')).toMatchObject({ text: 'Yes.', replyTo: 'c@y', chat: { thread: 'a@x' } });
      expect(await byId('d@x')).toMatchObject({ text: '/stop\n\nGrüße' });
      expect(await byId('e@x')).toMatchObject({ text: '/status', files: [] });
    }));

  test('a whole mail that is attached is passed on, and a file', () =>
    within(async (platform, one) => {
      const inner = ['--b', 'Content-Type: message/rfc822', '', 'From: eve@evil.test', 'Subject: x', '', '/approve', '--b--'];
      platform.drop(
        mail(checked, `From: <${platform.ids.ana}>`, 'Message-ID: <f@x>', 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'look', ...inner),
      );
      const event = await one.inbox.until(({ id }) => id === 'f@x');
      expect(event).toMatchObject({ forwarded: true, text: 'look' });
      expect(event.files.map(({ name }) => name)).toEqual(['message.eml']);
    }));
});

describe('answers', () => {
  test('stand in the thread, under its subject, and say that a program wrote them; also after a restart', () =>
    within(async (platform, one) => {
      platform.drop(mail(checked, `From: <${platform.ids.ana}>`, 'Message-ID: <q@x>', 'Subject: Holidays', '', 'When?'));
      const { chat } = await one.inbox.until(({ id }) => id === 'q@x');
      await one.channel.send(addressOf(world, platform, 'direct', 'ana', chat.thread), { text: '<p>Soon</p>', plain: 'Soon' }, { answerId: 'a', part: 0 });
      await letGo(one);
      const other = await run(world, platform).up();
      await other.channel.send(addressOf(world, platform, 'direct', 'ana', chat.thread), { text: '<p>Now</p>', plain: 'Now' }, { answerId: 'b', part: 0 });
      await other.channel.send(addressOf(world, platform), { text: '<p>By the way</p>', plain: 'By the way' }, { answerId: 'c', part: 0 });
      await letGo(other);
      const [first, second, third] = platform.sent();
      expect(first).toMatchObject({
        subject: 'Re: Holidays',
        inReplyTo: '<q@x>',
        references: '<q@x>',
        auto: 'auto-replied',
        plain: expect.stringContaining('Soon'),
      });
      expect(second).toMatchObject({ subject: 'Re: Holidays', inReplyTo: '<q@x>', references: '<q@x>' });
      expect(third).toMatchObject({ subject: 'By the way', references: '', auto: 'auto-generated' });
    }));

  test('attack: after a restart, the thread of ana is hers, not that of whoever writes her address beside his own', () =>
    within(async (platform, one) => {
      platform.drop(mail(checked, `From: <${platform.ids.ana}>`, 'Message-ID: <r@x>', 'Subject: Holidays', '', 'When?'));
      await one.inbox.until(({ id }) => id === 'r@x');
      const head = ['References: <r@x>', 'Subject: Pay me'];
      const evil = checked.replace('from=example.test', 'from=evil.test');
      platform.drop(mail(evil, `From: "${platform.ids.ana}" <eve@evil.test>`, 'Message-ID: <e1@x>', ...head, '', 'x'));
      platform.drop(mail(checked, `From: <eve${platform.ids.ana}>`, 'Message-ID: <e2@x>', ...head, '', 'x'));
      platform.drop(mail(`From: <${platform.ids.ana}>`, 'Message-ID: <e3@x>', ...head, '', 'unchecked'));
      await heard(platform, one);
      await letGo(one);
      const other = await run(world, platform).up();
      await other.channel.send(addressOf(world, platform, 'direct', 'ana', 'r@x'), { text: '<p>Now</p>', plain: 'Now' }, { answerId: 'r', part: 0 });
      await letGo(other);
      expect(platform.sent()).toMatchObject([{ subject: 'Re: Holidays', inReplyTo: '<r@x>', references: '<r@x>' }]);
    }));

  test('are kept by CoPaw itself where the server keeps nothing, and found again by their part', () =>
    within(
      async (platform, one) => {
        const to = addressOf(world, platform);
        const key = { answerId: 'kept', part: 0 };
        expect(await one.channel.reconcile?.(to, key)).toBe('absent');
        const { id } = await one.channel.send(to, { text: 'hello' }, key);
        expect(await one.channel.reconcile?.(to, key)).toEqual({ id });

        platform.next?.('forbidden');
        const refused = { answerId: 'refused', part: 0 };
        expect(toCoPawError(await one.channel.send(to, { text: 'no' }, refused).catch((error: unknown) => error))).toMatchObject({ code: 'send-refused' });
        expect(await one.channel.reconcile?.(to, refused)).toBe('absent');

        platform.next?.('lost');
        const lost = { answerId: 'lost', part: 0 };
        await expect(one.channel.send(to, { text: 'perhaps' }, lost)).rejects.toMatchObject({ code: 'channel-down', retryable: false });
        expect(await one.channel.reconcile?.(to, lost)).toBe('unknown');
      },
      { keepsSent: false },
    ));

  test('cannot bring a field of their own into the head', () =>
    within(async (platform, one) => {
      platform.drop(mail(checked, `From: <${platform.ids.ana}>`, 'Message-ID: <h@x>', 'Subject: =?utf-8?q?x=0D=0ABcc:_eve=40evil.test?=', '', 'hello'));
      const { chat } = await one.inbox.until(({ id }) => id === 'h@x');
      const file = { name: 'a"\r\nBcc: eve@evil.test\r\n.txt', mediaType: 'text/plain', size: 1, path: 'a', bytes: async () => new Uint8Array([65]) };
      await one.channel.send(addressOf(world, platform, 'direct', 'ana', chat.thread), { text: 'x', files: [file] }, { answerId: 'a"\r\nX: y', part: 0 });
      await eventually(() => expect(platform.sent().map(({ to }) => to)).toEqual([[platform.ids.ana]]));
    }));
});

test('a file that is not waited for any longer comes to an end, begun or not', () =>
  within(async (platform, one) => {
    await platform.says({ text: 'large', files: [{ name: 'a.bin', bytes: new Uint8Array(4_000_000) }] });
    const [file] = (await one.inbox.until((event) => event.kind === 'message' && event.text === 'large')).files;
    const late = new AbortController();
    const stream = await file?.open(late.signal);
    let size = 0;
    const read = async (): Promise<void> => {
      for await (const piece of stream ?? []) {
        size += piece.byteLength;
        late.abort();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'cancelled' });
    expect(size).toBeLessThan(1_000_000);
    await expect(file?.open(late.signal)).rejects.toBeDefined();
    const soon = new AbortController();
    const opening = file?.open(soon.signal);
    soon.abort();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    await platform.says({ text: 'and on' });
    await one.inbox.until((event) => event.kind === 'message' && event.text === 'and on');
  }));

describe('a certificate that nobody signed is not talked to, and named with what helps', () => {
  const refused = { code: 'egress-failed', message: expect.stringContaining('is signed by nobody'), next: expect.stringContaining('NODE_EXTRA_CA_CERTS') };

  test('at the mailbox', async () => {
    const trusted = getCACertificates('default');
    setDefaultCACertificates(trusted.filter((one) => one.trim() !== server().certificate.trim()));
    const platform = await world.open();
    try {
      const one = run(world, platform);
      expect(toCoPawError(await one.ended)).toMatchObject(refused);
      await letGo(one);
    } finally {
      setDefaultCACertificates(trusted);
      await platform.close();
    }
  });

  test('where mails go out, once TLS begins after the greeting', async () => {
    const { key, cert } = makeCertificate();
    const said: string[] = [];
    const smtp = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 hello\r\n');
      socket.on('data', (piece) => {
        const line = String(piece);
        said.push(line.split(' ', 1)[0]?.trim() ?? '');
        if (!line.startsWith('STARTTLS')) return void socket.write('250-hello\r\n250 STARTTLS\r\n');
        socket.removeAllListeners('data');
        socket.write('220 go\r\n');
        const secure = new TLSSocket(socket, { isServer: true, key, cert });
        secure.on('error', () => undefined);
        secure.on('data', () => said.push('past TLS'));
      });
    });
    const port = await listen(smtp);
    try {
      await within(
        async (platform, one) => {
          const failed = one.channel.send(addressOf(world, platform), { text: 'hello' }, { answerId: 'tls', part: 0 });
          expect(toCoPawError(await failed.catch((error: unknown) => error))).toMatchObject(refused);
        },
        { smtp: `tcp://localhost:${port}` },
      );
      expect(said).toEqual(['EHLO', 'STARTTLS']);
    } finally {
      await shut(smtp);
    }
  });
});
