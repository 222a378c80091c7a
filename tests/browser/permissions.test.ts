// The permissions page: choose who and where, see what decides, add and remove a rule.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings, launch, logIn, openView } from './browser.ts';
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

test('what a sender could do, a rule more, a rule less', async () => {
  const view = await openView(browser);
  const { page } = view;
  await logIn(page, server.link);
  await page.getByRole('link', { name: 'Permissions' }).first().click();
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`, 'u') });
  await row('Write files of the workspace').getByText('Allowed').waitFor();
  await page.getByLabel('Sent by').first().selectOption('unattended');
  await row('Write files of the workspace').getByText('Refused').waitFor();
  await page.getByLabel('Sent by').first().selectOption('operator');
  expect(await axeFindings(page)).toEqual([]);

  const rules = page.getByRole('region', { name: 'Rules' });
  await rules.getByLabel('Verdict').selectOption('deny');
  await rules.getByLabel('Effect').selectOption('write');
  await rules.getByRole('button', { name: 'Add the rule' }).click();
  await row('Write files of the workspace').getByText('rule: rules.0: deny').waitFor();
  await rules.getByRole('button', { name: 'Remove' }).click();
  await rules.getByText('There are no rules.').waitFor();
  await row('Write files of the workspace').getByText('Allowed').waitFor();
  view.check();
  await view.context.close();
});
