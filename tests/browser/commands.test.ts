// Commands in the console: offered while they are typed, quiet in the conversation, and nothing stale after those that begin it anew.
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { chatCommands } from '../../src/core/chat-command.ts';
import { axeFindings, logIn, openView, overflow, say, type View } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let view: View;
beforeAll(async () => {
  view = await openView(world.browser);
  await logIn(view.page, world.server.link);
});

const composer = (page: Page) => page.locator('#composer');
/** Those of the list above the composer. */
const options = (page: Page) => page.locator('#commands').getByRole('option');
const chosen = (page: Page) => page.locator('#commands').getByRole('option', { selected: true });
const items = (page: Page) => page.getByRole('region', { name: /^(?:Conversation|会话内容)$/u }).getByRole('article');
const answered = (page: Page, text: string | RegExp) => items(page).filter({ hasText: text }).last().waitFor();

test('a slash offers every command; arrows choose, Tab and Enter take, Escape closes', async () => {
  const { page } = view;
  await composer(page).press('/');
  await options(page).first().waitFor();
  expect(await options(page).count()).toBe(chatCommands.length);
  const field = page.getByRole('textbox', { name: 'Message' });
  expect(await field.getAttribute('aria-controls')).toBe(await page.getByRole('listbox', { name: 'Commands' }).getAttribute('id'));
  const active = async () => page.locator(`#${await field.getAttribute('aria-activedescendant')}`).textContent();
  expect(await active()).toContain('/help');
  await field.press('ArrowUp');
  expect(await active()).toContain('/version');
  expect(await chosen(page).textContent()).toContain('which CoPaw this is');
  // It came into view; a list scrolls by whole pixels.
  const below = await chosen(page).evaluate((option) => option.getBoundingClientRect().bottom - (option.parentElement?.getBoundingClientRect().bottom ?? 0));
  expect(below).toBeLessThan(1);
  await field.press('ArrowDown');
  await field.press('ArrowDown');
  expect(await active()).toContain('/new');
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await field.press('Escape');
  expect(await options(page).count()).toBe(0);
  expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('/');

  await composer(page).pressSequentially('st');
  expect(await options(page).allTextContents()).toHaveLength(3);
  await composer(page).press('ArrowDown');
  await composer(page).press('Tab');
  expect(await composer(page).inputValue()).toBe('/status');
  expect(await composer(page).evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  expect(await options(page).count()).toBe(0);

  await composer(page).fill('/histroy');
  await page.getByText('There is no command /histroy: this goes to the agent as a message. /help lists what there is.').waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);

  // What must be said behind it gets its room and is not sent yet; what may stand alone is sent as it is.
  await composer(page).fill('/mo');
  await composer(page).press('Enter');
  expect(await composer(page).inputValue()).toBe('/model ');
  expect(await options(page).count()).toBe(0);
  await composer(page).press('Enter');
  await answered(page, 'The model here is offline/copaw.');
  await composer(page).fill('/steer');
  await composer(page).press('Enter');
  expect(await composer(page).inputValue()).toBe('/steer ');
  await composer(page).fill('/version');
  await composer(page).press('Enter');
  await answered(page, /^CoPaw\s*CoPaw \d/u);
  view.check();
});

test('nothing is offered where no command is being typed, and an input method keeps its keys', async () => {
  const { page } = view;
  await composer(page).fill('/');
  await options(page).first().waitFor();
  for (const text of ['and /st', '/etc/hosts', '/status now', ' /st']) {
    await composer(page).fill(text);
    expect([text, await options(page).count()]).toEqual([text, 0]);
  }
  await composer(page).fill('/st');
  await options(page).first().waitFor();
  for (const key of ['Enter', 'Tab', 'ArrowDown', 'Escape'])
    await composer(page).dispatchEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true });
  expect([await composer(page).inputValue(), await options(page).count()]).toEqual(['/st', 3]);
  expect(await chosen(page).textContent()).toContain('/stop');
  await page.getByRole('region', { name: 'Conversation' }).click({ position: { x: 5, y: 5 } });
  expect(await options(page).count()).toBe(0);
  await composer(page).fill('');
  view.check();
});

test('a press takes a command, also while a turn runs, and stop stops it', async () => {
  const { page } = view;
  await say(page, 'run: sleep 60');
  await page.getByRole('button', { name: /run_command sleep 60 Running/u }).waitFor();
  await page.getByText('/queue before it: say it afterwards').waitFor();
  await composer(page).fill('/sto');
  await options(page).filter({ hasText: '/stop' }).click();
  expect(await composer(page).inputValue()).toBe('/stop');
  await composer(page).press('Enter');
  await answered(page, 'Stopped.');
  await page.getByRole('button', { name: /run_command sleep 60 (?:Stopped|Failed)/u }).waitFor();
  expect(await page.locator('.bubble-command').last().textContent()).toBe('/stop');
  expect(await page.locator('.bubble:not(.bubble-command)').last().textContent()).toBe('run: sleep 60');
  view.check();
});

