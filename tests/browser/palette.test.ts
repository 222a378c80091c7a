// The palette and the keys: everywhere by the keyboard alone, the focus goes back to where it was, and nobody who writes presses a shortcut.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeFindings, logIn, openView, overflow, say } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
const focusId = (page: Page) => page.evaluate<string>('document.activeElement?.id ?? ""');
const field = (page: Page) => page.getByRole('combobox', { name: 'Search', exact: true });
const openPalette = async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+k');
  await field(page).waitFor();
};

test('goes to a page, to a conversation and to what was said, and does things, by keys alone', async () => {
  const view = await openView(world.browser);
  const { page } = view;
  await logIn(page, world.server.link);
  await say(page, 'run: echo the heron has landed');
  await page.getByRole('button', { name: /run_command.*Done/u }).waitFor();

  // From the middle of a draft, which stays as it was.
  await page.keyboard.type('half a thou');
  await page.keyboard.press('Control+k');
  await field(page).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await field(page).waitFor({ state: 'detached' });
  expect(await focusId(page)).toBe('composer');
  await page.keyboard.type('ght?');
  expect(await page.locator('#composer').inputValue()).toBe('half a thought?');

  await openPalette(page);
  await page.keyboard.type('secur');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Security', level: 1 }).waitFor();
  expect(await focusId(page)).toBe('main');

  // A conversation by its title, letter by letter; the field is where the next one begins.
  await page.keyboard.press('n');
  await page.getByRole('heading', { name: 'What can I do for you?' }).waitFor();
  await openPalette(page);
  await page.keyboard.type('rneh');
  await page.keyboard.press('Enter');
  await page.locator('.bubble').getByText('the heron has landed').waitFor();

  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('heading', { name: 'What can I do for you?' }).waitFor();
  await openPalette(page);
  await page.keyboard.type('heron landed');
  const said = page.getByRole('option', { name: /the heron has landed/u }).last();
  await page.getByText('Said', { exact: true }).waitFor();
  await page.keyboard.press('ArrowUp');
  expect(await said.getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Enter');
  await page.locator('.bubble').getByText('the heron has landed').waitFor();

  await say(page, 'run: sleep 60');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await openPalette(page);
  await page.keyboard.type('stop');
  await page.keyboard.press('Enter');
  await page.getByText('Stopped.').waitFor();
  await openPalette(page);
  await page.keyboard.type('nothing is called so');
  await page.getByText('Nothing found.').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Control+k');
  await field(page).waitFor({ state: 'detached' });
  view.check();
  await view.context.close();
});

test('the sheet of keys; single keys never fire while somebody writes, and can be switched off', async () => {
  const view = await openView(world.browser);
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  await page.locator('#composer').focus();
  await page.keyboard.type('n?/i');
  expect(await page.locator('#composer').inputValue()).toBe('n?/i');
  // An input method that is busy keeps its keys.
  await page.evaluate(
    `document.getElementById('composer').dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, isComposing: true, bubbles: true, cancelable: true }))`,
  );
  expect(await page.locator('dialog[open]').count()).toBe(0);

  await page.locator('#main').focus();
  await page.keyboard.press('i');
  await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByText('To the message field').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('n'); // under a dialog nothing happens
  await sheet.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor();
  await page.locator('#main').focus();
  await page.keyboard.press('?');
  expect(await page.locator('dialog[open]').count()).toBe(0);
  await openPalette(page);
  await page.keyboard.type('shortcuts');
  await page.keyboard.press('Enter');
  await sheet.getByRole('checkbox').check();
  view.check();
  await view.context.close();
});

test('with fingers, on a phone, in Chinese', async () => {
  const view = await openView(world.browser, { width: 390, height: 844, touch: true, locale: 'zh-CN', theme: 'dark' });
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  await page.getByRole('button', { name: '前往或执行' }).tap();
  await page.getByRole('option', { name: '切换浅色与深色' }).waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  const low = await page.locator('[role="option"]').evaluateAll((all) => all.filter((element) => element.getBoundingClientRect().height < 44).length);
  expect(low).toBe(0);
  await page.getByRole('combobox', { name: '搜索' }).fill('memory');
  await page.getByRole('option', { name: '记忆' }).tap();
  await page.getByRole('heading', { name: '记忆', level: 1 }).waitFor();
  view.check();
  await view.context.close();
});
