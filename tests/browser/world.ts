// One browser and one server for the tests of a file.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launch } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

/** Both are there from the file's first `beforeAll` on, and gone after its last test. */
export function useWorld(): { readonly browser: Browser; readonly server: CopawServer } {
  let browser: Browser | undefined;
  let server: CopawServer | undefined;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), startServer()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  const open = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error('Nothing is started before the tests are.');
    return one;
  };
  return {
    get browser() {
      return open(browser);
    },
    get server() {
      return open(server);
    },
  };
}
