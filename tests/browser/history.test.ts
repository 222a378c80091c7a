// A long conversation: it opens at its end, older messages come by themselves without a jump, a found one is gone to, and reading is not disturbed.
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { axeFindings, logIn, openView, type View } from './browser.ts';
import { chatLines, importChat } from './long-chat.ts';
import { useWorld } from './world.ts';

const turns = 1_000;

const world = useWorld();
let view: View;
let chat: string;
beforeAll(async () => {
  chat = await importChat(world.server.copaw, chatLines(turns));
  view = await openView(world.browser);
  await logIn(view.page, world.server.link);
  await view.page.goto(`${world.server.url}/#/s/${chat}`);
}, 120_000);

/** Sends past the page and waits for the end of the turn, which ends the stream. */
async function tell(page: Page, text: string): Promise<void> {
  const key = await page.evaluate<string>("localStorage.getItem('copaw.key')");
  const headers = { 'x-copaw-key': key, origin: world.server.url, accept: 'text/event-stream', 'content-type': 'application/json' };
  const answer = await page.request.post(`${world.server.url}/api/sessions/${chat}/messages`, { headers, data: { text } });
  expect(await answer.text()).toContain('turn-end');
}

const box = (page: Page) => page.getByRole('region', { name: 'Conversation' });
const question = (page: Page, turn: number) => page.locator('.bubble').getByText(`Question ${turn}`, { exact: true });
const fromEnd = (page: Page): Promise<number> => box(page).evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
/** Numbers of the questions on the page, in its order. */
const onPage = async (page: Page): Promise<number[]> =>
  (await page.locator('.bubble').allTextContents()).filter((text) => text.startsWith('Question')).map((text) => Number(text.slice(9)));
// Scripts of the page are text here: this side of the project has no types of a browser.
const rows = `[...document.querySelectorAll('li.row')].map((row) => {
  const edge = document.querySelector('.scroller').getBoundingClientRect().top;
  const { top, bottom } = row.getBoundingClientRect();
  return { key: row.dataset.key, y: top - edge, end: bottom - edge };
})`;
interface Row {
  readonly key: string;
  /** Pixels from the upper edge. */
  readonly y: number;
  readonly end: number;
}
/** What can be read at the upper edge. */
const atTop = async (page: Page): Promise<Row | undefined> => (await page.evaluate<Row[]>(rows)).find(({ end }) => end > 0);
/** The same, once what is scrolled to is drawn and has its place. */
async function restsAtTop(page: Page): Promise<Row | undefined> {
  let row: Row | undefined;
  await expect
    .poll(async () => {
      const before = row;
      row = await atTop(page);
      return row !== undefined && JSON.stringify(row) === JSON.stringify(before);
    })
    .toBe(true);
  return row;
}
const placeOf = async (page: Page, key: string): Promise<number> => (await page.evaluate<Row[]>(rows)).find((row) => row.key === key)?.y ?? Number.NaN;
const rowsOf = (page: Page): Promise<number> => page.locator('li.row').count();

test('it opens at its end, with only what is near on the page', async () => {
  const { page } = view;
  await question(page, turns - 1).waitFor();
  await expect.poll(() => fromEnd(page)).toBeLessThan(2);
  expect(await rowsOf(page)).toBeLessThan(60);
  const last = page.locator('li.row').last();
  expect([await last.getAttribute('aria-setsize'), Number(await last.getAttribute('aria-posinset')) > 90]).toEqual(['-1', true]);
  expect(await axeFindings(page)).toEqual([]);
  view.check();
});

