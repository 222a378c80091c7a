// Addresses of the web and what answers say of themselves, as text. Whether one may be reached is decided elsewhere.

/** An http or https address without a user name or password; else a sentence that says why it is none. */
export function webAddress(text: string | URL): URL | { readonly fault: string } {
  const url = URL.parse(String(text));
  if (!url) return { fault: 'That is not an address.' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { fault: `"${url.protocol}" addresses are not fetched.` };
  return url.username !== '' || url.password !== '' ? { fault: 'Addresses with a user name or password are not fetched.' } : url;
}

/** Whether an entry of a list of hosts names `hostname`. `*.example.org` names every host below, not itself. */
export function matchesHost(entry: string, hostname: string): boolean {
  const name = entry.toLowerCase();
  return name.startsWith('*.') && name.length > 2 ? hostname.endsWith(name.slice(1)) : hostname === name;
}

/** The media type of a Content-Type header, without its parameters. */
export function mediaTypeOf(contentType: string | null): string {
  return (contentType ?? 'application/octet-stream').split(';', 1)[0]?.trim() ?? '';
}
