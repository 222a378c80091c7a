// The IRC channel against real servers: InspIRCd with Atheme services, where people have accounts, and ngIRCd, where they have nicks.
import { describe, expect, test } from 'vitest';
import { connected, eventually, letGo, run } from '../../src/testing/channel-run.ts';
import { testChannel } from '../../src/testing/channel-suite.ts';
import { type IrcPlatform, openIrcPlatform } from '../platforms/irc.ts';
import { openIrcClient } from '../platforms/irc-client.ts';
import { ircWorlds } from '../platforms/irc-worlds.ts';

const { withAccounts, withNicks, accounts: world, nicks } = ircWorlds();

describe('InspIRCd', () => testChannel(world));
describe('ngIRCd', () => testChannel(nicks));

const key = { answerId: 'answer_1', part: 0 };
const toAna = { channel: 'irc', account: 'main', chat: 'id-ana', peer: 'id-ana' };
const isText = (text: string) => (event: object) => 'text' in event && event.text === text;

test('no word of an answer becomes a command, a colour or a request of a client', () =>
  connected(world, async (opened, { channel }) => {
    const { wire, group } = opened as IrcPlatform;
    const { people } = await withAccounts();
    const before = wire.lines.length;
    const since = people.ana.told.length;
    const hostile = [
      ...['a\r\nQUIT :gone', 'b\nPRIVMSG #other :x', 'c\rNICK owned', 'd\u0000QUIT', '\u0001DCC SEND x 1 2 3\u0001', '\u000304red\u0002bold'],
      ...['e\u2028QUIT', 'f\u0085QUIT', '\r\n\r\nQUIT', ':QUIT', 'QUIT', '/quit', 'x'.repeat(600)],
    ];
    for (const [part, text] of hostile.entries()) {
      await channel.send(toAna, { text }, { answerId: 'attack', part });
      await channel.send({ channel: 'irc', account: 'main', chat: group }, { text }, { answerId: 'attack-group', part });
    }
    const commands = new Set(wire.lines.slice(before).map((line) => line.split(' ')[0]));
    expect([...commands].filter((command) => !['WHOIS', 'WHO', 'MONITOR', 'PRIVMSG', 'PING', 'PONG'].includes(command ?? ''))).toEqual([]);
    const targets = wire.lines.slice(before).flatMap((line) => (line.startsWith('PRIVMSG') ? [line.split(' ')[1]] : []));
    expect(new Set(targets)).toEqual(new Set(['ana', group]));
    const read = people.ana.told.slice(since).filter(({ command, from }) => command === 'PRIVMSG' && from === 'copaw');
    expect(read.map(({ params }) => params[1]).filter((text) => /\p{Cc}/u.test(text ?? ''))).toEqual([]);
    expect(read.filter(({ params }) => params[0] === 'ana').map(({ params }) => params[1])).toEqual(
      expect.arrayContaining(['QUIT :gone', 'NICK owned', '/quit']),
    );
  }));

test('an address is one nick or one channel: no list, no mask, no second word', () =>
  connected(world, async (opened, { channel }) => {
    const { wire } = opened as IrcPlatform;
    const group = { channel: 'irc', account: 'main' };
    for (const chat of ['#a,#b', '#a :x', '#a\r\nQUIT', '$*', '@#a', 'ana', '', '*'])
      await expect(channel.send({ ...group, chat }, { text: 'x' }, key)).rejects.toMatchObject({ code: 'send-refused' });
    for (const chat of ['id-ana,id-ben', 'id-ana x', 'id-ana\r\nQUIT', '*', '$*', '#a'])
      await expect(channel.send({ ...group, chat, peer: chat }, { text: 'x' }, key)).rejects.toMatchObject({ code: 'send-refused' });
    expect(wire.lines.filter((line) => line.startsWith('PRIVMSG') || line.startsWith('QUIT'))).toEqual([]);
  }));

