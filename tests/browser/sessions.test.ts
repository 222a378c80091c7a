// The side list at work: search, names, pins, the archive, a delete that can be taken back, a fork and another answer; by keyboard, and on a phone.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { axeFindings, logIn, openView, overflow, say, type View } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let view: View;
beforeAll(async () => {
  view = await openView(world.browser);
  await logIn(view.page, world.server.link);
  for (const text of ['what time is it?', 'run: echo bicycle']) await talk(view.page, text);
});

/** A new conversation, and its answer. */
async function talk(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await say(page, text);
  await page.getByRole('link', { name: new RegExp(text.replace('?', '\\?'), 'u') }).waitFor();
  await page.getByText('CoPaw has answered').waitFor({ state: 'attached' });
}
const list = (page: Page) => page.getByRole('navigation', { name: 'Conversations' });
const titles = async (page: Page): Promise<readonly string[]> =>
  (await list(page).getByRole('link').allTextContents()).map((text) => text.replace(/(?:just now|\d.*|now|Working).*$/u, '').trim());
const more = (page: Page, title: string) => page.getByRole('button', { name: `More about ${title}` });

test('words in any conversation are found, and one press goes to them', async () => {
  const { page } = view;
  const field = page.getByRole('textbox', { name: 'Search conversations' });
  await field.fill('what time');
  await list(page).getByText('You: what time is it?').waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await list(page).getByText('You: what time is it?').click();
  await page.locator('.bubble', { hasText: 'what time is it?' }).waitFor();
  await field.press('Escape');
  expect(await field.inputValue()).toBe('');
  await field.fill('zebra');
  await list(page).getByText('Nothing found.').waitFor();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  view.check();
});

