// A question to the operator: exactly what would happen, nothing hidden, and only a yes makes it happen.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, logIn, openView, say, type View } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

let browser: Browser;
let server: CopawServer;
let view: View;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ config: { rules: [{ effect: 'run', verdict: 'ask' }] } })]);
  view = await openView(browser);
  await logIn(view.page, server.link);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const made = (name: string): boolean => existsSync(join(server.home, 'workspaces/main', name));

test('a denied command does not run', async () => {
  const { page } = view;
  await say(page, 'run: touch denied.txt');
  const card = page.getByRole('region', { name: 'CoPaw asks for your permission' });
  await card.getByText('touch denied.txt', { exact: true }).waitFor();
  await page.getByRole('navigation', { name: 'Conversations' }).getByText('Waits for your answer').waitFor();
  await card.getByText('The whole plan').click();
  const plan: unknown = JSON.parse((await card.locator('pre').last().textContent()) ?? '');
  expect(plan).toMatchObject({ tool: 'run_command', args: { command: 'touch denied.txt' }, digest: expect.stringMatching(/^[0-9a-f]{64}$/u) });
  await card.getByRole('button', { name: 'Deny' }).press('Enter');
  await page.getByText('Denied', { exact: true }).waitFor();
  await page.getByRole('button', { name: /run_command touch denied\.txt Refused/u }).waitFor();
  expect(made('denied.txt')).toBe(false);
  view.check();
});

test('an allowed command runs, once', async () => {
  const { page } = view;
  await say(page, 'run: touch allowed.txt');
  await page.getByRole('button', { name: 'Allow once' }).press('Enter');
  await page.getByRole('button', { name: /run_command touch allowed\.txt Done/u }).waitFor();
  await page.getByText('Allowed once', { exact: true }).waitFor();
  expect(made('allowed.txt')).toBe(true);
  await say(page, 'run: touch allowed.txt');
  await page.getByRole('button', { name: 'Allow once' }).waitFor();
  await page.getByRole('button', { name: 'Deny' }).click();
  view.check();
});

test('trojan source: characters that hide or turn the text are shown as what they are', async () => {
  const { page } = view;
  await say(page, 'run: echo \u202egnp.exe\u200b');
  const card = page.getByRole('region', { name: 'CoPaw asks for your permission' });
  await card.getByText('echo \\u{202e}gnp.exe\\u{200b}', { exact: true }).waitFor();
  expect(await card.textContent()).not.toMatch(/[\u202e\u200b]/u);
  await card.getByText('Look closely').waitFor();
  await card.getByRole('button', { name: 'Deny' }).click();
  view.check();
});

test('on a phone and in Chinese all of the question is, and the field beside the button that stops keeps its height', async () => {
  const phone = await openView(browser, { width: 390, height: 844, touch: true, locale: 'zh-CN' });
  const { page } = phone;
  await logIn(page, await server.freshLink());
  const field = page.locator('#composer');
  const height = (): Promise<number> => field.evaluate((element) => element.clientHeight);
  const before = await height();
  await say(page, 'run: echo a\u200bz');
  const card = page.getByRole('region', { name: 'CoPaw 请求您的许可' });
  await card.getByText('run_command 要在沙箱中运行命令，没有网络。').waitFor();
  await card.getByText('其中含有看不见的字符').waitFor();
  await page.getByRole('button', { name: '停止' }).waitFor();
  expect([await height(), await field.evaluate((element) => element.scrollHeight)]).toEqual([before, before]);
  await card.getByRole('button', { name: '拒绝' }).tap();
  phone.check();
  await phone.context.close();
});

test('a long command is shown to its end', async () => {
  const { page } = view;
  const command = `echo ${'x'.repeat(3000)} end-of-it`;
  await say(page, `run: ${command}`);
  const card = page.getByRole('region', { name: 'CoPaw asks for your permission' });
  const shown = card.getByText(command, { exact: true });
  await shown.waitFor();
  expect(await shown.evaluate((element) => element.scrollHeight <= element.clientHeight && element.scrollWidth <= element.clientWidth)).toBe(true);
  await card.getByRole('button', { name: 'Deny' }).click();
  view.check();
});

test('a question waits through a reload, and another window sees the answer', async () => {
  const { page } = view;
  await say(page, 'run: echo patient');
  await page.getByRole('button', { name: 'Allow once' }).waitFor();
  await page.reload();
  const other = await openView(browser);
  await logIn(other.page, await server.freshLink());
  await other.page.goto(page.url());
  await other.page.getByRole('button', { name: 'Allow once' }).waitFor();
  await page.getByRole('button', { name: 'Allow once' }).click();
  await other.page.getByRole('button', { name: /run_command echo patient Done/u }).waitFor();
  expect(await other.page.getByRole('button', { name: 'Allow once' }).count()).toBe(0);
  other.check();
  view.check();
  await other.context.close();
});
