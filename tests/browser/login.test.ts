// Ways in and what they say: a used link, a stranger, a server that is not there, a device that was logged out.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, logIn, openView } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

let browser: Browser;
let server: CopawServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const refused = [/401/u];
const unreachable = [/ERR_CONNECTION|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE/u];

test('a code works once; where it is dead the page says so and how to get another', async () => {
  const first = await openView(browser);
  await logIn(first.page, server.link);
  first.check();
  const second = await openView(browser, { expected: refused });
  await second.page.goto(server.link);
  await second.page.getByText('This login link has expired or was used before.').waitFor();
  await second.page.getByText('copaw open').waitFor();
  expect(second.page.url()).toBe(`${server.url}/`);
  await second.page.waitForLoadState('networkidle');
  expect(await second.page.getByText('This login link has expired').count()).toBe(1);
  // A fresh link opened in the same tab changes only the hash.
  await second.page.goto(await server.freshLink());
  await second.page.getByRole('textbox', { name: 'Message' }).waitFor();
  second.check();
  await first.context.close();
  await second.context.close();
});

test('a used link does no harm in a browser that is logged in', async () => {
  const view = await openView(browser, { expected: refused });
  const link = await server.freshLink();
  await logIn(view.page, link);
  await view.page.goto('about:blank');
  await logIn(view.page, link);
  view.check();
  await view.context.close();
});

test('a stranger sees the way in and nothing else', async () => {
  const view = await openView(browser, { expected: refused });
  await view.page.goto(`${server.url}/#/s/somewhere`);
  await view.page.getByText('This browser is not logged in.').waitFor();
  expect(await view.page.getByRole('navigation').count()).toBe(0);
  view.check();
  await view.context.close();
});

test('a page whose server is gone says so and can try again', async () => {
  const view = await openView(browser, { expected: unreachable });
  const { page } = view;
  await logIn(page, await server.freshLink());
  await page.route('**/api/**', (route) => route.abort('connectionrefused'));
  await page.reload();
  await page.getByRole('heading', { name: 'CoPaw does not answer.' }).waitFor();
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  view.check();
  await view.context.close();
});
