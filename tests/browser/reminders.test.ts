// The page of reminders: what waits, the way to its conversation, and a cancel that asks once more.
import { beforeAll, expect, test } from 'vitest';
import { axeFindings, logIn, openView, overflow, say, type View } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let view: View;
beforeAll(async () => {
  view = await openView(world.browser);
  await logIn(view.page, world.server.link);
});

test('nothing waits, then one does, and a second press cancels it; in Chinese and on a phone', async () => {
  const { page } = view;
  await page.getByRole('link', { name: 'Reminders' }).click();
  await page.getByText('No reminder waits.').waitFor();
  await page.goto(`${world.server.url}/#/s/s_remind`);
  await say(page, 'remind me in 2 hours to water the plants');
  await page.getByRole('link', { name: 'Reminders' }).click();
  await page.getByText('water the plants', { exact: true }).waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await page.getByRole('link', { name: 'remind me in 2 hours to water the plants' }).last().click();
  await expect.poll(() => page.url()).toContain('#/s/s_remind');
  const phone = await openView(world.browser, { width: 390, height: 844, locale: 'zh-CN', touch: true, theme: 'dark' });
  await logIn(phone.page, await world.server.freshLink());
  await phone.page.goto(`${world.server.url}/#/reminders`);
  await phone.page.getByRole('button', { name: '取消' }).waitFor();
  expect([await axeFindings(phone.page), await overflow(phone.page)]).toEqual([[], 0]);
  phone.check();
  await page.getByRole('link', { name: 'Reminders' }).click();
  await page.getByRole('button', { name: 'Cancel it' }).press('Enter');
  await page.getByRole('button', { name: 'Yes, cancel it' }).press('Enter');
  await page.getByText('No reminder waits.').waitFor();
  view.check();
});
