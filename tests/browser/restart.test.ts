// The server goes and comes back: the page says so, keeps what was typed, and catches up without a lost or doubled message.
import { expect, test } from 'vitest';
import { logIn, openView, say } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test('a restart shows the banner, and the conversation goes on where it was', async () => {
  const view = await openView(world.browser, { expected: [/ERR_|net::/u] });
  const { page } = view;
  await logIn(page, world.server.link);
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
  await page.getByText(/Not sent\./u).waitFor();

  await world.server.resume();
  await page.getByText('The connection was lost. Reconnecting…').waitFor({ state: 'detached' });
  await page
    .getByRole('article')
    .filter({ has: page.getByRole('heading', { name: 'Reminder' }) })
    .waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: /echo while-away Done/u }).waitFor();

  const shown = async (): Promise<unknown> => ({
    said: await page.locator('.bubble').allTextContents(),
    tools: await page.locator('.tool-head').count(),
    reminders: await page.getByRole('heading', { name: 'Reminder' }).count(),
  });
  const once = { said: ['run: echo before', 'remind me in 4 seconds to come back', 'run: echo while-away'], tools: 3, reminders: 1 };
  expect(await shown()).toEqual(once);
  await page.reload();
  await page.getByRole('button', { name: /echo while-away Done/u }).waitFor();
  expect(await shown()).toEqual(once);
  view.check();
  await view.context.close();
});
