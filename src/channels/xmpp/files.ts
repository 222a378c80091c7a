// Files of XMPP are addresses on the web: one that comes is fetched only from where the settings say, one that goes is put where the server gives room (XEP-0363).
import type { IncomingFile, OutgoingFile } from '../../core/channel.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { askPlatform, checkAnswer, platformFile } from '../platform-request.ts';
import type { XmppStream } from './stream.ts';
import { childOf, childrenOf, element, textOf } from './xml.ts';

const upload = 'urn:xmpp:http:upload:0';
const mostServices = 20;
/** A slot may ask for these and no others (XEP-0363, 5.). */
const headerNames: ReadonlySet<string> = new Set(['authorization', 'cookie', 'expires']);

/** Undefined where it is on none of these origins: then it stays the words it came as. */
export function incomingFile(hands: Pick<ChannelHands, 'fetch'>, url: string, origins: readonly string[]): IncomingFile | undefined {
  if (!URL.canParse(url) || url.length > 2_000) return undefined;
  const { origin, pathname } = new URL(url);
  if (!origins.includes(origin)) return undefined;
  return { name: nameIn(pathname), open: async (signal) => platformFile(hands, url, signal) };
}

function nameIn(pathname: string): string {
  const last = pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || 'file';
  } catch {
    return last;
  }
}

/** The service of the domain that takes files; undefined where there is none. */
export async function findUpload(stream: XmppStream, domain: string): Promise<string | undefined> {
  const known = childOf(await stream.ask('get', domain, element('query', { xmlns: 'http://jabber.org/protocol/disco#items' })), 'query');
  const services = childrenOf(known, 'item').flatMap(({ attrs }) => attrs.get('jid') ?? []);
  for (const service of [...new Set([...services.slice(0, mostServices), domain])]) {
    const about = await stream.ask('get', service, element('query', { xmlns: 'http://jabber.org/protocol/disco#info' })).catch(() => undefined);
    if (about && childrenOf(childOf(about, 'query'), 'feature').some(({ attrs }) => attrs.get('var') === upload)) return service;
  }
  return undefined;
}

/** Where the file can be had, once it is there. Nothing was said in the chat if it rejects. */
export const putFile = (stream: XmppStream, service: string, file: OutgoingFile, hands: Pick<ChannelHands, 'fetch' | 'clock'>): Promise<string> =>
  put(stream, service, file, hands).catch(unsaid);

async function put(stream: XmppStream, service: string, file: OutgoingFile, hands: Pick<ChannelHands, 'fetch' | 'clock'>): Promise<string> {
  const bytes = await file.bytes();
  const wish = { xmlns: upload, filename: file.name, size: String(bytes.byteLength), 'content-type': file.mediaType };
  const slot = childOf(await stream.ask('get', service, element('request', wish)), 'slot', upload);
  const place = childOf(slot, 'put');
  const [to, from] = [place?.attrs.get('url') ?? '', childOf(slot, 'get')?.attrs.get('url') ?? ''];
  if (!URL.canParse(to) || !URL.canParse(from)) throw new CoPawError('send-refused', 'The server gave no room for the file.');
  const asked = childrenOf(place, 'header').map((one) => [(one.attrs.get('name') ?? '').toLowerCase(), (textOf(one) ?? '').replace(/[\r\n]/gu, '')] as const);
  const headers = { 'content-type': file.mediaType, ...Object.fromEntries(asked.filter(([name]) => headerNames.has(name))) };
  checkAnswer(await askPlatform(hands, { url: to, method: 'PUT', headers, body: bytes, timeoutMs: 50_000 }), hands.clock);
  return from;
}

/** A file nobody was told of may be sent once more. */
const unsaid = (error: unknown): never => {
  if (error instanceof CoPawError && (error.code === 'send-refused' || error.retryable)) throw error;
  if (error instanceof CoPawError && error.code === 'egress-refused')
    throw new CoPawError('send-refused', error.message, { next: 'Put the origin of the file server in "fileOrigins".', cause: error });
  throw new CoPawError('egress-failed', 'The file could not be put on the server.', { cause: error });
};
