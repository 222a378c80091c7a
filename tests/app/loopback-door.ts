// Listeners on loopback that count who comes in, and the ways a command or a page address would lead to them.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export interface LoopbackDoor {
  /** A free port, on 127.0.0.1 and, where there is one, on ::1. */
  readonly port: number;
  /** Name of an abstract socket, without its leading NUL; undefined outside Linux. */
  readonly abstractName: string | undefined;
  /** Port 80 of 127.0.0.1, which web addresses mean by default, when this user may have it. */
  readonly web: boolean;
  /** Connections so far, to any of them. */
  readonly visits: number;
  close(): Promise<void>;
}

export async function openLoopbackDoor(): Promise<LoopbackDoor> {
  const open: Server[] = [];
  const sockets = new Set<Socket>();
  let visits = 0;
  const listen = async (where: { host: string; port: number } | { path: string }): Promise<number | undefined> => {
    const server = createServer((socket) => {
      visits++;
      sockets.add(socket.on('error', () => undefined));
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nfrom loopback');
    });
    try {
      server.listen(where);
      await once(server, 'listening');
    } catch {
      return undefined; // taken, forbidden, or no such family here
    }
    open.push(server);
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  };
  const port = await listen({ host: '127.0.0.1', port: 0 });
  if (port === undefined) throw new Error('nothing can listen on 127.0.0.1');
  await listen({ host: '::1', port });
  const web = (await listen({ host: '127.0.0.1', port: 80 })) !== undefined;
  const name = `copaw-door-${process.pid}-${port}`;
  const abstract = process.platform === 'linux' && (await listen({ path: `\0${name}` })) !== undefined;
  return {
    port,
    abstractName: abstract ? name : undefined,
    web,
    get visits() {
      return visits;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const server of open) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Commands that would knock; each fails, or ends with a code other than 0, when nobody opens. */
export function knocks({ port, abstractName }: LoopbackDoor): readonly string[] {
  const node = (options: string): string => `node -e 'require("net").connect(${options}).on("connect",()=>process.exit(0)).on("error",()=>process.exit(7))'`;
  const python = (family: string, address: string): string => `python3 -c 'import socket;socket.socket(socket.${family}).connect(${address})'`;
  return [
    ...['127.0.0.1', 'localhost', '::1', '0.0.0.0'].map((host) => `bash -c 'exec 3<>/dev/tcp/${host}/${port} && echo hello >&3'`),
    ...['127.0.0.1', '127.1', '0x7f000001'].map((host) => python('AF_INET', `("${host}",${port})`)),
    ...[python('AF_INET6', `("::1",${port})`), node(`{port:${port},host:"127.0.0.1"}`), node(`{port:${port},host:"::1"}`)],
    ...(abstractName === undefined ? [] : [python('AF_UNIX', `"\\0${abstractName}"`), node(`{path:"\\0${abstractName}"}`)]),
    `unshare -n true; nsenter -t 1 -n true; ip link set lo up; ${python('AF_INET', `("127.0.0.1",${port})`)}`,
  ];
}

/** Addresses that mean this machine; those without a port would find the one on port 80. */
export function ownAddresses({ port }: LoopbackDoor): readonly string[] {
  const hosts = [
    ...['127.0.0.1', 'localhost', 'LOCALHOST', '127.1', '127.0.1', '127.255.255.254', '0x7f000001', '0x7f.1', '2130706433'],
    ...['017700000001', '0177.0.0.1', '0', '0.0.0.0', '127。0。0。1', '①②⑦.0.0.1', '%31%32%37.0.0.1', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]'],
    ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fe80::1]', '169.254.169.254', '10.0.0.1'],
  ];
  return [
    ...hosts.flatMap((host) => [`http://${host}/`, `http://${host}:${port}/`, `https://${host}/`]),
    ...[`http://user@127.0.0.1:${port}/`, `http://en.wikipedia.org@127.0.0.1/`, `http://127.0.0.1:${port}\\@en.wikipedia.org/`, `http:127.0.0.1:${port}/`],
  ];
}
