// The one way out of a sandboxed command with listed hosts (R18): an HTTP proxy behind a unix socket. Names are resolved and checked out here.
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, request as sendRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTarget, forwardedHeaders, forwardTarget, type ProxyTarget } from '../core/proxy-target.ts';
import type { CommandNetwork } from '../core/tool.ts';
import { canonical } from '../lib/canonical-json.ts';
import { serveProxy } from '../lib/proxy-handlers.ts';
import type { EgressDoor } from './egress.ts';

interface ProxyParts {
  readonly dial: EgressDoor['dial'];
  /** A host that was asked for and not given, once for each. */
  readonly onRefusal: (detail: { readonly host: string; readonly reason: string }) => unknown;
}

/** One proxy for each list, from the first command that needs it until `close`. */
export function createCommandProxies(parts: ProxyParts): { socketFor(network: CommandNetwork): string; close(): void } {
  const open = new Map<string, { readonly folder: string; readonly socket: string; readonly server: Server }>();
  return {
    socketFor(network) {
      const key = canonical(network);
      const known = open.get(key);
      if (known && existsSync(known.socket)) return known.socket;
      const folder = mkdtempSync(join(tmpdir(), 'copaw-proxy-'));
      chmodSync(folder, 0o700);
      const socket = join(folder, 'socket');
      const server = createProxy(parts, network).listen(socket);
      server.on('error', () => open.delete(key)); // the next command tries again
      server.unref();
      open.set(key, { folder, socket, server });
      return socket;
    },
    close() {
      for (const { folder, server } of open.values()) {
        server.close();
        server.closeAllConnections();
        rmSync(folder, { recursive: true, force: true });
      }
      open.clear();
    },
  };
}

function createProxy({ dial, onRefusal }: ProxyParts, network: CommandNetwork): Server {
  const told = new Set<string>();
  return serveProxy<ProxyTarget>(createServer({ insecureHTTPParser: false, requireHostHeader: true }), {
    connectTarget: (authority) => connectTarget(authority, network),
    forwardTarget: (url, hosts) => forwardTarget(url, hosts, network),
    headers: forwardedHeaders,
    dial: (target) => dial(target.name, target.port, target.private ? 'origins' : 'public'),
    send: sendRequest,
    refusal: (asked, error) => {
      const host = asked.slice(0, 200);
      const reason = error instanceof Error ? error.message : String(error);
      if (told.size < 256 && told.size < told.add(host).size) onRefusal({ host, reason });
      return `R18: ${reason}\n`;
    },
  });
}
