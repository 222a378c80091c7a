// The security page: findings, a secret that goes in and never comes out, and devices; a browser that revokes itself lands on the login page.
import { expect, test } from 'vitest';
import { axeFindings, logIn, openView } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test('a secret is set and deleted; its value is nowhere on the page or in what the server answers', async () => {
  const view = await openView(world.browser);
  const { page } = view;
  const answers: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/') && !response.url().includes('/api/events'))
      response.text().then(
        (text) => answers.push(text),
        () => undefined,
      );
  });
  await logIn(page, world.server.link);
  await page.getByRole('link', { name: 'Security' }).click();
  await page.getByText('There is no secret.').waitFor();
  await page.getByText('home-temporary').waitFor();
  expect(await page.title()).toBe('Security · CoPaw');
  expect(await axeFindings(page)).toEqual([]);

  const form = page.getByRole('form', { name: 'Set a secret' });
  await form.getByRole('textbox', { name: /^Name/u }).fill('github');
  await form.getByLabel(/^Value/u).fill('canary-in-the-browser');
  await form.getByLabel(/^May be sent to/u).fill('https://api.github.com/user');
  await form.getByRole('button', { name: 'Set' }).click();
  await page.getByText('In the header Authorization to https://api.github.com', { exact: true }).waitFor();
  expect(await form.getByLabel(/^Value/u).inputValue()).toBe('');
  await page.reload();
  await page.getByText('github', { exact: true }).waitFor();
  expect(`${await page.content()}${answers.join()}`).not.toContain('canary');
  expect(JSON.parse(await world.server.copaw('secrets', 'list', '--json'))).toMatchObject({ secrets: [{ name: 'github' }] });

  const secrets = page.getByRole('region', { name: 'Secrets' });
  await secrets.getByRole('button', { name: 'Delete' }).click();
  await secrets.getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('There is no secret.').waitFor();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);
  view.check();
  await view.context.close();
});

test('a device that is revoked elsewhere, and one that revokes itself, lands on the login page', async () => {
  const [first, second] = [await openView(world.browser, { expected: [/401/u] }), await openView(world.browser, { expected: [/401/u] })];
  await logIn(first.page, await world.server.freshLink());
  await logIn(second.page, await world.server.freshLink());
  const { devices } = JSON.parse(await world.server.copaw('devices', 'list', '--json')) as { devices: readonly { id: string }[] };
  await world.server.copaw('devices', 'revoke', devices.at(-1)?.id ?? '');
  await second.page.getByText('This browser is not logged in.').waitFor();

  await first.page.getByRole('link', { name: 'Security' }).click();
  const own = first.page.getByRole('listitem').filter({ hasText: 'This browser' });
  await own.getByRole('button', { name: 'Log this browser out' }).click();
  await own.getByRole('button', { name: 'Revoke for good' }).click();
  await first.page.getByText('This browser is not logged in.').waitFor();
  first.check();
  second.check();
  await first.context.close();
  await second.context.close();
});
