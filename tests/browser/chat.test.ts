// A conversation with the offline model: a reminder arrives by itself, a tool shows its output, stop stops, reload keeps it all.
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { logIn, openView, say, type View } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let view: View;
beforeAll(async () => {
  view = await openView(world.browser);
  await logIn(view.page, world.server.link);
});

test('the code leaves the address bar, and a first visit offers something to begin with', async () => {
  const { page } = view;
  expect(page.url()).not.toContain('code=');
  await page.getByRole('heading', { name: 'Welcome to CoPaw' }).waitFor();
  await page.getByRole('button', { name: 'What time is it?' }).click();
  await page.getByText('current_time').waitFor();
  await page.getByText('CoPaw has answered').waitFor({ state: 'attached' });
  view.check();
});

test('a reminder arrives in the conversation it was asked for in', async () => {
  const { page } = view;
  await page.getByRole('button', { name: 'New conversation' }).click();
  await say(page, 'remind me in 5 seconds to stretch');
  await page
    .getByText(/is set for/u)
    .first()
    .waitFor();
  const reminder = page.getByRole('article').filter({ has: page.getByRole('heading', { name: 'Reminder' }) });
  await reminder.getByText('stretch', { exact: true }).waitFor();
  expect(await reminder.count()).toBe(1);
  expect(await page.getByRole('link', { name: /remind me in 5 seconds/u }).count()).toBe(1);
  view.check();
});

test('a tool call folds to a line that opens to its arguments and output', async () => {
  const { page } = view;
  await say(page, 'run: ls -la');
  const head = page.getByRole('button', { name: /run_command ls -la Done/u });
  await head.waitFor();
  expect(await head.getAttribute('aria-expanded')).toBe('false');
  await head.press('Enter');
  expect(await head.getAttribute('aria-expanded')).toBe('true');
  const output = page.locator('.tool pre').filter({ hasText: 'AGENTS.md' });
  await output.waitFor();
  expect(await output.textContent()).toContain('[Exit code 0.]');
  view.check();
});

test('an edit shows what it changed', async () => {
  const { page } = view;
  await say(page, 'write hello to notes.txt and read it back');
  await page.getByRole('button', { name: /read_file notes\.txt Done/u }).waitFor();
  await page.getByRole('button', { name: /write_file notes\.txt Done/u }).click();
  await page.locator('.tool').filter({ hasText: 'write_file' }).getByText('hello').first().waitFor();
  view.check();
});

test('Shift+Enter begins a line, an input method keeps its Enter, and the draft outlives a reload', async () => {
  const { page } = view;
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.pressSequentially('one');
  await field.press('Shift+Enter');
  await field.pressSequentially('two');
  await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true });
  expect(await field.inputValue()).toBe('one\ntwo');
  await page.reload();
  expect(await field.inputValue()).toBe('one\ntwo');
  await field.fill('');
  view.check();
});

test('a message during a turn is read in it', async () => {
  const { page } = view;
  await say(page, 'run: sleep 2');
  await page.getByRole('button', { name: /run_command sleep 2 Running/u }).waitFor();
  await say(page, 'what time is it');
  await page.getByText('Will be read next').waitFor();
  await page.getByRole('button', { name: /current_time.*Done/u }).waitFor();
  await page.getByText('Will be read next').waitFor({ state: 'detached' });
  expect(await page.locator('.bubble').filter({ hasText: 'what time is it' }).count()).toBe(1);
  view.check();
});

test('stop ends a running turn, which is said aloud and can be asked again', async () => {
  const { page } = view;
  await say(page, 'run: sleep 60');
  await page.getByRole('button', { name: /run_command sleep 60 Running/u }).waitFor();
  await page.getByText('Working').first().waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped.').waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe('composer');
  await page.getByRole('button', { name: /run_command sleep 60 (?:Stopped|Failed)/u }).waitFor();
  expect(await page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
  await page.getByText('CoPaw has stopped').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Answer again' }).press('Enter');
  await page.getByText('Taken back').first().waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('composer');
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  // At Escape: from the field, and from anywhere in the conversation.
  await page.locator('#composer').press('Escape');
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });
  await page.evaluate('document.activeElement.blur()');
  await page.getByRole('button', { name: 'Answer again' }).press('Enter');
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
  await page.getByRole('region', { name: 'Conversation' }).focus();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Answer again' }).waitFor();
  view.check();
});

test('reload and back keep the conversation and the login', async () => {
  const { page } = view;
  const here = page.url();
  const bubbles = page.locator('.bubble');
  await page.reload();
  await bubbles.first().waitFor();
  const before = await bubbles.allTextContents();
  await page.reload();
  await bubbles.first().waitFor();
  expect(await bubbles.allTextContents()).toEqual(before);
  await page.getByRole('link', { name: /What time is it/u }).click();
  await page.getByRole('button', { name: /current_time/u }).waitFor();
  await page.goBack();
  await page
    .getByRole('button', { name: /run_command sleep 60/u })
    .first()
    .waitFor();
  expect(page.url()).toBe(here);
  view.check();
});

test('two windows show the same conversation as it grows', async () => {
  const other = await openView(world.browser);
  await logIn(other.page, await world.server.freshLink());
  await other.page.goto(view.page.url());
  await say(view.page, 'run: echo from-the-first-window');
  await other.page.getByRole('button', { name: /echo from-the-first-window Done/u }).waitFor();
  expect(await other.page.locator('.bubble').filter({ hasText: 'from-the-first-window' }).count()).toBe(1);
  other.check();
  view.check();
  await other.context.close();
});

test('in any number of tabs: those that are hidden take no connection from the one that is seen, and have missed nothing when they are looked at', async () => {
  const first = await openView(world.browser);
  // Here every page believes that it is seen.
  const hide = (page: Page, hidden: boolean): Promise<unknown> =>
    page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`);
  await logIn(first.page, await world.server.freshLink());
  await first.page.getByRole('button', { name: 'New conversation' }).click();
  const here = first.page.url();
  let last = first.page;
  for (let tab = 2; tab <= 8; tab++) {
    await hide(last, true);
    last = await first.context.newPage();
    await last.goto(here);
    await last.locator('#composer').waitFor();
  }
  await say(last, 'run: echo from-the-eighth');
  await last.getByRole('button', { name: /echo from-the-eighth Done/u }).waitFor();
  expect(await first.page.locator('.bubble').count()).toBe(0);
  await hide(last, true);
  await hide(first.page, false);
  await first.page.getByRole('button', { name: /echo from-the-eighth Done/u }).waitFor();
  expect(await first.page.locator('.bubble').count()).toBe(1);
  first.check();
  await first.context.close();
});
