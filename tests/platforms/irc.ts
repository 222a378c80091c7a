// Real servers of IRC on loopback: InspIRCd with Atheme services, where people have accounts; ngIRCd, where they have nicks.
import type { Platform, PlatformPerson, ShownMessage } from '../../src/testing/channel-world.ts';
import { type IrcClient, openIrcClient } from './irc-client.ts';
import { type IrcWire, openIrcWire } from './irc-wire.ts';
import { freePort } from './loopback.ts';
import { type RealServer, startServer } from './real-server.ts';

/** Of every account. */
export const password = 'pw-of-the-account';
const otherPassword = 'another-password';
const accounts = { ana: 'id-ana', ben: 'id-ben', self: 'id-copaw', bot: 'id-bot' } as const;

export interface IrcNetwork {
  readonly port: number;
  /** Where TLS is spoken; 0: nowhere. */
  readonly tlsPort: number;
  readonly people: Readonly<Record<PlatformPerson, IrcClient>>;
  close(): Promise<void>;
}

export async function openInspircd(certificate?: { readonly key: string; readonly cert: string }): Promise<IrcNetwork> {
  const [port, linkPort] = [await freePort(), await freePort()];
  const tlsPort = certificate ? await freePort() : 0;
  const server = await startServer({
    command: '/usr/sbin/inspircd',
    args: (folder) => ['--nofork', `--config=${folder}/inspircd.conf`],
    port,
    files: (folder) => ({
      'inspircd.conf': inspircdConf(folder, port, linkPort) + (certificate ? inspircdTls(folder, tlsPort) : ''),
      ...(certificate ? { 'key.pem': certificate.key, 'cert.pem': certificate.cert } : {}),
    }),
  });
  const services = await startServer({
    command: '/usr/bin/atheme-services',
    args: (folder) => ['-n', '-c', `${folder}/atheme.conf`, '-D', folder, '-l', `${folder}/atheme.log`, '-p', `${folder}/atheme.pid`],
    files: () => ({ 'atheme.conf': athemeConf(linkPort) }),
  });
  const servers = [services, server];
  try {
    const capabilities = 'message-tags account-tag echo-message server-time';
    const nicks = { ana: 'ana', ben: 'ben', self: 'keeper', bot: 'robot' };
    const open = (person: PlatformPerson) => openIrcClient(port, nicks[person], capabilities);
    const people = { ana: await open('ana'), ben: await open('ben'), self: await open('self'), bot: await open('bot') };
    await linked(people.ana);
    for (const person of ['ana', 'ben', 'self', 'bot'] as const) {
      people[person].write(`PRIVMSG NickServ :REGISTER ${accounts[person]} ${password} ${person}@mail.test`);
      await people[person].until(({ command, params }) => command === '900' || (command === 'NOTICE' && /now registered/iu.test(params.at(-1) ?? '')));
    }
    people.bot.write('MODE robot +B');
    await people.bot.settle();
    return { port, tlsPort, people, close: () => closeAll(people, servers) };
  } catch (error) {
    for (const one of servers) await one.stop();
    throw error;
  }
}

export async function openNgircd(): Promise<IrcNetwork> {
  const port = await freePort();
  const server = await startServer({
    command: '/usr/sbin/ngircd',
    args: (folder) => ['-n', '-f', `${folder}/ngircd.conf`],
    port,
    files: () => ({
      'ngircd.conf': `[Global]
Name = irc.test
Info = test
Listen = 127.0.0.1
Ports = ${port}
Password = word of the server
[Limits]
MaxConnections = 50
MaxConnectionsIP = 50
MaxNickLength = 30
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
`,
    }),
  });
  const open = (nick: string) => openIrcClient(port, nick, '', 'word of the server');
  const people = { ana: await open('Ana'), ben: await open('ben'), self: await open('keeper'), bot: await open('robot') };
  return { port, tlsPort: 0, people, close: () => closeAll(people, [server]) };
}

async function closeAll(people: IrcNetwork['people'], servers: readonly RealServer[]): Promise<void> {
  for (const client of Object.values(people)) client.close();
  for (const server of servers) await server.stop();
}

