// Which addresses were named to the agent (verdict table, "fetch-seen"): in a person's message, or as a link of a page that it fetched.
import type { Entry } from '../core/turn-event.ts';

const urlPattern = /https?:\/\/[^\s<>"'`\])}]+/g;

/**
 * Addresses that stand verbatim in what people wrote or in fetched pages. What the model can write itself names nothing: its own words, files, and
 * the output of commands; nor does a page it composed the address of for a host which that address spells out, since the page may only echo it.
 * `before`: those that were found so in messages that are summed up by now.
 */
export function seenUrls(entries: readonly Entry[], before: readonly string[] = []): ReadonlySet<string> {
  const found = new Set<string>(before);
  for (const { event } of entries) {
    if (event.type === 'message' && event.message.role === 'user' && !event.message.imported) for (const url of urlsIn(event.message.text)) found.add(url);
    if (event.type !== 'tool-end' || event.fetched === undefined) continue;
    const [asked = ''] = event.fetched;
    const named = found.has(asked);
    const own = event.fetched.map((address) => URL.parse(address)?.host);
    for (const url of urlsIn(event.text)) if (named || own.includes(URL.parse(url)?.host) || !spellsOut(asked, url)) found.add(url);
  }
  return found;
}

/** Those of the messages of people alone. */
export function urlsOf(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ event }) =>
    event.type === 'message' && event.message.role === 'user' && !event.message.imported ? urlsIn(event.message.text) : [],
  );
}

function urlsIn(text: string): readonly string[] {
  return [...text.matchAll(urlPattern)].flatMap(([url]) => [url, url.replace(/[.,;:!?。，]+$/, '')]);
}

/** Whether an address holds the host of a link, as it is written or as it is read. */
function spellsOut(address: string, link: string): boolean {
  const host = URL.parse(link)?.hostname;
  if (host === undefined) return true;
  const written = letters(link.replace(/^https?:\/\//, '').split(/[/?#]/, 1)[0] ?? '');
  const whole = letters(address);
  return whole.includes(written) || whole.includes(letters(host));
}

/** Letters and digits alone, lower case; percent signs read as often as a server might, tags taken out. */
function letters(text: string): string {
  let read = text;
  for (let round = 0; round < 4 && read.includes('%'); round++)
    read = read.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
  return read
    .replace(/<[^>]*>/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
