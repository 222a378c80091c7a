// The cookie that holds a browser's token: its name, and its value in a request.

/** Browsers keep cookies by host and not by port, so each server names its own by its port: two CoPaws on one machine share nothing (R5). `host`: the Host header. */
export function cookieName(host: string | undefined): string {
  const port = /:(\d{1,5})$/.exec(host ?? '')?.[1];
  return port === undefined ? 'copaw' : `copaw-${port}`;
}

/** A browser's token from its Cookie and Host headers; undefined where it is absent or empty. */
export function cookieToken(cookies: string | undefined, host: string | undefined): string | undefined {
  const wanted = cookieName(host);
  for (const pair of (cookies ?? '').split(';')) {
    const [name = '', ...value] = pair.split('=');
    if (name.trim() === wanted) return value.join('=').trim() || undefined;
  }
  return undefined;
}
