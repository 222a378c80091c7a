// The server goes and comes back: the page says so, keeps what was typed, and catches up without a lost or doubled message.
import { expect, test } from 'vitest';
import { pageNames } from '../../console/src/page-names.ts';
import { axeFindings, logIn, openView, say } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test('a restart shows the banner, and the conversation goes on where it was', async () => {
  const view = await openView(world.browser, { expected: [/ERR_|net::/u] });
  const { page } = view;
  await logIn(page, world.server.link);
  // It takes its files from the server, while there is one.
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await say(page, 'run: echo before');
  await page.getByRole('button', { name: /echo before Done/u }).waitFor();
  await say(page, 'remind me in 4 seconds to come back');
  await page
    .getByText(/is set for/u)
    .first()
    .waitFor();

  await world.server.halt();
  await page.getByText('The connection was lost. Reconnecting…').waitFor();
  await say(page, 'run: echo while-away');
  await say(page, 'run: echo right-after');
  await page.getByText('Goes out when CoPaw answers').nth(1).waitFor();
  await page.locator('#composer').fill('half a thought');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Not connected: try now' }).waitFor();
  // Loaded anew meanwhile, the page has lost nothing of it.
  await page.reload();
  await page.getByRole('heading', { name: 'CoPaw does not answer.' }).waitFor();

  await world.server.resume();
  await page.getByTitle('Connected', { exact: true }).waitFor();
  await page
    .getByRole('article')
    .filter({ has: page.getByRole('heading', { name: 'Reminder' }) })
    .waitFor();
  await page.getByRole('button', { name: /echo while-away Done/u }).waitFor();
  await page.getByRole('button', { name: /echo right-after Done/u }).waitFor();
  expect(await page.locator('#composer').inputValue()).toBe('half a thought');

  const shown = async (): Promise<unknown> => ({
    waiting: await page.evaluate<number>("Object.keys(localStorage).filter((key) => key.startsWith('copaw.outgoing.')).length"),
    said: await page.locator('.bubble').allTextContents(),
    tools: await page.locator('.tool-head').count(),
    reminders: await page.getByRole('heading', { name: 'Reminder' }).count(),
  });
  const once = {
    waiting: 0,
    said: ['run: echo before', 'remind me in 4 seconds to come back', 'run: echo while-away', 'run: echo right-after'],
    tools: 4,
    reminders: 1,
  };
  expect(await shown()).toEqual(once);
  await page.reload();
  await page.getByRole('button', { name: /echo right-after Done/u }).waitFor();
  expect(await shown()).toEqual(once);
  view.check();
  await view.context.close();
});

test('a page that could not be loaded says so and is tried again by a press, and by itself once CoPaw is back', async () => {
  const view = await openView(world.browser, { expected: [/ERR_|net::/u] });
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  const alert = page.locator('main').getByRole('alert');
  const again = page.locator('main').getByRole('button', { name: 'Try again' });
  const asked = /\/api\/(?!events|status|sessions|approvals|commands)/u;
  await page.route(asked, (route) => route.abort());
  for (const name of pageNames) {
    await page.goto(`${world.server.url}/#/${name}`);
    await alert.first().waitFor();
    expect(await again.count(), name).toBeGreaterThan(0);
  }
  expect(await axeFindings(page)).toEqual([]);
  await page.unroute(asked);
  for (const one of (await again.all()).reverse()) await one.press('Enter');
  await page.getByText('Commit', { exact: true }).waitFor();
  expect(await alert.allTextContents()).toEqual([]);

  await world.server.halt();
  await page.getByText('The connection was lost. Reconnecting…').waitFor();
  await page.goto(`${world.server.url}/#/reminders`);
  await again.waitFor();
  await world.server.resume();
  await page.getByText('No reminder waits.').waitFor();
  expect(await alert.allTextContents()).toEqual([]);
  view.check();
  await view.context.close();
});
