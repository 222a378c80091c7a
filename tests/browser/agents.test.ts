// The page of agents: a name, a model, the persona with preview and a way back, and what the agent may do.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings, launch, logIn, openView, overflow } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

let browser: Browser;
let server: CopawServer;
const models = { providers: { local: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9', models: [{ id: 'small' }] } } };
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ config: { timezone: 'UTC', models, agents: { main: {}, helper: { name: 'Helper' } } } })]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('it is renamed, gets a model, and its persona is changed where nobody else did', async () => {
  const view = await openView(browser, { expected: [/409/u] });
  const { page } = view;
  const soul = join(server.home, 'workspaces/main/SOUL.md');
  await logIn(page, server.link);
  await page.getByRole('link', { name: 'Agents' }).first().click();
  await page.getByLabel('Name', { exact: true }).first().fill('Ada');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('heading', { name: 'Ada (main)' }).waitFor();
  await page
    .getByRole('combobox', { name: /^Model/u })
    .first()
    .selectOption('local/small');
  await page.getByRole('link', { name: /^Models: small/u }).waitFor();
  expect((await server.copaw('config', 'get', 'agents.main.model')).trim()).toBe('local/small');

  await page
    .getByRole('button', { name: /^SOUL\.md/u })
    .first()
    .click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const field = page.getByRole('textbox', { name: 'Content of SOUL.md' });
  writeFileSync(soul, '# By hand\n');
  await field.fill('# Terse\n\n- one\n');
  await page
    .getByRole('button', { name: /^SOUL\.md/u })
    .first()
    .click();
  await page
    .getByRole('button', { name: /^SOUL\.md/u })
    .first()
    .click();
  await page.getByText('What the file holds now. What you typed is still above.').waitFor();
  expect(await field.inputValue()).toBe('# Terse\n\n- one\n');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('heading', { name: 'Terse' }).waitFor();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText('# By hand').waitFor();
  writeFileSync(soul, '# By hand again\n');
  await page.getByRole('button', { name: 'Save mine in its place' }).click();
  await page.getByText('SOUL.md was changed meanwhile; nothing was saved.').waitFor();
  await page.getByText('# By hand again').waitFor();
  expect(await field.inputValue()).toBe('# Terse\n\n- one\n');
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await page.getByRole('button', { name: 'Save mine in its place' }).click();
  await page.getByRole('button', { name: 'Take the change back' }).waitFor();
  expect(readFileSync(soul, 'utf8')).toBe('# Terse\n\n- one\n');
  await page.getByRole('button', { name: 'Take the change back' }).click();
  await page.getByText('It is back as it was.').waitFor();
  expect(readFileSync(soul, 'utf8')).toBe('# By hand again\n');

  await page.getByRole('button', { name: 'What it may do' }).first().click();
  const row = page.getByRole('row', { name: /^Write files of the workspace/u });
  await row.getByText('Allowed').waitFor();
  await page.getByLabel('Sent by').selectOption('unattended');
  await row.getByText('Refused').waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await page.getByRole('link', { name: 'Rules and grants' }).click();
  await page.getByLabel('Agent').filter({ hasText: 'Ada (main)' }).first().waitFor();
  view.check();
  await view.context.close();
});

test('in Chinese, dark, on a phone; what is not there is written anew', async () => {
  const phone = await openView(browser, { width: 390, height: 844, locale: 'zh-CN', touch: true, theme: 'dark', expected: [/404/u] });
  const { page } = phone;
  await logIn(page, await server.freshLink());
  await server.copaw('agents', 'set', 'main', '--name', '小助手');
  await page.goto(`${server.url}/#/agents`);
  await page.getByRole('heading', { name: '小助手 (main)' }).waitFor();
  await page
    .getByRole('button', { name: /BOOTSTRAP\.md/u })
    .first()
    .tap();
  await page.getByRole('button', { name: '编辑' }).waitFor();
  await page.getByRole('button', { name: '它可以做什么' }).first().tap();
  await page.getByRole('row').first().waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  phone.check();
  await phone.context.close();
});
