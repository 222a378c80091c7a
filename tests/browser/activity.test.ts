// What happened: records that lead to their conversation, the log that is searched and followed, and what CoPaw says of itself.
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRunFile } from '../../src/config/run-file.ts';
import { ownServerFetch } from '../../src/security/egress-own.ts';
import { axeFindings, logIn, openView, overflow, say } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test('a tool call leads to its conversation; records are filtered, in pages, and their chain is checked', async () => {
  const view = await openView(world.browser);
  const { page } = view;
  await logIn(page, world.server.link);
  await say(page, 'write a,b,c to notes.txt and read it back');
  await page.getByRole('button', { name: /write_file/u }).waitFor();
  const conversation = new URL(page.url()).hash;
  const run = readRunFile(world.server.home);
  if (!run) throw new Error('No server runs.');
  const ask = ownServerFetch(run.port, run.token);
  for (let value = 1; value <= 55; value++) {
    const body = JSON.stringify({ changes: [{ path: ['limits', 'dayCost'], value }] });
    expect((await ask('/api/config', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status).toBe(200);
  }

  await page.getByRole('link', { name: 'Activity' }).click();
  const rows = page.locator('main ol.card > li');
  await rows.nth(49).waitFor();
  expect(await rows.count()).toBe(50);
  expect(await page.title()).toBe('Activity · CoPaw');
  await page.getByRole('button', { name: 'Show older ones' }).click();
  await rows.nth(50).waitFor();
  await page.getByRole('combobox', { name: 'About' }).selectOption('access');
  await page.getByText('A device got a token').first().waitFor();
  await page.getByText('Settings were changed').first().waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('refused');
  await page.getByText('Nothing that fits was written down.').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await page.getByText(/The chain holds: \d+ records\./u).waitFor();
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('');
  await page.getByRole('combobox', { name: 'About' }).selectOption('tools');
  const call = rows.filter({ hasText: 'write_file' }).first();
  await call.getByText('A tool ran').waitFor();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);
  await call.getByRole('link', { name: 'To the conversation' }).click();
  await page.getByRole('button', { name: /write_file/u }).waitFor();
  expect(new URL(page.url()).hash).toBe(conversation);
  view.check();
  await view.context.close();
});

test('the log: newest first, by level and text, in pages, and live; nothing in a line hides', async () => {
  const log = join(world.server.home, 'logs/copaw.log');
  mkdirSync(join(world.server.home, 'logs'), { recursive: true });
  const add = (event: string, level = 'info', more: object = {}): void =>
    appendFileSync(log, `${JSON.stringify({ level, time: new Date().toISOString(), ...more, event })}\n`);
  for (let index = 0; index < 120; index++) add('made-up', 'info', { index });
  add('part-dead', 'error', { answerId: 'ans-7\u202e', err: { message: 'It broke.', stack: 'at somewhere' } });
  const view = await openView(world.browser);
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByRole('link', { name: 'Log', exact: true }).click();
  const lines = page.getByRole('list', { name: 'Lines of the log' }).getByRole('listitem');
  await lines.nth(99).waitFor();
  await lines.first().getByText('answerId=ans-7\\u{202e}  err=It broke.').waitFor();
  await page.getByRole('button', { name: 'Show older ones' }).click();
  await lines.nth(100).waitFor();
  await page.getByRole('combobox', { name: 'Show' }).selectOption('error');
  await expect.poll(() => lines.count()).toBe(1);
  await page.getByRole('combobox', { name: 'Show' }).selectOption('info');
  await page.getByRole('searchbox', { name: 'Text' }).fill('INDEX=11');
  await page.getByRole('searchbox', { name: 'Text' }).press('Enter');
  await expect.poll(() => lines.count()).toBe(11); // 11, and 110 to 119
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('button', { name: 'Follow live' }).click();
  add('made-up', 'info', { index: 'none' });
  add('made-up', 'warn', { index: 119, live: true });
  await lines.first().getByText('live=true').waitFor();
  expect(await lines.count()).toBe(12);
  expect(await lines.filter({ hasText: 'index=none' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Following' }).click();
  await page.getByRole('searchbox', { name: 'Text' }).fill('nowhere-at-all');
  await page.getByRole('searchbox', { name: 'Text' }).press('Enter');
  await page.getByText('No line fits.').waitFor();
  view.check();
  await view.context.close();
});

test.each([
  ['desktop', {}],
  ['phone in Chinese', { width: 390, height: 844, touch: true, locale: 'zh-CN' }],
] as const)('about: which CoPaw this is, the report, and the licences: %s', async (_, options) => {
  const english = !('locale' in options);
  const view = await openView(world.browser, options);
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  await page.goto(`${world.server.url}/#/about`);
  const { version } = JSON.parse(await world.server.copaw('version', '--json')) as { version: string };
  await page.getByText(version, { exact: true }).waitFor();
  await page.getByText(world.server.home, { exact: true }).waitFor();
  await page.getByRole('button', { name: /^zod .* MIT$/u }).click();
  await page.getByText('Permission is hereby granted').waitFor();
  await page.getByRole('button', { name: /^uplot/u }).waitFor();
  await page.getByRole('button', { name: english ? 'Make the report' : '生成报告' }).click();
  const report = page.getByRole('region', { name: english ? 'The report' : '报告', exact: true });
  await report.getByText(`${version}, commit`).waitFor();
  expect(await report.textContent()).not.toContain(world.server.home);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: english ? 'Download' : '下载' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('copaw-report.md');
  expect(readFileSync(await download.path(), 'utf8')).toContain('# Vulnerability report for CoPaw');
  expect(await axeFindings(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  view.check();
  await view.context.close();
});

test('a phone: the pages about what happened are one place, and fit', async () => {
  const view = await openView(world.browser, { width: 390, height: 844, touch: true, theme: 'dark', locale: 'zh-CN' });
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  await page.getByRole('button', { name: '会话列表' }).click();
  await page.getByRole('link', { name: '活动' }).click();
  const beside = page.getByRole('navigation', { name: '发生了什么' });
  for (const name of ['消息', '日志', '活动']) {
    await beside.getByRole('link', { name }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.locator('main li').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  }
  view.check();
  await view.context.close();
});