test('older messages come in by themselves where the reader nears them; what is read stays where it is', async () => {
  const { page } = view;
  const size = (): Promise<number> => box(page).evaluate((element) => element.scrollHeight);
  // A page that comes while nobody scrolls: the answer waits until what is read was noted.
  const asked = Promise.withResolvers<void>();
  const noted = Promise.withResolvers<void>();
  await page.route('**/messages?limit=*&before=*', async (route) => {
    asked.resolve();
    await noted.promise;
    await route.continue();
  });
  await box(page).evaluate((element) => element.scrollTo(0, 900));
  await asked.promise;
  const { key, y } = (await restsAtTop(page)) ?? { key: '', y: 0 };
  const before = await size();
  noted.resolve();
  await expect.poll(size).toBeGreaterThan(before + 5_000);
  expect(Math.abs((await placeOf(page, key)) - y)).toBeLessThan(2);
  await page.unroute('**/messages?limit=*&before=*');
  await box(page).hover();
  const seen = new Set<number>();
  for (let steps = 0; steps < 2_000 && !seen.has(0); steps++) {
    await page.mouse.wheel(0, -4_000);
    const now = await onPage(page);
    expect(now).toEqual(now.map((_, index) => (now[0] ?? 0) + index));
    for (const turn of now) seen.add(turn);
    expect(await rowsOf(page)).toBeLessThan(80);
  }
  await page.getByText('The beginning of this conversation').waitFor();
  expect(await page.getByRole('button', { name: 'Show earlier messages' }).count()).toBe(0);
  expect(await page.locator('li.row').first().getAttribute('aria-setsize')).toBe(String(2 * turns));
  view.check();
});

test('what arrives does not move the reader, and one press leads to the latest', async () => {
  const { page } = view;
  await box(page).evaluate((element) => element.scrollTo(0, 4_000));
  const latest = page.getByRole('button', { name: 'To the latest message' });
  await latest.waitFor();
  const before = await restsAtTop(page);
  await tell(page, 'run: echo news');
  await page.getByText('CoPaw has answered').waitFor({ state: 'attached' });
  expect(await atTop(page)).toEqual(before);
  await latest.click();
  await page.getByRole('button', { name: 'run_command echo news Done' }).waitFor();
  await latest.waitFor({ state: 'detached' });
  await expect.poll(() => fromEnd(page)).toBeLessThan(2);
  await tell(page, 'run: echo more news');
  await page.getByRole('button', { name: 'run_command echo more news Done' }).waitFor();
  await expect.poll(() => fromEnd(page)).toBeLessThan(2);
  view.check();
});

test('what was opened, what has the focus and what is selected outlive being scrolled away', async () => {
  const { page } = view;
  const head = page.getByRole('button', { name: 'run_command echo more news Done' });
  await head.press('Enter');
  await page.evaluate("getSelection().selectAllChildren(document.activeElement.closest('li'))");
  const selected = await page.evaluate<string>('getSelection().toString()');
  await box(page).evaluate((element) => element.scrollTo(0, 20_000));
  await question(page, turns - 1).waitFor({ state: 'detached' });
  expect(await page.evaluate<string>('getSelection().toString()')).toBe(selected);
  expect(await head.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  await page.evaluate('document.activeElement.blur(); getSelection().removeAllRanges()');
  await box(page).evaluate((element) => element.scrollTo(0, 30_000));
  await head.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'To the latest message' }).click();
  await head.waitFor();
  expect(await head.getAttribute('aria-expanded')).toBe('true');
  view.check();
});

test('what was found is gone to, however old it is, here and by its link in another tab', async () => {
  const { page } = view;
  await page.reload();
  await page.getByRole('textbox', { name: 'Search conversations' }).fill('"Question 123"');
  const hit = page.getByRole('link', { name: /You: Question 123 / }).first();
  const link = (await hit.getAttribute('href')) ?? '';
  const inSight = async ({ page: where }: Pick<View, 'page'>): Promise<void> => {
    await where.locator('.goal').getByText('Question 123', { exact: true }).waitFor();
    await expect.poll(async () => (await question(where, 123).boundingBox())?.y).toBeGreaterThan(50);
    expect((await question(where, 123).boundingBox())?.y).toBeLessThan(750);
    expect(new URL(where.url()).hash).toBe(`#/s/${chat}`);
  };
  await hit.click();
  await inSight(view);
  await page.getByRole('button', { name: 'To the latest message' }).click();
  await expect.poll(() => fromEnd(page)).toBeLessThan(2);
  await hit.click();
  await inSight(view);
  const other = await view.context.newPage();
  await other.goto(`${world.server.url}/${link}`);
  await inSight({ page: other });
  await other.close();
  view.check();
});

test('a link to a message that is gone opens the conversation', async () => {
  const { page } = view;
  await page.goto(`${world.server.url}/#/s/${chat}/turn_gone`);
  await page.reload();
  // All of the conversation is looked through first.
  await expect.poll(() => new URL(page.url()).hash, { timeout: 20_000 }).toBe(`#/s/${chat}`);
  await expect.poll(() => fromEnd(page), { timeout: 20_000 }).toBeLessThan(2);
  view.check();
});