async function linked(client: IrcClient): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const since = client.told.length;
    client.write('ISON NickServ');
    const { params } = await client.until(({ command }) => command === '303', since);
    if (params.at(-1)?.includes('NickServ')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The services did not come.');
}

export interface IrcPlatform extends Platform {
  readonly wire: IrcWire;
  readonly group: string;
}

let groups = 0;

/** One CoPaw on a network that many share. `known`: its people have accounts. */
export async function openIrcPlatform(network: IrcNetwork, known: boolean, own: Readonly<Record<string, unknown>> = {}): Promise<IrcPlatform> {
  const wire = await openIrcWire(network.port);
  const group = `#group-${++groups}`;
  const { people } = network;
  const starts = { ana: people.ana.told.length, ben: people.ben.told.length };
  for (const client of [people.ana, people.ben, people.bot]) {
    client.write(`JOIN ${group}`);
    await client.settle();
  }
  const ids = known ? accounts : { ana: 'ana', ben: 'ben', self: 'keeper', bot: 'robot' };
  const login = known ? { user: accounts.self, password: { vault: 'irc' } } : { dangerouslyTrustNicks: true, serverPassword: { vault: 'irc' } };
  const setPassword = async (to: string): Promise<void> => {
    const since = people.self.told.length;
    people.self.write(`PRIVMSG NickServ :SET PASSWORD ${to}`);
    await people.self.until(({ command, params }) => command === 'NOTICE' && /password/iu.test(params.at(-1) ?? ''), since);
  };
  let changed = false;

  return {
    ...{ wire, group, ids },
    settings: { url: `tcp://127.0.0.1:${wire.port}`, nick: 'copaw', join: [group], lineMs: 0, ...login, ...own },
    secrets: { irc: known ? password : 'word of the server' },
    chat: (where, person = 'ana') => (where === 'group' ? group : ids[person]),
    async says({ from = 'ana', where = 'direct', text, mention = false, displayName }) {
      const client = people[from];
      const target = where === 'group' ? group : 'copaw';
      const since = client.told.length;
      if (displayName !== undefined) client.write(`NICK ${displayName}`);
      client.write(`PRIVMSG ${target} :${mention ? `copaw: ${text}` : text}`);
      if (displayName !== undefined) client.write(`NICK ${client.nick}`);
      await client.settle();
      const echo = client.told.slice(since).find(({ command, params, tags }) => command === 'PRIVMSG' && params[0] === target && 'inspircd.org/echo' in tags);
      return echo?.tags.msgid ?? 'no id';
    },
    raw: async (frame) => wire.inject(frame.replace(/[\r\n]/gu, ' ')),
    shown: () => shownOf(wire, network, ids, starts),
    next: wire.next,
    async knowsAccount(yes) {
      changed = !yes;
      if (known) await setPassword(yes ? password : otherPassword);
    },
    cut: wire.cut,
    connections: wire.connections,
    complaints: wire.complaints,
    async close() {
      await wire.close();
      if (changed && known) await setPassword(password);
      await gone(people.ana);
      for (const client of [people.ana, people.ben, people.bot]) client.write(`PART ${group}`);
    },
  };
}

/** Until the server has let go of the nick of CoPaw. */
async function gone(client: IrcClient): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const since = client.told.length;
    client.write('ISON copaw');
    const { params } = await client.until(({ command }) => command === '303', since);
    if (params.at(-1)?.trim() === '') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Parts whose every line a person has read, in their order. */
function shownOf(wire: IrcWire, { people }: IrcNetwork, ids: IrcPlatform['ids'], starts: { ana: number; ben: number }): readonly ShownMessage[] {
  const read = (['ana', 'ben'] as const).flatMap((person) =>
    people[person].told.slice(starts[person]).flatMap(({ command, from, params }) => (command === 'PRIVMSG' && from === 'copaw' ? [{ person, params }] : [])),
  );
  return wire.parts.flatMap(({ id, target, lines }) => {
    const person = target.toLowerCase() === 'ben' ? 'ben' : 'ana';
    const mine = read.filter((one) => one.person === person && one.params[0]?.toLowerCase() === target.toLowerCase()).map(({ params }) => params[1]);
    const at = lines.every((line) => mine.includes(line));
    if (!at) return [];
    return [{ id, chat: target.startsWith('#') ? target : ids[person], text: rejoined(lines), files: [], choices: [], edits: 0 }];
  });
}

