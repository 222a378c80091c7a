// From the first line to the welcome: capabilities, SASL PLAIN, a nick. What it learns of the server stays for the rest of the connection.
import { CoPawError } from '../../core/error.ts';
import type { Line } from './line.ts';

const wanted = ['account-tag', 'message-tags', 'server-time'];
const mostNicks = 4;
const ask = 'copaw channels add irc';

export interface Login {
  readonly nick: string;
  readonly account: string;
  /** Of the services account. */
  readonly password: string | undefined;
  readonly serverPassword: string | undefined;
}

export interface Registration {
  /** The name it has now. */
  nick: string;
  readonly capabilities: ReadonlySet<string>;
  /** What the server says of itself (005). */
  readonly supports: ReadonlyMap<string, string>;
  begin(): void;
  /** True once the server has said all that it says at the beginning. Throws where it says no. */
  take(line: Line): boolean;
}

export function createRegistration({ nick, account, password, serverPassword }: Login, write: (command: string, ...params: string[]) => void): Registration {
  const capabilities = new Set<string>();
  const supports = new Map<string, string>();
  const offered = new Map<string, string>();
  let nicks = 1;

  const request = (): void => {
    const sasl = password !== undefined;
    const mechanisms = offered.get('sasl');
    if (sasl && (mechanisms === undefined || (mechanisms !== '' && !mechanisms.split(',').includes('PLAIN'))))
      throw new CoPawError('config-invalid', 'This server offers no login by password (SASL PLAIN).', {
        next: 'Take out `password`; some servers have one of their own, `serverPassword`.',
      });
    const names = [...wanted.filter((name) => offered.has(name)), ...(sasl ? ['sasl'] : [])];
    if (names.length === 0) write('CAP', 'END');
    else write('CAP', 'REQ', names.join(' '));
  };
  const capability = ([, kind = '', ...more]: readonly string[]): void => {
    const names = (more.at(-1) ?? '').split(' ').filter((name) => name !== '');
    if (kind === 'LS') {
      for (const name of names) offered.set(name.split('=')[0] ?? '', name.split('=')[1] ?? '');
      if (more[0] !== '*' || more.length === 1) request();
    } else if (kind === 'ACK') {
      for (const name of names) capabilities.add(name);
      if (capabilities.has('sasl')) write('AUTHENTICATE', 'PLAIN');
      else write('CAP', 'END');
    } else if (kind === 'NAK') {
      if (password !== undefined) throw new CoPawError('channel-down', 'The server took back what it offers.');
      write('CAP', 'END');
    }
  };
  const authenticate = (): void => {
    const proof = Buffer.from(`${account}\0${account}\0${password ?? ''}`).toString('base64');
    for (let at = 0; at <= proof.length; at += 400) write('AUTHENTICATE', proof.slice(at, at + 400) || '+');
  };
  const another = (): void => {
    if (nicks++ >= mostNicks) throw new CoPawError('channel-down', `The nick ${nick} is taken.`, { next: 'Set `nick` to another one.' });
    own.nick = `${own.nick}_`;
    write('NICK', own.nick);
  };

  const own: Registration = {
    nick,
    capabilities,
    supports,
    begin() {
      write('CAP', 'LS', '302');
      if (serverPassword !== undefined) write('PASS', serverPassword);
      write('NICK', nick);
      write('USER', 'copaw', '0', '*', 'CoPaw');
    },
    take({ command, params }) {
      switch (command) {
        case 'CAP':
          capability(params);
          return false;
        case 'AUTHENTICATE':
          if (params[0] === '+') authenticate();
          return false;
        case '900':
          return false;
        case '903':
        case '907':
          write('CAP', 'END');
          return false;
        case '902':
        case '904':
        case '905':
        case '906':
          throw new CoPawError('unauthenticated', 'The services of the network do not know this account and password.', { next: `Give them again: ${ask}.` });
        case '464':
          throw new CoPawError('unauthenticated', 'The server wants another password.', { next: `Give it again: ${ask}.` });
        case '465':
          throw new CoPawError('forbidden', 'The server bans this address.', { next: 'Ask those who run it.' });
        case '432':
          throw new CoPawError('config-invalid', `The server takes no nick like ${nick}.`, { next: 'Set `nick` to another one.' });
        case '433':
        case '436':
        case '437':
          another();
          return false;
        case '001':
          own.nick = params[0] ?? own.nick;
          return false;
        case '005':
          for (const token of params.slice(1, -1)) supports.set(token.split('=')[0] ?? '', token.split('=')[1] ?? '');
          return false;
        default:
          return command === '376' || command === '422';
      }
    },
  };
  return own;
}
