// The page of memory: found with its place, read, edited with a way back, forgotten, and what a conversation sees; in Chinese and on a phone.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { axeFindings, logIn, openView, overflow, say, type View } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let view: View;
beforeAll(async () => {
  view = await openView(world.browser, { expected: [/409/u] });
  await logIn(view.page, world.server.link);
});

test('what was noted is found with its source, edited where nobody else did, forgotten and brought back', async () => {
  const { page } = view;
  const file = join(world.server.home, 'workspaces/main/MEMORY.md');
  await page.goto(`${world.server.url}/#/s/s_note`);
  await say(page, 'remember that I like green tea');
  await page.getByText('This conversation can see:').waitFor();
  await page.getByRole('link', { name: /your memory, files \(you alone speak here\)/u }).click();
  await page.getByRole('searchbox', { name: 'Words to look for' }).fill('tea');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await page.getByText(/noted by me/u).waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);

  await page.getByRole('button', { name: /^MEMORY\.md:/u }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const field = page.getByRole('textbox', { name: 'Content of MEMORY.md' });
  expect(await field.inputValue()).toContain('green tea');
  writeFileSync(file, '# Memory\n\nBy hand.\n');
  await field.fill('# Mine\n');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('MEMORY.md was changed meanwhile; nothing was saved.').waitFor();
  expect(readFileSync(file, 'utf8')).toBe('# Memory\n\nBy hand.\n');
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await page.getByRole('button', { name: 'Read it again' }).click();
  await page.getByText('By hand.').waitFor();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await field.fill('# Mine\n');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();
  expect(readFileSync(file, 'utf8')).toBe('# Mine\n');
  await page.getByRole('button', { name: 'Take the change back' }).click();
  await page.getByText('It is back as it was.').waitFor();
  expect(readFileSync(file, 'utf8')).toBe('# Memory\n\nBy hand.\n');

  await page.getByRole('button', { name: 'Forget this file' }).press('Enter');
  await page.getByRole('button', { name: 'Yes, move it to the trash' }).press('Enter');
  await page.getByText('MEMORY.md is in the trash.').waitFor();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await page.getByText('MEMORY.md is in the trash.').waitFor({ state: 'detached' });
  expect(readFileSync(file, 'utf8')).toBe('# Memory\n\nBy hand.\n');
  await page.getByRole('button', { name: 'Read all files again' }).click();
  await page.getByText('All files were read again.').waitFor();
  view.check();
});

test('in Chinese, dark, on a phone', async () => {
  writeFileSync(join(world.server.home, 'workspaces/main/PROFILE.md'), '- 名字：小明\n');
  const phone = await openView(world.browser, { width: 390, height: 844, locale: 'zh-CN', touch: true, theme: 'dark' });
  await logIn(phone.page, await world.server.freshLink());
  await phone.page.goto(`${world.server.url}/#/memory`);
  await phone.page.getByRole('button', { name: /PROFILE\.md/u }).click();
  await phone.page.getByText('名字：小明').waitFor();
  expect([await axeFindings(phone.page), await overflow(phone.page)]).toEqual([[], 0]);
  phone.check();
});