/** A line that ends with its space goes on in the next; where there are too many, two stand in one. */
const rejoined = (lines: readonly string[]): string =>
  lines.map((line, index) => (line.endsWith(' ') || index === lines.length - 1 ? line : `${line} / `)).join('');

const inspircdConf = (folder: string, port: number, linkPort: number): string => `
<server name="irc.test" description="test" network="TestNet" id="1AA">
<admin name="a" nick="a" email="a@localhost">
<bind address="127.0.0.1" port="${port}" type="clients">
<bind address="127.0.0.1" port="${linkPort}" type="servers">
<connect allow="*" timeout="60" threshold="1000" fakelag="no" commandrate="1000000" pingfreq="120" hardsendq="1048576" softsendq="65536" recvq="65536" localmax="100" globalmax="100" resolvehostnames="no" useident="no">
<channels users="100" opers="100">
<dns server="127.0.0.1" timeout="1">
<pid file="${folder}/inspircd.pid">
<path configdir="${folder}" datadir="${folder}" logdir="${folder}" moduledir="/usr/lib/inspircd/modules">
${[
  'cap',
  'ircv3',
  'ircv3_accounttag',
  'ircv3_servertime',
  'ircv3_msgid',
  'ircv3_echomessage',
  'ircv3_ctctags',
  'services_account',
  'sasl',
  'spanningtree',
  'hidechans',
  'botmode',
  'svshold',
  'monitor',
]
  .map((module) => `<module name="${module}">`)
  .join('\n')}
<sasl target="services.test" requiressl="no">
<uline server="services.test" silent="yes">
<link name="services.test" ipaddr="127.0.0.1" port="1" allowmask="127.0.0.0/8" sendpass="word" recvpass="word">
`;

const inspircdTls = (folder: string, port: number): string => `
<module name="ssl_gnutls">
<module name="sslinfo">
<sslprofile name="clients" provider="gnutls" certfile="${folder}/cert.pem" keyfile="${folder}/key.pem" cafile="">
<bind address="127.0.0.1" port="${port}" type="clients" sslprofile="clients">
`;

const athemeConf = (linkPort: number): string => `
${[
  'protocol/inspircd',
  'backend/opensex',
  'nickserv/main',
  'nickserv/register',
  'nickserv/identify',
  'nickserv/logout',
  'nickserv/set_core',
  'nickserv/set_password',
  'saslserv/main',
  'saslserv/plain',
]
  .map((module) => `loadmodule "modules/${module}";`)
  .join('\n')}
serverinfo {
  name = "services.test"; desc = "services"; numeric = "00A"; recontime = 1; netname = "TestNet"; hidehostsuffix = "users.test";
  adminname = "a"; adminemail = "a@localhost"; registeremail = "a@localhost"; mta = "/bin/true"; loglevel = { error; };
  maxlogins = 50; maxusers = 0; maxnicks = 5; maxchans = 5; emaillimit = 10; emailtime = 300; auth = none; casemapping = rfc1459;
};
uplink "irc.test" { host = "127.0.0.1"; port = ${linkPort}; send_password = "word"; receive_password = "word"; };
nickserv { spam; no_nick_ownership; nick = "NickServ"; user = "NickServ"; host = "services.test"; real = "n"; aliases { }; };
saslserv { nick = "SaslServ"; user = "SaslServ"; host = "services.test"; real = "s"; };
general { permissive_mode; helpchan = "#help"; silent; uflags = { hidemail; }; flood_msgs = 0; ratelimit_uses = 1000; ratelimit_period = 60; commit_interval = 5; expire = 0; };
`;