test('after /new the old conversation is in the list under its own id and the view holds the answer alone', async () => {
  const { page } = view;
  await page.goto(`${world.server.url}/#/s/s_anew`);
  await say(page, 'remember that I like herons');
  await page.getByText('CoPaw has answered').waitFor({ state: 'attached' });
  const other = await openView(world.browser);
  await logIn(other.page, await world.server.freshLink());
  await other.page.goto(page.url());
  await answered(other.page, 'herons');

  await say(page, '/new');
  for (const seen of [page, other.page]) {
    await answered(seen, 'A new conversation. The old one is kept.');
    await expect.poll(() => items(seen).count()).toBe(2);
    expect(await items(seen).filter({ hasText: 'herons' }).count()).toBe(0);
  }
  const old = page.getByRole('link', { name: /remember that I like herons/u });
  await expect.poll(() => old.getAttribute('href')).not.toContain('s_anew');
  await say(page, 'what time is it');
  await page.getByText('current_time').waitFor();
  expect(await items(page).filter({ hasText: 'herons' }).count()).toBe(0);
  await old.click();
  await answered(page, 'remember that I like herons');
  expect(await items(page).filter({ hasText: '/new' }).count()).toBe(0);
  await page.goBack();
  await answered(page, 'A new conversation');
  const shown = await items(page).allTextContents();
  await page.reload();
  await answered(page, 'A new conversation');
  expect(await items(page).allTextContents()).toEqual(shown);
  other.check();
  await other.context.close();
  view.check();
});

test('after /clear nothing is left but the answer, and what comes next is kept', async () => {
  const { page } = view;
  await page.goto(`${world.server.url}/#/s/s_clear`);
  for (const text of ['what time is it', 'remember that I like tea']) {
    await say(page, text);
    await answered(page, text);
  }
  await page
    .getByRole('link', { name: /what time is it/u })
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });
  await say(page, '/clear');
  await answered(page, 'This conversation is forgotten. Files and memory stay.');
  await expect.poll(() => items(page).allTextContents()).toHaveLength(2);
  await page.getByText('CoPaw has answered').waitFor({ state: 'attached' });
  await say(page, 'what time is it');
  await page.getByText('current_time').waitFor();
  expect(await items(page).filter({ hasText: 'I like tea' }).count()).toBe(0);
  view.check();
});

test('a turn that was taken back stays to be read, dimmed, with a label, without its button', async () => {
  const { page } = view;
  await page.goto(`${world.server.url}/#/s/s_undone`);
  await say(page, 'what time is it');
  await page.getByText('current_time').waitFor();
  await say(page, 'write hello to herons.txt and read it back');
  await page.getByRole('button', { name: 'Undo file changes' }).waitFor();
  await say(page, '/undo');
  await answered(page, 'moved to the trash: herons.txt');
  const undone = page.locator('li.undone');
  expect(await undone.first().textContent()).toMatch(/^Taken back.*write hello to herons\.txt/u);
  expect(await page.getByText('Taken back', { exact: true }).count()).toBe(1);
  expect(await undone.filter({ hasText: 'current_time' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Undo file changes' }).count()).toBe(0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page)).toEqual([]);
  }
  await page.reload();
  await page.getByText('Taken back', { exact: true }).waitFor();
  view.check();
});

test('on a phone, in Chinese: a finger takes a command, and all of it fits', async () => {
  const phone = await openView(world.browser, { width: 360, height: 640, locale: 'zh-CN', touch: true, theme: 'dark' });
  const { page } = phone;
  await logIn(page, await world.server.freshLink());
  await page.goto(`${world.server.url}/#/s/s_phone`);
  await composer(page).tap();
  await composer(page).pressSequentially('/q');
  const queue = options(page).filter({ hasText: '/queue' });
  await queue.waitFor();
  expect(await queue.evaluate((option) => option.getBoundingClientRect().height)).toBeGreaterThanOrEqual(44);
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await queue.tap();
  expect(await composer(page).inputValue()).toBe('/queue ');
  await composer(page).pressSequentially('collect');
  await page.getByRole('button', { name: '发送' }).tap();
  await page.locator('.answer-command').waitFor();
  await composer(page).fill('/');
  await options(page).first().waitFor();
  const list = await page.locator('.commands').boundingBox();
  expect([(list?.x ?? -1) >= 0, (list?.y ?? -1) >= 0, (list?.x ?? 0) + (list?.width ?? 999) <= 360]).toEqual([true, true, true]);
  expect(await overflow(page)).toBe(0);
  phone.check();
  await phone.context.close();
});
