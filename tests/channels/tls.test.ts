// MQTT and IRC over TLS through the real outward door: a certificate is checked before anything is said, and the password goes to nobody else.
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { irc } from '../../src/channels/irc/irc.ts';
import { mqtt } from '../../src/channels/mqtt/mqtt.ts';
import { type AnyChannelKind, channelSettings } from '../../src/core/channel-kind.ts';
import { CoPawError } from '../../src/core/error.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { channelHands } from '../../src/open-channels.ts';
import { createEgress } from '../../src/security/egress.ts';
import { recordingInbox } from '../../src/testing/channel-hands.ts';
import { eventually } from '../../src/testing/channel-run.ts';
import type { ChannelWorld } from '../../src/testing/channel-world.ts';
import { makeCertificate } from '../platforms/certificate.ts';
import { openChannelApp } from '../platforms/channel-app.ts';
import { type IrcNetwork, openInspircd, openIrcPlatform } from '../platforms/irc.ts';
import { listen, shut } from '../platforms/loopback.ts';
import { openMqttPlatform } from '../platforms/mqtt.ts';

const [own, another, unsigned] = [makeCertificate(), makeCertificate('other.test'), makeCertificate()];
const usual = getCACertificates('default');
let network: IrcNetwork;
beforeAll(async () => {
  setDefaultCACertificates([...usual, own.cert, another.cert]);
  network = await openInspircd(own);
}, 60_000);
afterAll(async () => {
  setDefaultCACertificates(usual);
  await network?.close();
});

test('MQTT: a message and its answer, over TLS, with user and password', async () => {
  const world: ChannelWorld = {
    kind: mqtt,
    can: {},
    async open() {
      const platform = await openMqttPlatform({}, own);
      return { ...platform, settings: { ...platform.settings, url: `tls://localhost:${platform.tlsPort}` } };
    },
  };
  const app = await openChannelApp(world);
  try {
    await app.platform.says({ text: 'hello' });
    await eventually(async () => expect(await app.platform.shown()).toMatchObject([{ chat: 'id-ana', text: 'Done.' }]));
    expect(app.platform.connections(), 'connections past TLS').toBe(0);
  } finally {
    await app.close();
  }
});

test('IRC: SASL PLAIN, a message and its answer, over TLS', async () => {
  const { ana } = network.people;
  const since = ana.told.length;
  const open = () => openIrcPlatform(network, true, { url: `tls://localhost:${network.tlsPort}` });
  const app = await openChannelApp({ kind: irc, can: {}, open });
  try {
    await app.platform.says({ text: 'hello' });
    const like = (text: string) => ana.until(({ command, from, params }) => command === 'PRIVMSG' && from === 'copaw' && params[1] === text, since);
    await like('Done.');
    ana.write('WHOIS copaw');
    expect((await ana.until(({ command }) => command === '330', since)).params).toContain('id-copaw');
    expect((await ana.until(({ command }) => command === '671', since)).params[1]).toBe('copaw');
    expect(app.platform.connections(), 'connections past TLS').toBe(0);
  } finally {
    await app.close();
  }
});

/** Of a server with this certificate: how the connection ended, and all that it was told. */
async function told(kind: AnyChannelKind, certificate: { readonly key: string; readonly cert: string }): Promise<{ error: unknown; bytes: number }> {
  let bytes = 0;
  const server = createServer(certificate, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      bytes += piece.length;
    });
  });
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  const url = `tls://localhost:${port}`;
  const settings = channelSettings(kind, 'main', { url, user: 'copaw', password: { vault: 'x' }, serverPassword: { vault: 'x' } });
  const hands = channelHands(
    {
      ...{ clock: systemClock, log: () => undefined, egress: createEgress({ clock: systemClock }) },
      config: { current: () => ({ language: 'en' }) as never },
      secrets: { use: async (_, work) => work('pw of copaw') },
    },
    'main',
    kind.origins(settings),
  );
  const abort = new AbortController();
  const ended = kind.open(settings, hands).start(recordingInbox(), abort.signal);
  const error = await Promise.race([ended.catch((thrown: unknown) => thrown), eventually(() => expect(bytes).toBeGreaterThan(0))]);
  abort.abort();
  await ended.catch(() => undefined);
  await shut(server);
  return { error, bytes };
}

describe.each([mqtt, irc])('$kind', (kind) => {
  test('a certificate that holds is told something: the refusals below are no accident', async () => {
    expect((await told(kind, own)).bytes).toBeGreaterThan(0);
  });

  test('a certificate of another name is refused, and told nothing', async () => {
    const { error, bytes } = await told(kind, another);
    expect(error).toMatchObject({ code: 'egress-failed', message: expect.stringMatching(/^The certificate of localhost:\d+ is for another name/u) });
    expect(error).toMatchObject({ next: expect.stringContaining('name') });
    expect(bytes).toBe(0);
  });

  test('a certificate that nobody signed is refused, and told nothing', async () => {
    const { error, bytes } = await told(kind, unsigned);
    expect(error).toMatchObject({ code: 'egress-failed', message: expect.stringContaining('is signed by nobody that CoPaw trusts') });
    expect(error).toMatchObject({ next: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
    expect(bytes).toBe(0);
  });

  test('without TLS it goes to the own machine alone, unless that was said', () => {
    const given = (url: string, more: object = {}) => kind.settings.safeParse({ url, ...more });
    for (const url of ['tcp://127.0.0.1:1', 'tcp://localhost', 'tcp://LOCALHOST:1', 'tcp://127.8.8.8', 'tcp://[::1]:1', 'tls://example.org'])
      expect(given(url).success, url).toBe(true);
    const far = [
      'tcp://example.org:1',
      'tcp://192.168.1.5',
      'tcp://localhost.example.org',
      'tcp://127.0.0.1.example.org',
      'tcp://localhost@example.org',
      'tcp://0.0.0.0',
    ];
    for (const url of far) {
      expect(given(url).error?.issues, url).toMatchObject([{ path: ['url'], message: expect.stringContaining('tls://') }]);
      expect(given(url, { dangerouslyWithoutTls: true }).success, url).toBe(true);
    }
    expect(given('no address').success).toBe(false);
    expect(() => channelSettings(kind, 'main', { url: far[0] })).toThrow(CoPawError);
  });
});
