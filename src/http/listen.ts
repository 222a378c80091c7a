// The listening socket: Node's HTTP server in front of an application. It speaks HTTP and nothing else; upgrades are refused.
import { createServer, type RequestListener } from 'node:http';
import { CoPawError } from '../core/error.ts';
import type { HttpApp } from './parts.ts';

export interface Listening {
  /** The port in use; the one the system chose where 0 was asked for. */
  readonly port: number;
  /** Stops listening and ends every connection, also open streams. */
  close(): Promise<void>;
}

/** Resolves when connections are accepted. Throws `port-busy` when another program has the port. */
export async function listen(app: HttpApp, { host, port }: { readonly host: string; readonly port: number }): Promise<Listening> {
  let listener: Promise<RequestListener> | undefined;
  const answer = async (): Promise<RequestListener> => {
    // What turns Node's requests into the standard ones is loaded with the first of them.
    const { getRequestListener } = await import('@hono/node-server');
    return getRequestListener((request) => app.fetch(request), { hostname: host });
  };
  const server = createServer((request, response) => {
    listener ??= answer();
    listener.then(
      (listen) => listen(request, response),
      () => {
        listener = undefined; // the next request tries again
        response.writeHead(500).end();
      },
    );
  });
  server.on('upgrade', (_request, socket) => {
    socket.end('HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(toListenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toListenError(error: NodeJS.ErrnoException, host: string, port: number): CoPawError {
  const cause = { cause: error };
  if (error.code === 'EADDRINUSE')
    return new CoPawError('port-busy', `Port ${port} on ${host} is in use.`, { ...cause, next: 'Stop the other program, or start with another --port.' });
  if (error.code === 'EACCES')
    return new CoPawError('port-busy', `Port ${port} may not be used by this user.`, { ...cause, next: 'Choose a port above 1023.' });
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new CoPawError('config-invalid', `This machine has no address ${host}.`, { ...cause, next: 'Set server.host to 127.0.0.1.' });
  return new CoPawError('internal', `Listening on ${host}:${port} failed: ${error.message}`, cause);
}
