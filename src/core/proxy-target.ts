// What a command asks of its proxy, as text: the host it wants, whether that is listed, and which headers go on. Opens nothing.
import { isListed } from './listed-host.ts';
import type { CommandNetwork } from './tool.ts';

export interface ProxyTarget {
  readonly name: string;
  readonly port: number;
  /** The name may lead to this machine or its network. */
  readonly private: boolean;
}

interface Forwarded extends ProxyTarget {
  readonly path: string;
  readonly host: string;
}

export type Asked = ProxyTarget | { readonly fault: string };

const authority = /^(?<name>(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?):(?<port>[1-9]\d{0,4})$/u;

/** Of a CONNECT: "name:port" and nothing else. Addresses, user names and other spellings are none. */
export function connectTarget(text: string, network: CommandNetwork): Asked {
  const { name = '', port = '' } = authority.exec(text.toLowerCase())?.groups ?? {};
  if (name === '') return { fault: 'Only names of hosts are connected to.' };
  const target = { name, port: Number(port) };
  if (isListed(network.privateHosts, name, target.port)) return { ...target, private: true };
  if (isListed(network.hosts, name, target.port)) return { ...target, private: false };
  return { fault: `${name}:${port} is not on the list of hosts commands may reach.` };
}

/** Of a plain request: an absolute http address whose Host header says the same, with the path to ask for. */
export function forwardTarget(text: string, hosts: readonly string[], network: CommandNetwork): Forwarded | { readonly fault: string } {
  const url = /^http:\/\//iu.test(text) ? URL.parse(text) : null;
  if (url === null || url.username !== '' || url.password !== '') return { fault: 'Only absolute http addresses without a user name are forwarded.' };
  const port = url.port || '80';
  const [host = ''] = hosts.map((one) => one.toLowerCase());
  if (hosts.length !== 1 || (host !== url.host && host !== `${url.hostname}:${port}`)) return { fault: 'The Host header names another host than the address.' };
  const target = connectTarget(`${url.hostname}:${port}`, network);
  return 'fault' in target ? target : { ...target, path: `${url.pathname}${url.search}`, host: url.host };
}

/** Headers that speak of one connection; what frames the body is written anew. */
const hopByHop = new Set(
  'connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade host expect'.split(' '),
);

/** The rest, in order. What the Connection header names is of one connection too. */
export function forwardedHeaders(raw: readonly string[]): [name: string, value: string][] {
  const pairs = raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
  const named = pairs.filter(([name]) => name.toLowerCase() === 'connection').flatMap(([, value]) => value.toLowerCase().split(/\s*,\s*/u));
  return pairs.filter(([name]) => !hopByHop.has(name.toLowerCase()) && !named.includes(name.toLowerCase()));
}
