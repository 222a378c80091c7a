// IRC: a person is the services account the server vouches for with each message, never a nick. What the server did with our lines it says before it answers a PING.

import type { Socket } from 'node:net';
import { z } from 'zod';
import { type Channel, type ChannelLimits, type Inbox, partName } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { isTlsOrOwnMachine, tlsFault, withoutTls } from '../without-tls.ts';
import { fold, isChannel, type Line, parseLine, writeLine } from './line.ts';
import { createOutgoing, type Outgoing } from './outgoing.ts';
import { createPeople } from './people.ts';
import { readLines } from './read-lines.ts';
import { createRegistration } from './register.ts';
import { toInbound } from './wire.ts';

const name = z.string().regex(/^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]{0,29}$/, 'Letters, digits and _-[]{}|`^\\; no digit first.');
const settings = z
  .looseObject({
    url: z.url({ protocol: /^(?:tcp|tls)$/ }).describe('The server: tls://host:6697; tcp://host:6667 without encryption, on the own machine.'),
    nick: name.default('copaw').meta({ description: 'What CoPaw is called there (empty: copaw).', asked: true }),
    user: z.string().min(1).max(64).optional().describe('Its services account, where that is not called like the nick.'),
    password: channelSecret().optional().describe('Of its services account (SASL PLAIN).'),
    serverPassword: channelSecret().optional().describe('Of the server itself, where it wants one.'),
    join: z.array(z.string().refine(isChannel, 'The name of a channel, for example "#home".')).max(50).default([]).describe('Channels it sits in.'),
    lineMs: z.int().min(0).max(10_000).default(2_000).describe('Milliseconds between lines, after five at once. Most servers throw out who is faster.'),
    dangerouslyTrustNicks: z.boolean().default(false).describe('Takes whoever has a nick for whom it belongs to. On most networks anybody can take any nick.'),
    dangerouslyWithoutTls: withoutTls,
  })
  .refine(isTlsOrOwnMachine, tlsFault);
type Settings = z.output<typeof settings>;

export const irc = channelKind({
  kind: 'irc',
  title: 'IRC',
  settings,
  origins: ({ url }) => [originOf(url)],
  open: (chosen, hands) => openIrc(chosen, hands),
});

const pingMs = 30_000;
/** Channels of one line: each line counts against flooding. */
const joinedAtOnce = 5;
/** At three bytes a character fewer lines than `split.ts` allows. */
const textLength = 700;

function openIrc(chosen: Settings, hands: ChannelHands): Channel {
  const limits: ChannelLimits = { dialect: 'plain', textLength, media: false, edit: false, choices: false, threads: false };
  let connection: Outgoing | undefined;
  let last = Promise.resolve();
  return {
    limits,
    async start(inbox, signal) {
      const { password, serverPassword } = chosen;
      const login = {
        ...{ nick: chosen.nick, account: chosen.user ?? chosen.nick },
        password: password === undefined ? undefined : await hands.secret(password),
        serverPassword: serverPassword === undefined ? undefined : await hands.secret(serverPassword),
      };
      const ready = (made: Outgoing): void => {
        connection = made;
      };
      const socket = await hands.connect(originOf(chosen.url), signal);
      try {
        await converse({ chosen, hands, inbox, signal, socket, login, ready });
      } finally {
        connection = undefined;
        socket.destroySoon();
      }
    },
    async send(to, { text }, key) {
      const id = partName(key);
      const turn = last.then(() => {
        if (!connection) throw new CoPawError('egress-failed', 'There is no connection to the server.');
        return connection.say(to, text, id);
      });
      last = turn.catch(() => undefined);
      await turn;
      return { id };
    },
    stop: async () => undefined,
  };
}

function originOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname}:${port === '' ? (protocol === 'tls:' ? 6697 : 6667) : port}`;
}

interface Talk {
  readonly chosen: Settings;
  readonly hands: ChannelHands;
  readonly inbox: Inbox;
  readonly signal: AbortSignal;
  readonly socket: Socket;
  readonly login: Parameters<typeof createRegistration>[0];
  ready(connection: Outgoing): void;
}

/** Until the connection or the signal ends. */
async function converse(talk: Talk): Promise<void> {
  const { chosen, hands, inbox, signal, socket } = talk;
  const { clock } = hands;
  const ended = new AbortController();
  const write = (command: string, ...params: readonly string[]): void => void socket.write(writeLine(command, ...params));
  const registration = createRegistration(talk.login, write);
  const folded = (given: string): string => fold(given, registration.supports.get('CASEMAPPING') ?? '');
  const people = createPeople(folded);
  const outgoing = createOutgoing({
    ...{ clock, lineMs: chosen.lineMs, byNick: chosen.dangerouslyTrustNicks, people, over: ended.signal, write, folded },
    nick: () => registration.nick,
    supports: (token) => registration.supports.get(token),
  });
  const leave = (): void => {
    socket.write(writeLine('QUIT', 'Bye.'));
    socket.destroySoon();
    ended.abort(unanswered());
  };
  signal.addEventListener('abort', leave, { once: true });
  let timer = { cancel: (): void => undefined };
  const ping = (): void => {
    write('PING', 'life');
    timer = clock.after(pingMs, ping);
  };
  const settle = (): void => {
    if (!chosen.dangerouslyTrustNicks && !registration.capabilities.has('account-tag'))
      throw new CoPawError('config-invalid', 'This server does not say who is logged in (account-tag), so nobody can be known there.', {
        next: 'Use a network with accounts. On a server where you alone give out nicks, set `dangerouslyTrustNicks`.',
      });
    const bot = registration.supports.get('BOT');
    if (bot !== undefined && bot !== '') write('MODE', registration.nick, `+${bot}`);
    for (let at = 0; at < chosen.join.length; at += joinedAtOnce) write('JOIN', chosen.join.slice(at, at + joinedAtOnce).join(','));
    ping();
  };

  let settled = false;
  let count = 0;
  const take = async (line: Line): Promise<void> => {
    const { command, params, from } = line;
    if (command === 'PING') {
      write('PONG', params.at(-1) ?? '');
      if (settled) inbox.alive();
    } else if (command === 'ERROR') {
      throw new CoPawError('channel-down', `The server closed the connection: ${(params[0] ?? '').slice(0, 200)}`);
    } else if (!settled) {
      settled = registration.take(line);
      if (settled) settle();
    } else if (command === 'PONG' && params.at(-1) === 'life') {
      talk.ready(outgoing); // by now what was asked at the beginning is done
      inbox.alive();
    } else if (command === 'NICK') {
      const [to = from] = params;
      people.renamed(from, to);
      if (folded(from) === folded(registration.nick)) registration.nick = to;
    } else if (command === 'QUIT') {
      people.left(from);
    } else if (command === 'KICK' && folded(params[1] ?? '') === folded(registration.nick)) {
      hands.log('warn', 'irc-kicked', { account: hands.account, channel: params[0] });
    } else if (command === 'PRIVMSG') {
      const event = toInbound(line, {
        now: clock.now(),
        random: hands.random,
        count: ++count,
        nick: registration.nick,
        byNick: chosen.dangerouslyTrustNicks,
        folded,
      });
      if (!event) return;
      people.spoke(event.sender.id, from, clock.steady());
      // IRC delivers nothing twice: what cannot be stored is gone.
      await inbox.receive(event).catch((error: unknown) => hands.log('error', 'irc-lost', { account: hands.account, error }));
    } else if (!outgoing.answered(line) && isJoinRefusal(command)) {
      hands.log('warn', 'irc-join-refused', { account: hands.account, channel: params[1], code: command });
    }
  };

  try {
    if (signal.aborted) return leave();
    registration.begin();
    for await (const text of readLines(socket)) {
      const line = parseLine(text);
      if (line) await take(line);
    }
    if (!signal.aborted) throw new CoPawError('channel-down', 'The server closed the connection.');
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof CoPawError ? error : new CoPawError('channel-down', 'The connection to the server broke.', { cause: error });
  } finally {
    signal.removeEventListener('abort', leave);
    timer.cancel();
    ended.abort(unanswered());
  }
}

/** What the end means for lines that were written. */
const unanswered = (): CoPawError => new CoPawError('channel-down', 'The connection ended before the server had answered.', { retryable: false });

const isJoinRefusal = (command: string): boolean => ['403', '405', '471', '473', '474', '475', '476', '489'].includes(command);
