// The people page: what it says without a channel, and letting in, refusing and claiming ids whose text would hide something.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { axeFindings, logIn, openView } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test('without a channel it says that there is none; with requests it answers them', async () => {
  const view = await openView(world.browser, { expected: [/ERR_|net::/u] });
  const { page } = view;
  await logIn(page, world.server.link);
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('link', { name: 'Set one up' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await world.server.copaw('config', 'set', 'channels', JSON.stringify({ fake: { main: { enabled: true, allow: ['ana'], dangerouslyAllowEveryone: true } } }));
  await world.server.halt();
  const store = await openStore(join(world.server.home, 'copaw.db'));
  const now = Date.now();
  for (const [sender, code] of [
    ['ben\u202e\u200b<b>', 'AAAABBBB'],
    ['my-phone', 'CCCCDDDD'],
    ['mallory', 'EEEEFFFF'],
  ] as const)
    await store.senders.putPairing({
      channel: 'fake',
      account: 'main',
      sender,
      code,
      state: 'pending',
      createdAt: now,
      expiresAt: now + 3_600_000,
      answeredAt: now,
    });
  await store.senders.turnAway({ channel: 'fake', account: 'main', sender: 'eve', rule: 'R9', at: now }, 10);
  await store.close();
  await world.server.resume();
  await logIn(page, world.server.link);
  await page.goto(`${world.server.url}/#/people`);

  const ben = page.getByRole('region', { name: 'ben\\u{202e}\\u{200b}<b>' });
  await ben.getByText('AAAA-BBBB').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);
  await ben.getByRole('button', { name: 'Let in' }).click();
  await ben.waitFor({ state: 'detached' });
  const phone = page.getByRole('region', { name: 'my-phone' });
  await phone.getByRole('button', { name: 'It is me' }).click();
  await phone.getByText('Is it yours?').waitFor();
  await phone.getByRole('button', { name: 'Cancel' }).click();
  await phone.getByRole('button', { name: 'It is me' }).click();
  await phone.getByRole('button', { name: 'Yes, it is my own' }).click();
  await phone.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'mallory' }).getByRole('button', { name: 'Refuse' }).click();
  await page.getByText('Wants to talk to you').waitFor({ state: 'detached' });
  await page.getByText('A boundary is weakened: channels.fake.main.dangerouslyAllowEveryone is on.').waitFor();
  await page.getByText('once, last').waitFor();
  expect(JSON.parse(readFileSync(join(world.server.home, 'config.json'), 'utf8').replace(/^\s*\/\/.*$/gmu, '')).channels.fake.main).toMatchObject({
    allow: ['ana', 'ben\u202e\u200b<b>'],
    operators: ['my-phone'],
  });
  expect(world.server.errors).toContain('dangerouslyAllowEveryone is on');
  view.check();
  await view.context.close();
});