test('by keyboard: renamed, pinned on top, and Escape goes back to where it was opened', async () => {
  const { page } = view;
  await more(page, 'what time is it?').press('Enter');
  await page.getByRole('button', { name: 'Rename' }).press('Enter');
  await page.getByRole('textbox', { name: 'Title' }).fill('The clock');
  await page.getByRole('textbox', { name: 'Title' }).press('Enter');
  await list(page).getByText('The clock').waitFor();
  await more(page, 'The clock').press('Enter');
  await page.getByRole('button', { name: 'Pin', exact: true }).press('Enter');
  await list(page).getByRole('heading', { name: 'Pinned' }).waitFor();
  expect((await titles(page))[0]).toContain('The clock');
  await more(page, 'The clock').press('Enter');
  await page.getByRole('button', { name: 'Unpin' }).press('Escape');
  expect(await page.getByRole('button', { name: 'Unpin' }).count()).toBe(0);
  expect(await more(page, 'The clock').evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  view.check();
});

test('archived, found again, and both archive and delete can be taken back', async () => {
  const { page } = view;
  await more(page, 'run: echo bicycle').click();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByText('Archived: run: echo bicycle').waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await list(page).getByText('run: echo bicycle').waitFor();
  await more(page, 'run: echo bicycle').click();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await list(page).getByText('run: echo bicycle').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Archived', exact: true }).click();
  await list(page).getByText('run: echo bicycle').waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await more(page, 'run: echo bicycle').click();
  await page.getByRole('button', { name: 'Take out of the archive' }).click();
  await page.getByRole('button', { name: 'Back to all' }).click();
  await more(page, 'run: echo bicycle').click();
  await page.getByRole('button', { name: 'Delete' }).press('Enter');
  await page.getByText('Deleted: run: echo bicycle').waitFor();
  expect(await list(page).getByText('run: echo bicycle').count()).toBe(0);
  expect(await page.evaluate('document.activeElement.id')).toBe('composer');
  await page.getByRole('button', { name: 'Undo', exact: true }).press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('composer');
  await list(page).getByText('run: echo bicycle').waitFor();
  view.check();
});

test('a fork goes on from an answer; the last answer is given again and the old one stays, taken back', async () => {
  const { page } = view;
  await list(page).getByText('The clock').click();
  await page.getByRole('button', { name: 'Answer again' }).click();
  await page.getByText('Taken back').first().waitFor();
  await expect.poll(() => page.locator('.bubble').count()).toBe(2);
  await page.getByRole('button', { name: 'Answer again' }).waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  const address = page.url();
  await page.getByRole('button', { name: 'Fork from here' }).last().click();
  await expect.poll(() => page.url()).not.toBe(address);
  await page.locator('.bubble').first().waitFor();
  expect((await titles(page)).filter((title) => title.includes('The clock'))).toHaveLength(2);
  expect(await list(page).getByText('· Fork').count()).toBe(1);
  view.check();
});

test('an earlier message in other words: a new conversation with all that came before it, and the old one stays', async () => {
  const { page } = view;
  await page.getByRole('button', { name: 'New conversation' }).click();
  await say(page, 'run: echo apple');
  await page.getByText('CoPaw has answered').waitFor({ state: 'attached' });
  await say(page, 'run: echo pear');
  await expect.poll(() => page.getByRole('button', { name: 'Edit' }).count()).toBe(2);
  const address = page.url();
  await page.getByRole('button', { name: 'Answer again' }).waitFor();
  await page.getByRole('button', { name: 'Edit' }).last().press('Enter');
  await expect.poll(() => page.url()).not.toBe(address);
  await expect.poll(() => page.locator('#composer').inputValue()).toBe('run: echo pear');
  await page.locator('.bubble').getByText('run: echo apple').waitFor();
  expect(await page.locator('.bubble').count()).toBe(1);
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  // The first message has nothing before it.
  await page.getByRole('button', { name: 'Edit' }).press('Enter');
  await expect.poll(() => page.locator('#composer').inputValue()).toBe('run: echo apple');
  expect(await page.locator('.bubble').count()).toBe(0);
  await page.goto(address);
  await page.locator('.bubble').getByText('run: echo pear').waitFor();
  view.check();
});

test('exported as data and imported again', async () => {
  const { page } = view;
  await more(page, 'run: echo bicycle').click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as data' }).click();
  const file = await (await download).path();
  expect(readFileSync(file, 'utf8')).toContain('echo bicycle');
  await page.getByLabel('Import').setInputFiles({ name: 'x.jsonl', mimeType: 'application/x-ndjson', buffer: readFileSync(file) });
  await page.getByText('One conversation was imported.').waitFor();
  await expect.poll(async () => (await titles(page)).filter((title) => title.includes('echo bicycle')).length).toBe(2);
  view.check();
});

test('a file that is no conversation is refused where that can be seen', async () => {
  const low = await openView(world.browser, { height: 560, expected: [/400/u] });
  const { page } = low;
  await logIn(page, await world.server.freshLink());
  await page.getByLabel('Import').setInputFiles({ name: 'x.jsonl', mimeType: 'application/x-ndjson', buffer: Buffer.from('# Notes') });
  const why = page.getByRole('alert').filter({ hasText: 'it is not JSON' });
  await why.waitFor();
  const bottom = (element: { getBoundingClientRect(): { bottom: number } }): number => element.getBoundingClientRect().bottom;
  const edge = await list(page).evaluate(bottom);
  await expect.poll(() => why.evaluate(bottom)).toBeLessThanOrEqual(edge);
  low.check();
  await low.context.close();
});

test('a delete is done when the page is left, and after a moment', async () => {
  // After the reload it is asked for once more, and may be done by then.
  const other = await openView(world.browser, { expected: [/404.*reminders=false/u] });
  const { page } = other;
  await logIn(page, await world.server.freshLink());
  await more(page, 'The clock').first().click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.reload();
  await expect.poll(async () => (await titles(page)).filter((title) => title.includes('The clock')).length).toBe(1);
  other.check();
  await other.context.close();
});

test('a delete that the page was left with is done although nobody answered at the next start', async () => {
  const { page, context, check } = await openView(world.browser, { expected: [/ERR_FAILED/u] });
  await logIn(page, await world.server.freshLink());
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.locator('#composer').fill('hello for a moment');
  await page.locator('#composer').press('Enter');
  await list(page).getByText('hello for a moment').waitFor();
  await page.getByText('CoPaw has answered').waitFor({ state: 'attached' });
  const id = new URL(page.url()).hash.split('/').at(-1) ?? '';
  await page.evaluate(`sessionStorage.setItem('copaw.removals', '${id}')`);
  await page.route(/\/api\/sessions/u, (route) => route.abort());
  const unanswered = page.waitForEvent('requestfailed', (request) => request.method() === 'DELETE');
  await page.reload();
  await unanswered;
  await expect.poll(() => page.evaluate(`sessionStorage.getItem('copaw.removals')`)).toBe(id);
  await page.unroute(/\/api\/sessions/u);
  await page.reload();
  await expect.poll(() => page.evaluate(`sessionStorage.getItem('copaw.removals')`), { timeout: 10_000 }).toBe('');
  expect(await world.server.copaw('sessions', 'list', '--json')).not.toContain(id);
  check();
  await context.close();
});

test('on a phone, in Chinese and dark: the drawer has it all within reach', async () => {
  const other = await openView(world.browser, { width: 390, height: 844, locale: 'zh-CN', touch: true, theme: 'dark' });
  const { page } = other;
  await logIn(page, await world.server.freshLink());
  await page.getByRole('button', { name: '会话列表' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: '“The clock”的更多操作' }).first().tap();
  await drawer.getByRole('button', { name: '重命名' }).waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await drawer.getByRole('textbox', { name: '搜索会话' }).fill('bicycle');
  await drawer.getByText('您: run: echo bicycle').first().tap();
  await drawer.waitFor({ state: 'detached' }).catch(() => undefined);
  await page.locator('.bubble', { hasText: 'bicycle' }).waitFor();
  other.check();
  await other.context.close();
});
