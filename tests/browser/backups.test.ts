// The page of backups: made, checked, looked at, taken away; what cannot be done from here is given as a command, and damage is said.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { axeFindings, logIn, openView, overflow, say } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
const passphrase = 'correct horse battery';

test('one is made, checked and downloaded, and the command that goes back to it does what the page says', async () => {
  const folder = join(world.server.home, 'backups');
  mkdirSync(folder, { recursive: true });
  const view = await openView(world.browser, { expected: [/400/u] });
  const { page } = view;
  await logIn(page, world.server.link);
  await say(page, 'write buy milk to notes.txt');
  await page.getByRole('button', { name: /write_file.*Done/u }).waitFor();
  await page.getByRole('link', { name: 'Backups' }).click();
  await page.getByText('You have made none yet.').waitFor();
  await page.getByText('There is none yet.').waitFor();
  await page.getByText(/^The next one is made .* The newest of 7 days and of 4 weeks stay\.$/u).waitFor();
  expect(await page.title()).toBe('Backups · CoPaw');
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);

  const form = page.getByRole('form', { name: 'Make a backup now' });
  await form.getByRole('button').press('Enter');
  await form.getByText(/^Made at .*: \d+ files/u).waitFor();
  await form.getByText('Left out: 1').press('Enter');
  await form.getByText('holds secrets and keys: they are in no backup').waitFor();
  const made = page.getByRole('region', { name: 'Made by you' }).getByRole('listitem').filter({ hasText: 'Not encrypted' });
  await made.getByRole('button', { name: 'Check' }).press('Enter');
  await made.getByText('It is whole.').waitFor();
  await made.getByText('This home made it.').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), made.getByRole('button', { name: 'Download' }).press('Enter')]);
  expect(readFileSync(await download.path()).equals(readFileSync(join(folder, download.suggestedFilename())))).toBe(true);

  await made.getByRole('button', { name: 'Go back…' }).press('Enter');
  await made.getByText(/^the database: \d+ sessions/u).waitFor();
  const command = made.locator('pre');
  const path = join(folder, download.suggestedFilename());
  expect(await command.textContent()).toBe(`copaw backup restore ${path} --home ${world.server.home}`);
  await made.getByRole('checkbox', { name: /browsers and scripts/u }).press('Space');
  expect(await command.textContent()).toBe(`copaw backup restore ${path} --home ${world.server.home} --with devices`);
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);

  writeFileSync(join(folder, 'copaw-2026-01-05T08-00-00Z.db'), 'SQLite format 3\0 and no more');
  await page.reload();
  const damaged = page.getByRole('region', { name: 'Made by itself' }).getByRole('listitem');
  await damaged.getByRole('button', { name: 'Check' }).click();
  await damaged.getByRole('alert').getByText('Its database is damaged.').waitFor();
  view.check();
  await view.context.close();

  const notes = join(world.server.home, 'workspaces/main/notes.txt');
  writeFileSync(notes, 'buy tea');
  await world.server.halt();
  await world.server.copaw('backup', 'restore', path, '--home', world.server.home, '--yes');
  expect(readFileSync(notes, 'utf8')).toBe('buy milk');
  await world.server.resume();
});

test('an encrypted one takes two equal passphrases to make and one to look at; in Chinese and on a phone', async () => {
  const view = await openView(world.browser, { width: 360, height: 740, touch: true, locale: 'zh-CN', expected: [/400/u] });
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  await page.goto(`${world.server.url}/#/backups`);
  const form = page.getByRole('form', { name: '立即备份' });
  const fill = async (first: string, second: string): Promise<void> => {
    await form.getByLabel(/^口令/u).fill(first);
    await form.getByLabel(/^再次输入口令/u).fill(second);
    await form.getByRole('button').click();
  };
  await fill(passphrase, `${passphrase}x`);
  await form.getByText('两次输入的口令不一致。').waitFor();
  await fill('short', 'short');
  await form.getByText('口令少于 12 个字符。').waitFor();
  await fill(passphrase, passphrase);
  await form.getByText(/^已于 .* 完成/u).waitFor();
  expect(await form.getByLabel(/^口令/u).inputValue()).toBe('');
  const row = page.getByRole('listitem').filter({ hasText: '已加密' });
  await row.getByRole('button', { name: '恢复…' }).click();
  await row.getByLabel(/^口令/u).fill('another one entirely');
  await row.getByRole('button', { name: '恢复…' }).last().click();
  await row.getByRole('alert').waitFor();
  await row.getByLabel(/^口令/u).fill(passphrase);
  await row.getByRole('button', { name: '恢复…' }).last().click();
  await row.getByText('将会替换').waitFor();
  expect(await row.locator('pre').textContent()).toContain('--passphrase-stdin --yes');
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  expect(await page.content()).not.toContain(passphrase);
  view.check();
  await view.context.close();
});
