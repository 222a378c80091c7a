// The outward door (R18): every address is checked after resolution and pinned for the connection, on each redirect again. undici is loaded on first use.
import { promises as dns } from 'node:dns';
import { once as eventOnce } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Agent, buildConnector, Response as UndiciResponse } from 'undici';
import type { Egress, EgressPurpose } from '../core/egress.ts';
import { CoPawError } from '../core/error.ts';
import { Secret } from '../core/secret.ts';
import { mediaTypeOf, webAddress } from '../core/web-address.ts';
import type { Clock } from '../lib/clock.ts';
import { once } from '../lib/once.ts';
import { isPublicAddress } from '../lib/public-address.ts';
import { readAtMost, toWebResponse } from '../lib/streams.ts';

export interface EgressDoor extends Egress {
  /** A socket to `tcp://host:port` or, with the name checked, `tls://host:port`: exactly one of the configured origins. Fails as `fetch` does. */
  connect(origin: string, origins: readonly string[], signal: AbortSignal): Promise<Socket>;
  /** A socket to a host the operator listed for commands; `public` refuses a name that leads anywhere else. Fails as `fetch` does. */
  dial(hostname: string, port: number, kind: EgressPurpose['kind']): Promise<Socket>;
}

/** Resolves a host name to all its addresses. */
export type Lookup = (hostname: string) => Promise<readonly string[]>;

const systemLookup: Lookup = async (hostname) => (await dns.lookup(hostname, { all: true })).map(({ address }) => address);

const refuse = (message: string): CoPawError => new CoPawError('egress-refused', message, { rule: 'R18' });

