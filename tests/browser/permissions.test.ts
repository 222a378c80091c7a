// The permissions page: choose who and where, see what decides, add and remove a rule.
import { expect, test } from 'vitest';
import { axeFindings, logIn, openView } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test('what a sender could do, a rule more, a rule less', async () => {
  const view = await openView(world.browser);
  const { page } = view;
  await logIn(page, world.server.link);
  await page.getByRole('link', { name: 'Permissions' }).first().click();
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`, 'u') });
  await row('Write files of the workspace').getByText('Allowed').waitFor();
  await page.getByLabel('Sent by').first().selectOption('unattended');
  await row('Write files of the workspace').getByText('Refused').waitFor();
  await page.getByLabel('Sent by').first().selectOption('operator');
  expect(await axeFindings(page)).toEqual([]);

  const rules = page.getByRole('region', { name: 'Rules' });
  await rules.getByLabel('Verdict').selectOption('deny');
  await rules.getByLabel('Effect').selectOption('write');
  await rules.getByRole('button', { name: 'Add the rule' }).click();
  await row('Write files of the workspace').getByText('rule: rules.0: deny').waitFor();
  await rules.getByRole('button', { name: 'Remove' }).click();
  await rules.getByText('There are no rules.').waitFor();
  await row('Write files of the workspace').getByText('Allowed').waitFor();
  view.check();
  await view.context.close();
});
