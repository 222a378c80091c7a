// What a browser logs in with: a cookie and a key. Browsers send cookies to every port of a host, so whoever listens on another port of this machine
// can have the cookie; the key is in the storage of our own page, which is of one port. Neither is worth anything alone.

/** Browsers keep cookies by host and not by port, so each server names its own by its port: two CoPaws on one machine share nothing (R5). `host`: the Host header. */
export function cookieName(host: string | undefined): string {
  const port = /:(\d{1,5})$/.exec(host ?? '')?.[1];
  return port === undefined ? 'copaw' : `copaw-${port}`;
}

/** The two halves as the one token of which a hash is kept. No bearer token holds a space, so this is none, and none is this. */
export function pairOf(cookie: string, key: string): string {
  return `${cookie} ${key}`;
}

/** A browser's token from its headers; undefined where either half is absent or empty. */
export function browserToken(headers: (name: string) => string | undefined): string | undefined {
  const cookie = cookieValue(headers('cookie'), headers('host'));
  const key = headers('x-copaw-key');
  return cookie === undefined || !/^[\w-]{1,200}$/.test(key ?? '') ? undefined : pairOf(cookie, key ?? '');
}

function cookieValue(cookies: string | undefined, host: string | undefined): string | undefined {
  const wanted = cookieName(host);
  for (const pair of (cookies ?? '').split(';')) {
    const [name = '', ...value] = pair.split('=');
    if (name.trim() === wanted) return value.join('=').trim() || undefined;
  }
  return undefined;
}