/** `lookup` and `reachable` are replaced only by tests that need names or a loopback server to stand for the internet. */
export function createEgress(parts: { readonly clock: Clock; readonly lookup?: Lookup; readonly reachable?: (address: string) => boolean }): EgressDoor {
  const lookup = parts.lookup ?? systemLookup;
  const reachable = parts.reachable ?? isPublicAddress;
  const agents = new Map<string, Agent>();
  const load = once(() => import('undici'));

  /** Checks what can be known before connecting; throws when the purpose does not cover the address. */
  const checkUrl = (text: string | URL, purpose: EgressPurpose): URL => {
    const url = webAddress(text);
    if ('fault' in url) throw refuse(url.fault);
    if (purpose.kind === 'origins') {
      if (!purpose.origins.includes(url.origin)) throw refuse(`${url.origin} is not one of the configured origins.`);
    } else if (url.port !== '' && parts.reachable === undefined) throw refuse('Only ports 80 and 443 are fetched.');
    return url;
  };

  const agentFor = async (purpose: EgressPurpose): Promise<Agent> => {
    const name = purpose.kind;
    const known = agents.get(name);
    if (known) return known;
    const { Agent, buildConnector } = await load();
    const connect = buildConnector({ timeout: 10_000 });
    const guarded: buildConnector.connector = (options, callback) => {
      const { hostname } = options;
      pick(hostname, purpose.kind).then(
        (address) =>
          connect({ ...options, hostname: address, ...(options.protocol === 'https:' ? { servername: options.servername ?? hostname } : {}) }, callback),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
      );
    };
    const agent = new Agent({ connect: guarded, connections: 16, keepAliveTimeout: 4_000 });
    agents.set(name, agent);
    return agent;
  };

  /** One address to connect to: for the public every address of the name must be public. */
  const pick = async (hostname: string, kind: EgressPurpose['kind']): Promise<string> => {
    const literal = hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0) {
      if (kind === 'public' && !reachable(literal)) throw refuse(`${literal} is not a public address.`);
      return literal;
    }
    const addresses = await lookup(hostname);
    const first = addresses[0];
    if (first === undefined) throw new CoPawError('egress-failed', `${hostname} has no address.`);
    if (kind === 'public' && !addresses.every((address) => reachable(address))) throw refuse(`${hostname} leads to an address that is not public.`);
    return first;
  };

  /** The socket once it is connected. Afterwards its errors are only its end. */
  const opened = async (socket: Socket, event: 'connect' | 'secureConnect', name: string): Promise<Socket> => {
    const timer = parts.clock.after(10_000, () => socket.destroy(new CoPawError('egress-failed', `${name} took too long.`)));
    socket.on('error', () => undefined);
    try {
      await eventOnce(socket, event);
      return socket;
    } catch (error) {
      throw known(error, `${name} could not be reached.`);
    } finally {
      timer.cancel();
    }
  };

  const send = async (
    url: URL,
    purpose: EgressPurpose,
    init: { method: string; headers: Record<string, string>; signal: AbortSignal },
  ): Promise<UndiciResponse> => {
    const [{ fetch }, dispatcher] = await Promise.all([load(), agentFor(purpose)]);
    try {
      return await fetch(url, { ...init, dispatcher, redirect: 'manual', credentials: 'omit' });
    } catch (error) {
      throw known(error, `${url.host} could not be reached.`);
    }
  };

  return {
    async fetch(text, purpose, options = {}) {
      const timeout = new AbortController();
      const timer = parts.clock.after(options.timeoutMs ?? 30_000, () => timeout.abort(new CoPawError('egress-failed', 'The page took too long.')));
      const signal = options.signal ? AbortSignal.any([options.signal, timeout.signal]) : timeout.signal;
      try {
        let url = checkUrl(text, purpose);
        let headers: Record<string, string> = { 'user-agent': 'CoPaw', accept: 'text/html,text/plain,application/json;q=0.9,*/*;q=0.5', ...options.headers };
        if (options.secret) headers[options.secret.name.toLowerCase()] = Secret.reveal(options.secret.value);
        for (let hop = 0; ; hop++) {
          const answer = await send(url, purpose, { method: options.method ?? 'GET', headers, signal });
          const location = answer.headers.get('location');
          if (answer.status >= 300 && answer.status < 400 && location !== null) {
            await answer.body?.cancel();
            if (hop >= (options.maxRedirects ?? 5)) throw refuse('Too many redirects.');
            const next = checkUrl(new URL(location, url), purpose);
            if (options.sameHost && siteOf(next) !== siteOf(url)) {
              return { status: answer.status, url: url.href, mediaType: 'text/plain', body: Buffer.from(`This page redirects to ${next.href}`) };
            }
            if (next.origin !== url.origin) headers = { 'user-agent': 'CoPaw', accept: '*/*' };
            url = next;
            continue;
          }
          const most = options.maxBytes ?? 5_000_000;
          const body = await readAtMost(answer.body ?? [], most);
          if (!body) throw new CoPawError('too-large', `The page is larger than ${Math.round(most / 1_000_000)} MB.`);
          return { status: answer.status, url: url.href, mediaType: mediaTypeOf(answer.headers.get('content-type')), body };
        }
      } catch (error) {
        if (options.signal?.aborted) throw new CoPawError('cancelled', 'The work was cancelled.', { cause: error });
        if (timeout.signal.aborted) throw new CoPawError('egress-failed', 'The page took too long.', { cause: error });
        throw known(error, 'The page could not be read.');
      } finally {
        timer.cancel();
      }
    },

    async connect(origin, origins, signal) {
      const [, scheme, name = '', port] = /^(tcp|tls):\/\/([^/?#@]+):(\d{1,5})$/.exec(origin) ?? [];
      if (scheme === undefined || !origins.includes(origin)) throw refuse(`${origin} is not one of the configured origins.`);
      try {
        const target = { host: await pick(name, 'origins'), port: Number(port), signal };
        if (scheme === 'tcp') return await opened(connectTcp(target), 'connect', name);
        const { connect } = await import('node:tls');
        return await opened(connect({ ...target, servername: isIP(name) === 0 ? name : '' }), 'secureConnect', name);
      } catch (error) {
        throw signal.aborted ? new CoPawError('cancelled', 'The work was cancelled.') : known(error, `${name} could not be reached.`);
      }
    },

    dial: async (hostname, port, kind) => {
      const host = await pick(hostname, kind).catch((error: unknown) => {
        throw known(error, `${hostname} could not be reached.`);
      });
      return opened(connectTcp({ host, port }), 'connect', hostname);
    },

    fetchFor: (purpose) => async (input, init) => {
      const url = checkUrl(input instanceof Request ? input.url : input, purpose);
      const [{ fetch }, dispatcher] = await Promise.all([load(), agentFor(purpose)]);
      const { body, headers, method, signal } = init ?? {};
      if (body !== undefined && body !== null && typeof body !== 'string' && !(body instanceof Uint8Array)) throw refuse('Only text and bytes are sent.');
      const answer = await fetch(url, {
        dispatcher,
        redirect: 'error',
        credentials: 'omit',
        ...(method === undefined ? {} : { method }),
        ...(headers === undefined ? {} : { headers: [...new Headers(headers)] }),
        ...(body === undefined || body === null ? {} : { body }),
        ...(signal === undefined || signal === null ? {} : { signal }),
      });
      return toWebResponse(answer);
    },
  };
}

/** The reason this door gave, or the library's, as one of our errors. */
function known(error: unknown, message: string): CoPawError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof CoPawError) return cause;
  return new CoPawError('egress-failed', message, { cause: error });
}

const siteOf = ({ hostname }: URL): string => hostname.replace(/^www\./, '');
