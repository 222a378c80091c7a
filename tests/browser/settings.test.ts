// The page of settings: a form from the schema beside the text itself, looked at before it is saved, with nothing lost where somebody else was faster.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { axeFindings, logIn, openView, overflow, type View } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let view: View;
const file = (): string => join(world.server.home, 'config.json');
const text = (): string => readFileSync(file(), 'utf8');
beforeAll(async () => {
  view = await openView(world.browser, { expected: [/409/u] });
  await logIn(view.page, world.server.link);
});

test('a form changes single keys: what changes is shown first, comments stay, and it can be taken back', async () => {
  const { page } = view;
  const before = text();
  await page.goto(`${world.server.url}/#/settings`);
  await page.getByLabel('Time zone').fill('Asia/Tokyo');
  await page.getByRole('button', { name: 'Server', exact: true }).click();
  await page.getByLabel('Port', { exact: true }).fill('99999');
  await page.getByRole('button', { name: 'See what changes' }).click();
  await page.getByText('server.port').first().waitFor();
  expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  expect(await page.evaluate('document.activeElement.id')).toBe('settings-changes');
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await page.getByLabel('Port', { exact: true }).fill('9000');
  // What was typed is there again after the page was left.
  await page.goto(`${world.server.url}/#/agents`);
  await page.getByRole('heading', { name: 'Agents' }).waitFor();
  await page.goto(`${world.server.url}/#/settings`);
  await page.getByRole('button', { name: 'Give up my changes' }).waitFor();
  expect(await page.getByLabel('Time zone').inputValue()).toBe('Asia/Tokyo');
  await page.getByRole('button', { name: 'Server', exact: true }).click();
  expect(await page.getByLabel('Port', { exact: true }).inputValue()).toBe('9000');
  await page.getByRole('button', { name: 'Limits', exact: true }).click();
  await page.getByLabel('Dollars a day').fill('3');
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await page.getByRole('button', { name: 'See what changes' }).click();
  await page.getByText('In force from the next start: server.port').waitFor();
  await page.getByText('In force as soon as it is saved: timezone, limits.dayCost').waitFor();
  expect(text()).toBe(before);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();
  expect(text()).toContain('// IANA time zone');
  expect(JSON.parse(await world.server.copaw('config', 'get', 'limits.dayCost'))).toBe(3);
  expect((await world.server.copaw('config', 'get', 'timezone')).trim()).toBe('Asia/Tokyo');
  await page.getByRole('button', { name: 'Take the last change back' }).click();
  await page.getByText('It is as it was before.').waitFor();
  expect(text()).toBe(before);
  view.check();
});

test('entries of lists and records are added and removed, and a secret is only named', async () => {
  const { page } = view;
  await page.reload();
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await page.getByLabel('New entry of Providers').fill('local');
  await page.getByLabel('New entry of Providers').press('Enter');
  const provider = page.getByRole('group', { name: 'local', exact: true });
  await provider.getByLabel('Address of the API').fill('http://127.0.0.1:9/v1');
  await provider.getByLabel('Where it is').selectOption({ label: 'Environment variable' });
  await provider.getByLabel('Environment variable', { exact: true }).fill('MY_KEY');
  await provider.getByRole('button', { name: 'Add to “Its models”' }).click();
  await provider.getByLabel('Name', { exact: true }).fill('small');
  await page.getByRole('button', { name: 'Agents', exact: true }).click();
  await page.getByLabel('New entry of Agents').fill('helper');
  await page.getByLabel('New entry of Agents').press('Enter');
  await page.getByRole('group', { name: 'main', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  const raw = page.getByRole('textbox', { name: 'Content of config.json' });
  const typed = await raw.inputValue();
  expect(typed).toMatch(/"key": \{\s*"env": "MY_KEY"\s*\}/u);
  expect(typed).toContain('// Who answers.');
  expect(typed).toMatch(/"agents": \{\s*"main": \{\},\s*"helper": \{\}/u);
  await page.getByRole('button', { name: 'Form', exact: true }).click();
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await page.getByRole('button', { name: 'Remove local' }).click();
  await page.getByRole('button', { name: 'Give up my changes' }).click();
  await page.getByRole('button', { name: 'Give up my changes' }).waitFor({ state: 'detached' });
  view.check();
});

test('where somebody else changed the file the save is refused, theirs is shown, and nothing typed is lost', async () => {
  const { page } = view;
  await page.getByLabel('Time zone').fill('Europe/Rome');
  await page.getByRole('button', { name: 'See what changes' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).waitFor();
  writeFileSync(file(), text().replace('{\n', '{\n  "mine": 1,\n'));
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Somebody else changed config.json meanwhile; nothing was saved.').waitFor();
  await page.reload();
  await page.getByText('Somebody else changed config.json meanwhile; nothing was saved.').waitFor();
  expect(text()).not.toContain('Europe/Rome');
  expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/Rome');
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await page.getByRole('button', { name: 'Look at my changes again' }).click();
  await page.getByText('CoPaw does not know the key "mine"').waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();
  expect(text()).toContain('"mine": 1');
  expect(text()).toContain('Europe/Rome');

  await page.getByRole('button', { name: 'Text', exact: true }).click();
  const raw = page.getByRole('textbox', { name: 'Content of config.json' });
  await raw.fill('{ "timezone": ');
  await page.getByRole('button', { name: 'See what changes' }).click();
  await page.getByText('This cannot be saved yet').waitFor();
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  expect(await raw.inputValue()).toBe('{ "timezone": ');
  await page.getByRole('button', { name: 'Form', exact: true }).click();
  await page.getByText('The text cannot be read, so there is no form of it.').waitFor();
  expect(await raw.inputValue()).toBe('{ "timezone": ');
  view.check();
});

test('in Chinese, dark, on a phone', async () => {
  const phone = await openView(world.browser, { width: 390, height: 844, locale: 'zh-CN', touch: true, theme: 'dark' });
  const { page } = phone;
  await logIn(page, await world.server.freshLink());
  await page.goto(`${world.server.url}/#/settings`);
  for (const name of ['服务器', '模型', '智能体', '上限', '记忆', '渠道', '沙箱', '规则']) await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('button', { name: '添加“规则”' }).first().click();
  await page.getByLabel('渠道的新条目').fill('telegram');
  await page.getByLabel('渠道的新条目').press('Enter');
  await page.getByText('控制台和 API 的端口').waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await page.getByRole('button', { name: '查看更改' }).tap();
  await page.getByRole('heading', { name: '更改内容' }).waitFor();
  await page.getByRole('button', { name: '返回' }).click();
  await page.getByLabel('时区').fill('Mars/Olympus');
  await page.getByRole('button', { name: '查看更改' }).tap();
  await page.getByText('timezone · 这不是 IANA 时区').waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  phone.check();
});
