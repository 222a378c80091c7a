// The wire between CoPaw and a server of IRC, line by line: it checks, counts, cuts, and answers in place of the server.

import { connect as connectTcp, createServer, type Socket } from 'node:net';
import type { PlatformFault } from '../../src/testing/channel-world.ts';
import { listen, shut } from './loopback.ts';

export interface SentPart {
  readonly id: string;
  readonly target: string;
  readonly lines: readonly string[];
}

export interface IrcWire {
  readonly port: number;
  /** Lines of CoPaw, without their ends. */
  readonly lines: readonly string[];
  /** Finished ones: with the PING that CoPaw puts behind each. */
  readonly parts: readonly SentPart[];
  readonly complaints: readonly string[];
  next(...faults: readonly PlatformFault[]): void;
  /** CoPaw hears this from the server. */
  inject(text: string): void;
  cut(): void;
  connections(): number;
  close(): Promise<void>;
}

/** What CoPaw has any use for (RFC 1459, IRCv3). */
const known = /^(?:CAP|PASS|NICK|USER|AUTHENTICATE|MODE|JOIN|PRIVMSG|PING|PONG|WHOIS|WHO|MONITOR|QUIT) /u;
const answers: Partial<Record<PlatformFault, string>> = { unauthenticated: '477', forbidden: '404', busy: '439' };

export async function openIrcWire(serverPort: number): Promise<IrcWire> {
  const open = new Set<Socket>();
  const lines: string[] = [];
  const parts: SentPart[] = [];
  const complaints: string[] = [];
  const faults: PlatformFault[] = [];

  const server = createServer((ours) => {
    const theirs = connectTcp({ host: '127.0.0.1', port: serverPort });
    open.add(ours);
    ours.once('close', () => {
      open.delete(ours);
      theirs.destroy();
    });
    theirs.once('close', () => ours.end());
    for (const socket of [ours, theirs]) socket.on('error', () => undefined);
    theirs.on('data', (bytes) => void ours.write(bytes));
    let fault: PlatformFault | undefined;
    let said: string[] = [];
    let target = '';
    const take = (line: Buffer): void => {
      const text = line.toString();
      lines.push(text);
      complaints.push(...faultsOf(line, text));
      const [command, to = ''] = text.split(' ');
      const token = /^PING :part-(.*)$/u.exec(text)?.[1];
      if (command === 'PRIVMSG') {
        if (said.length === 0) fault = faults.shift();
        target = to;
        said.push(text.slice(`PRIVMSG ${to} :`.length));
        if (fault === 'broken') return void ours.end('ERROR :Closing link (Server going down)\r\n');
        const numeric = fault === undefined ? undefined : answers[fault];
        if (numeric !== undefined) return void ours.write(`:irc.test ${numeric} copaw ${to} :No.\r\n`);
      } else if (token !== undefined) {
        parts.push({ id: token, target, lines: said });
        said = [];
        if (fault === 'lost') {
          theirs.removeAllListeners('data');
          theirs.on('data', () => ours.destroy()); // it has arrived, and nobody hears of it
        }
      }
      theirs.write(Buffer.concat([line, Buffer.from('\r\n')]));
    };
    let rest = Buffer.alloc(0);
    ours.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.subarray(0, end);
        rest = rest.subarray(end + 2);
        take(line);
      }
    });
  });
  const port = await listen(server);
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port,
    ...{ lines, parts, complaints, cut },
    next: (...more) => void faults.push(...more),
    inject(text) {
      for (const socket of open) socket.write(`${text}\r\n`);
    },
    connections: () => open.size,
    close() {
      cut();
      return shut(server);
    },
  };
}

function faultsOf(line: Buffer, text: string): readonly string[] {
  const faults: string[] = [];
  if (!known.test(text)) faults.push(`not a command of CoPaw: ${text.slice(0, 80)}`);
  if (line.length > 510) faults.push(`a line of ${line.length} bytes`);
  if (text.startsWith('PRIVMSG') && /\p{Cc}/u.test(text)) faults.push('a control character');
  if (Buffer.from(text).compare(line) !== 0) faults.push('half a character');
  return faults;
}
