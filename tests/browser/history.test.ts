// A long conversation: it opens at its end, older messages come page by page without a jump, and reading is not disturbed by what arrives.
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { logIn, openView, type View } from './browser.ts';
import { useWorld } from './world.ts';

const turns = 40;

const world = useWorld();
let view: View;
beforeAll(async () => {
  view = await openView(world.browser);
  await logIn(view.page, world.server.link);
  for (let turn = 0; turn < turns; turn++) await tell(view.page, `run: echo turn-${turn}`);
  await view.page.goto(`${world.server.url}/#/s/long`);
}, 60_000);

/** Sends past the page and waits for the end of the turn, which ends the stream. */
async function tell(page: Page, text: string): Promise<void> {
  const key = await page.evaluate<string>("localStorage.getItem('copaw.key')");
  const headers = { 'x-copaw-key': key, origin: world.server.url, accept: 'text/event-stream', 'content-type': 'application/json' };
  const answer = await page.request.post(`${world.server.url}/api/sessions/long/messages`, { headers, data: { text } });
  expect(await answer.text()).toContain('turn-end');
}

const said = (page: Page): Promise<string[]> => page.locator('.bubble').allTextContents();
const box = (page: Page) => page.getByRole('region', { name: 'Conversation' });
const fromEnd = (page: Page): Promise<number> => box(page).evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);

test('it opens at its end with the newest page', async () => {
  const { page } = view;
  await page.getByRole('button', { name: `run_command echo turn-${turns - 1} Done` }).waitFor();
  await expect.poll(() => fromEnd(page)).toBeLessThan(2);
  expect((await said(page)).length).toBeLessThan(turns);
  view.check();
});

test('older messages go in above, each once, and what is read stays in place', async () => {
  const { page } = view;
  const earlier = page.getByRole('button', { name: 'Show earlier messages' });
  const first = page.locator('.bubble').first();
  const words = (await first.textContent()) ?? '';
  await earlier.scrollIntoViewIfNeeded();
  const before = await first.boundingBox();
  await earlier.click();
  await page.getByText('run: echo turn-0', { exact: true }).first().waitFor();
  const after = await page
    .locator('.bubble')
    .filter({ hasText: new RegExp(`^${words}$`, 'u') })
    .boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(80);
  await expect.poll(() => earlier.count()).toBe(0);
  expect(await said(page)).toEqual(Array.from({ length: turns }, (_, turn) => `run: echo turn-${turn}`));
  view.check();
});

test('what arrives does not move the reader, and one press leads to the latest', async () => {
  const { page } = view;
  await box(page).evaluate((element) => element.scrollTo(0, 400));
  const latest = page.getByRole('button', { name: 'To the latest message' });
  await latest.waitFor();
  await tell(page, 'run: echo news');
  await page.getByRole('button', { name: 'run_command echo news Done' }).waitFor();
  expect(await box(page).evaluate((element) => element.scrollTop)).toBe(400);
  await latest.click();
  await latest.waitFor({ state: 'detached' });
  expect(await fromEnd(page)).toBeLessThan(2);
  await tell(page, 'run: echo more news');
  await page.getByRole('button', { name: 'run_command echo more news Done' }).waitFor();
  await expect.poll(() => fromEnd(page)).toBeLessThan(2);
  view.check();
});