test('a nick is nobody: who is not logged in is not heard, and gets nothing that is for an account', async () => {
  const network = await withAccounts();
  const { ana, ben } = network.people;
  await connected(world, async (platform, { channel, inbox }) => {
    ana.write('NICK ana-away');
    await ana.settle();
    const thief = await openIrcClient(network.port, 'ana', 'message-tags account-tag');
    try {
      thief.write('PRIVMSG copaw :@account=id-ana it is me');
      thief.write('@account=id-ana PRIVMSG copaw :it is really me');
      thief.write('@+account=id-ana;account=id-ana TAGMSG copaw');
      thief.write('NOTICE copaw :a notice');
      thief.write('PRIVMSG copaw :\u0001VERSION\u0001');
      await thief.settle();
      await channel.send(toAna, { text: 'for ana alone' }, key);
      await ana.until(({ command, params }) => command === 'PRIVMSG' && params[1] === 'for ana alone');
      await thief.settle();
      expect(thief.told.some(({ params }) => params.includes('for ana alone'))).toBe(false);
      await platform.says({ from: 'ben', text: 'from ben' });
      await inbox.until(isText('from ben'));
      expect(inbox.events.map(({ sender }) => sender.id)).toEqual(['id-ben']);
      expect(ben.nick).toBe('ben');
    } finally {
      thief.close();
    }
  });
  for (let tries = 0; ana.told.at(-1)?.params.includes('ana') !== true && tries < 100; tries++) {
    ana.write('NICK ana');
    await ana.settle();
    if (ana.told.some(({ command, params, from }) => command === 'NICK' && from === 'ana-away' && params[0] === 'ana')) break;
  }
});

test('an account that is not there may be there later', () =>
  connected(world, async (_platform, { channel }) => {
    const nobody = { ...toAna, chat: 'id-nobody', peer: 'id-nobody' };
    await expect(channel.send(nobody, { text: 'x' }, key)).rejects.toMatchObject({ code: 'channel-down', retryable: true });
  }));

test('a channel it may not speak in refuses for good; formats of clients are taken off what comes', () =>
  connected(world, async (opened, { channel, inbox }) => {
    const { group } = opened as IrcPlatform;
    await expect(channel.send({ channel: 'irc', account: 'main', chat: '#not-there' }, { text: 'x' }, key)).rejects.toMatchObject({ code: 'send-refused' });
    await opened.says({ text: '\u0002bold\u000304,12red\u0003 plain', where: 'group' });
    await inbox.until(isText('boldred plain'));
    await opened.says({ text: 'not to you, copaw: see', where: 'group' });
    expect(await inbox.until(isText('not to you, copaw: see'))).not.toHaveProperty('mentioned');
    await opened.says({ text: 'COPAW, look', where: 'group' });
    expect(await inbox.until(isText('look'))).toMatchObject({ mentioned: true, chat: { id: group } });
  }));

test('a server that says of nobody who is logged in is refused, unless nicks are to be trusted', async () => {
  const platform = await openIrcPlatform(await withNicks(), false, { dangerouslyTrustNicks: false });
  try {
    const one = run(world, platform);
    expect(await one.ended).toMatchObject({ code: 'config-invalid', next: expect.stringContaining('dangerouslyTrustNicks') });
    await letGo(one);
  } finally {
    await platform.close();
  }
});

test('a password for services that are not there is refused before it is sent', async () => {
  const platform = await openIrcPlatform(await withNicks(), false, { password: { vault: 'irc' } });
  try {
    const one = run(world, platform);
    expect(await one.ended).toMatchObject({ code: 'config-invalid' });
    expect(platform.wire.lines.join('\n')).not.toContain('AUTHENTICATE');
    await letGo(one);
  } finally {
    await platform.close();
  }
});

test('a nick that is taken: another one, and it answers to that', async () => {
  const network = await withAccounts();
  const squatter = await openIrcClient(network.port, 'copaw2');
  const platform = await openIrcPlatform(network, true, { nick: 'copaw2' });
  try {
    const one = await run(world, platform).up();
    network.people.ana.write('PRIVMSG copaw2_ :hello there');
    network.people.ana.write(`PRIVMSG ${platform.group} :copaw2_: in here`);
    await one.inbox.until(isText('hello there'));
    expect(await one.inbox.until(isText('in here'))).toMatchObject({ mentioned: true });
    await letGo(one);
    await eventually(() => expect(one.hands.sockets.size).toBe(0));
  } finally {
    squatter.close();
    await platform.close();
  }
});
