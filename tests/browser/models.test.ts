// The models page against a scripted server: the server's own words for what is wrong, add, test, default, remove.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../../src/testing/model-server.ts';
import { axeFindings, launch, logIn, openView } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

let browser: Browser;
let server: CopawServer;
let model: ModelServer;
beforeAll(async () => {
  [browser, server, model] = await Promise.all([launch(), startServer(), startModelServer('openai-compatible', [{ text: 'Hello.' }])]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await model?.close();
});

test('a provider is added, tested, made the default and removed', async () => {
  const view = await openView(browser, { expected: [/400/u] });
  const { page } = view;
  await logIn(page, server.link);
  await page.getByRole('link', { name: /Offline model/u }).click();
  await page.getByText('No model is configured.').waitFor();
  await page.getByText('No keys in known environment variables').waitFor();

  await page.getByLabel('Base URL').fill(model.baseUrl);
  await page.getByRole('textbox', { name: /^Name/u }).fill('Not a name');
  await page.getByRole('textbox', { name: /^Model/u }).fill('small');
  await page.getByRole('button', { name: 'Add and test' }).click();
  await page.locator('main').getByRole('alert').waitFor();
  expect(await page.getByRole('textbox', { name: /^Model/u }).inputValue()).toBe('small');

  await page.getByRole('textbox', { name: /^Name/u }).fill('scripted');
  await page.getByRole('button', { name: 'Add and test' }).click();
  const card = page.getByRole('region', { name: 'scripted' });
  await card.getByText('Streams').waitFor();
  await card.getByText('Connects').waitFor();
  await card.getByText('Default', { exact: true }).waitFor();
  const inUse = page.getByRole('link', { name: 'Models: small' });
  await inUse.waitFor();
  expect(await inUse.getAttribute('title')).toBe('Models: scripted/small, 32,768 tokens (assumed)');
  expect(model.requests.length).toBeGreaterThan(0);
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('textbox', { name: /^Name/u }).fill('other');
  await page.getByLabel('Base URL').fill(model.baseUrl);
  await page.getByRole('textbox', { name: /^Model/u }).fill('large');
  await page.getByRole('button', { name: 'Add and test' }).click();
  const other = page.getByRole('region', { name: 'other' });
  await other.getByText('Streams').waitFor();
  await other.getByRole('button', { name: 'Make default' }).click();
  await page.getByRole('link', { name: 'Models: large' }).waitFor();
  await card.getByRole('button', { name: 'Make default' }).waitFor();

  await other.getByRole('button', { name: 'Test' }).click();
  await other.getByText('Reports usage').waitFor();
  await other.getByRole('button', { name: 'Remove' }).click();
  await other.getByRole('button', { name: 'Cancel' }).click();
  await other.getByRole('button', { name: 'Remove' }).click();
  await other.getByRole('button', { name: 'Remove for good' }).click();
  await other.waitFor({ state: 'detached' });
  view.check();
  await view.context.close();
});
