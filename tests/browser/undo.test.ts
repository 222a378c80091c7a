// Taking back what a turn did to files: asked twice, done once, and what was left alone is said in the same place.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
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
  // The keyboard stays where the question is.
  const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent');
  await start.press('Enter');
  expect(await focused()).toBe('Yes, give the files back what they held');
  await page.keyboard.press('Escape');
  expect(await focused()).toBe('Undo file changes');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const report = page.getByRole('region', { name: 'Files after the undo' });
  await report.getByText('notes.txt: restored').waitFor();
  expect(text()).toBe('mine');
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('composer');
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

const atEdit = 'The turn that answered this or a later one changed files. The new conversation begins without it; what about the files?';
const older = 'hello again';

/** A conversation of its own: a question, then a message whose turn writes the file, whose words stand in the field to be edited. */
async function askToEdit(page: Page, id: string): Promise<string> {
  await page.goto(`${world.server.url}/#/s/${id}`);
  writeFileSync(path(), 'mine');
  await say(page, older);
  await page.getByText('CoPaw has answered').waitFor({ state: 'attached' });
  await say(page, 'write hello to notes.txt and read it back');
  await page.getByRole('button', { name: 'Undo file changes' }).waitFor();
  const theirs = text();
  expect(theirs).not.toBe('mine');
  await page.getByRole('article').filter({ hasText: 'write hello' }).getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('group').filter({ hasText: atEdit }).waitFor();
  expect([text(), page.url()]).toEqual([theirs, `${world.server.url}/#/s/${id}`]);
  return theirs;
}

/** The new conversation: what came before, and the words in the field. */
async function expectEdited(page: Page, id: string): Promise<void> {
  await expect.poll(() => page.url()).not.toContain(id);
  await page.locator('.bubble').getByText(older).waitFor();
  await expect.poll(() => page.locator('#composer').inputValue()).toBe('write hello to notes.txt and read it back');
  expect(await page.locator('.bubble').count()).toBe(1);
}

test('who edits a message whose turn changed files is asked about them: nothing, left as they are, or given back', async () => {
  const { page } = view;
  const theirs = await askToEdit(page, 's_edit');
  const question = page.getByRole('group').filter({ hasText: atEdit });
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  expect([text(), page.url()]).toEqual([theirs, `${world.server.url}/#/s/s_edit`]);
  await page.getByRole('article').filter({ hasText: 'write hello' }).getByRole('button', { name: 'Edit' }).click();
  await question.getByRole('button', { name: 'Leave them as they are' }).click();
  await expectEdited(page, 's_edit');
  expect(text()).toBe(theirs);
  await askToEdit(page, 's_edit_back');
  await question.getByRole('button', { name: 'Give them back what they held before' }).click();
  await expectEdited(page, 's_edit_back');
  expect(text()).toBe('mine');
  view.check();
});

test('what was changed since is left alone there as well, and said before the new conversation is gone to', async () => {
  const { page } = view;
  await askToEdit(page, 's_edit_since');
  writeFileSync(path(), 'changed by hand');
  await page.getByRole('button', { name: 'Give them back what they held before' }).click();
  const left = page.getByRole('status').filter({ hasText: 'These files were left alone:' });
  await left.getByText('notes.txt (it was changed since)').waitFor();
  expect(text()).toBe('changed by hand');
  await left.getByRole('link', { name: 'To the new conversation' }).click();
  await expectEdited(page, 's_edit_since');
  view.check();
});

test('the question in Chinese, dark, on a phone', async () => {
  const other = await openView(world.browser, { width: 390, height: 844, locale: 'zh-CN', touch: true, theme: 'dark' });
  const { page } = other;
  await logIn(page, await world.server.freshLink());
  await page.goto(`${world.server.url}/#/s/s_edit_phone`);
  await say(page, '把 你好 写入 edited.txt');
  await page.getByRole('button', { name: '撤销文件改动' }).waitFor();
  await page.getByRole('button', { name: '编辑' }).click();
  const question = page.getByRole('group').filter({ hasText: '回答此消息或其后的一轮改动了文件' });
  await question.waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await question.getByRole('button', { name: '恢复到之前的内容' }).click();
  await expect.poll(() => page.url()).not.toContain('s_edit_phone');
  expect(existsSync(join(world.server.home, 'workspaces/main/edited.txt'))).toBe(false);
  other.check();
  await other.context.close();
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
  await page.getByText('new.txt：已移入回收站').waitFor();
  expect(existsSync(join(world.server.home, 'workspaces/main/new.txt'))).toBe(false);
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  other.check();
  await other.context.close();
});
