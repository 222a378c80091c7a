// The name of the cookie that holds a browser's token.

/** Browsers keep cookies by host and not by port, so each server names its own by its port: two CoPaws on one machine share nothing (R5). `host`: the Host header. */
export function cookieName(host: string | undefined): string {
  const port = /:(\d{1,5})$/.exec(host ?? '')?.[1];
  return port === undefined ? 'copaw' : `copaw-${port}`;
}
