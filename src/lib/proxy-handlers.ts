// What an HTTP proxy does with a tunnel or a request it was asked for. Whether it may, and how the other side is reached, is handed in.
import type { ClientRequest, IncomingMessage, RequestOptions, Server, ServerResponse } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';

export interface ProxyPowers<Target> {
  /** The host of a CONNECT, or of a request with what is to be asked there; or why not. */
  readonly connectTarget: (authority: string) => Target | { readonly fault: string };
  readonly forwardTarget: (url: string, hosts: readonly string[]) => (Target & { readonly path: string; readonly host: string }) | { readonly fault: string };
  readonly headers: (raw: readonly string[]) => [name: string, value: string][];
  /** Rejects with an error whose message says why it was refused. */
  readonly dial: (target: Target) => Promise<Duplex>;
  readonly send: (options: RequestOptions) => ClientRequest;
  /** The words of a refusal, which is also written down. */
  readonly refusal: (host: string, error: unknown) => string;
}

/** At one time: more are dropped. */
const mostConnections = 64;
/** A connection on which nothing moves for so long is closed, milliseconds. */
const idleMs = 120_000;

export function serveProxy<Target extends object>(server: Server, powers: ProxyPowers<Target>): Server {
  server.maxConnections = mostConnections;
  server.on('connection', (socket: Duplex & { setTimeout(ms: number, end: () => void): void }) => socket.setTimeout(idleMs, () => socket.destroy()));

  const reach = async (target: Target | { readonly fault: string }): Promise<Duplex> => {
    if ('fault' in target) throw new Error(String(target.fault));
    return powers.dial(target);
  };

  server.on('connect', async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const host = request.url ?? '';
    socket.on('error', () => socket.destroy());
    try {
      const outer = await reach(powers.connectTarget(host));
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      outer.write(head);
      pipeline(socket, outer, socket, () => outer.destroy());
    } catch (error) {
      socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${powers.refusal(host, error)}`);
    }
  });

  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '', headersDistinct, rawHeaders, method = 'GET' } = request;
    try {
      const target = powers.forwardTarget(url, headersDistinct.host ?? []);
      const socket = await reach(target);
      if ('fault' in target) return;
      const headers = [...powers.headers(rawHeaders), ['Host', target.host], ['Connection', 'close']].flat();
      const sent = powers.send({ createConnection: () => socket, method, path: target.path, headers, setHost: false });
      sent.once('error', () => response.destroy());
      sent.once('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, powers.headers(answer.rawHeaders).flat());
        pipeline(answer, response, () => socket.destroy());
      });
      pipeline(request, sent, () => undefined);
    } catch (error) {
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(powers.refusal(url, error));
    }
  });
  return server;
}
