// Before there is a home: the notice alone, accepted in the browser, which is logged in afterwards without another link (R2).
import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings, launch, openView } from './browser.ts';
import { type CopawServer, startServer, switching } from './server.ts';

let browser: Browser;
let server: CopawServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ accept: false })]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('without the code of the link nothing is shown, and a wrong one opens nothing', async () => {
  const view = await openView(browser, { expected: [/401/u] });
  await view.page.goto(server.url);
  await view.page.getByText('CoPaw waits for its first start').waitFor();
  await view.page.goto('about:blank');
  await view.page.goto(`${server.url}/#code=wrong`);
  await view.page.getByText('This setup link is not valid').waitFor();
  expect(existsSync(server.home)).toBe(false);
  view.check();
  await view.context.close();
});

test('the notice is read and accepted in the browser, and the console opens', async () => {
  const view = await openView(browser, { expected: switching });
  const { page } = view;
  await page.goto(server.link);
  await page.getByText('Security notice').waitFor();
  expect(page.url()).toBe(`${server.url}/`);
  expect(await axeFindings(page)).toEqual([]);
  expect(existsSync(server.home)).toBe(false);
  await page.getByRole('button', { name: 'I have read this and accept' }).click();
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  expect(existsSync(server.home)).toBe(true);
  await page.reload();
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  view.check();
  await view.context.close();
});
