// A person's IRC client for tests, with a parser of its own: it logs in, speaks, and keeps what it was told.
import { connect, type Socket } from 'node:net';

export interface Told {
  readonly tags: Readonly<Record<string, string>>;
  readonly from: string;
  readonly command: string;
  readonly params: readonly string[];
}

export interface IrcClient {
  readonly nick: string;
  readonly told: readonly Told[];
  write(line: string): void;
  /** The first that is like this, already told or to come; `since`: not among so many first ones. */
  until(like: (told: Told) => boolean, since?: number): Promise<Told>;
  /** Once the server has done all that was asked before. */
  settle(): Promise<void>;
  close(): void;
}

function toldOf(text: string): Told {
  let rest = text;
  const word = (): string => {
    const end = rest.indexOf(' ');
    const first = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end + 1);
    return first;
  };
  const tags = rest.startsWith('@')
    ? Object.fromEntries(
        word()
          .slice(1)
          .split(';')
          .map((tag) => [tag.split('=')[0] ?? '', tag.slice(tag.indexOf('=') + 1)]),
      )
    : {};
  const from = rest.startsWith(':') ? (word().slice(1).split('!')[0] ?? '') : '';
  const command = word();
  const params: string[] = [];
  while (rest !== '') {
    if (rest.startsWith(':')) {
      params.push(rest.slice(1));
      rest = '';
    } else params.push(word());
  }
  return { tags, from, command, params };
}

export async function openIrcClient(port: number, nick: string, capabilities = '', serverPassword?: string, realName = nick): Promise<IrcClient> {
  const socket: Socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  const told: Told[] = [];
  const looks = new Set<() => void>();
  let rest = '';
  let count = 0;
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const one = toldOf(Buffer.from(line, 'latin1').toString());
      if (one.command === 'PING') socket.write(`PONG :${one.params.at(-1)}\r\n`);
      told.push(one);
    }
    for (const look of looks) look();
  });
  const client: IrcClient = {
    nick,
    told,
    write: (line) => void socket.write(`${line}\r\n`),
    until: (like, since = 0) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          looks.delete(look);
          reject(new Error(`${nick} was not told so, but: ${JSON.stringify(told.slice(-12))}`));
        }, 15_000);
        const look = (): void => {
          const found = told.slice(since).find(like);
          if (!found) return;
          clearTimeout(late);
          looks.delete(look);
          resolve(found);
        };
        looks.add(look);
        look();
      }),
    async settle() {
      const token = `settle-${++count}`;
      client.write(`PING :${token}`);
      await client.until(({ command, params }) => command === 'PONG' && params.includes(token));
    },
    close: () => socket.destroy(),
  };
  if (serverPassword !== undefined) client.write(`PASS :${serverPassword}`);
  if (capabilities !== '') client.write(`CAP REQ :${capabilities}`);
  client.write(`NICK ${nick}`);
  client.write(`USER user 0 * :${realName}`);
  if (capabilities !== '') client.write('CAP END');
  await client.until(({ command }) => command === '376' || command === '422');
  return client;
}
