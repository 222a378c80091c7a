// Taking back what a turn did to files: asked twice, done once, and what was left alone is said in the same place.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { axeFindings, logIn, openView, overflow, say, type View } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let view: View;
beforeAll(async () => {
  view = await openView(world.browser);
  await logIn(view.page, world.server.link);
});

const path = (): string => join(world.server.home, 'workspaces/main/notes.txt');
const text = (): string => readFileSync(path(), 'utf8');

test('the first press asks, the second gives the file back what it held, and that is taken back too', async () => {
  writeFileSync(path(), 'mine');
  const { page } = view;
  await say(page, 'write hello to notes.txt and read it back');
  const start = page.getByRole('button', { name: 'Undo file changes' });
  await start.waitFor();
  const theirs = text();
  await start.click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(text()).toBe(theirs);
  await start.press('Enter');
  await page.getByRole('button', { name: 'Yes, give the files back what they held' }).press('Enter');
  const report = page.getByRole('region', { name: 'Files after the undo' });
  await report.getByText('notes.txt: restored').waitFor();
  expect(text()).toBe('mine');
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await report.getByRole('button', { name: 'Take this back' }).click();
  await expect.poll(text).toBe(theirs);
  view.check();
});

test('what was changed since is left alone, said, and restored only when that is asked for twice as well', async () => {
  const { page } = view;
  await page.reload();
  await page.getByRole('button', { name: 'Undo file changes' }).waitFor();
  writeFileSync(path(), 'changed by hand');
  await page.getByRole('button', { name: 'Undo file changes' }).click();
  await page.getByRole('button', { name: 'Yes, give the files back what they held' }).click();
  await page.getByText('notes.txt: left alone (it was changed since)').waitFor();
  expect(text()).toBe('changed by hand');
  await page.getByRole('button', { name: 'Restore what was changed since, too' }).click();
  await page.getByRole('button', { name: 'Yes, over the newer changes' }).click();
  await page.getByText('notes.txt: restored').waitFor();
  expect(text()).toBe('mine');
  view.check();
});

test('a turn that changes nothing offers nothing; a file that was new goes; in Chinese and on a phone', async () => {
  const other = await openView(world.browser, { width: 390, height: 844, locale: 'zh-CN', touch: true, theme: 'dark' });
  const { page } = other;
  await logIn(page, await world.server.freshLink());
  await page.goto(`${world.server.url}/#/s/s_undo_phone`);
  await say(page, '现在几点了');
  await page.getByText('current_time').waitFor();
  await page.getByText('CoPaw 已回答').waitFor({ state: 'attached' });
  expect(await page.getByRole('button', { name: '撤销文件改动' }).count()).toBe(0);
  await say(page, '把 你好 写入 new.txt');
  await page.getByRole('button', { name: '撤销文件改动' }).click();
  await page.getByRole('button', { name: '是，恢复文件原来的内容' }).click();
  await page.getByText('new.txt: 已移入回收站').waitFor();
  expect(existsSync(join(world.server.home, 'workspaces/main/new.txt'))).toBe(false);
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  other.check();
  await other.context.close();
});
