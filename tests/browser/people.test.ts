// The people page: what it says without a channel, and letting in, refusing and claiming ids whose text would hide something.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { axeFindings, launch, logIn, openView } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

let browser: Browser;
let server: CopawServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('without a channel it says that there is none; with requests it answers them', async () => {
  const view = await openView(browser, { expected: [/ERR_|net::/u] });
  const { page } = view;
  await logIn(page, server.link);
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByText('CoPaw does not come with a chat channel yet').waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await server.copaw('config', 'set', 'channels', JSON.stringify({ fake: { main: { enabled: true, allow: ['ana'], dangerouslyAllowEveryone: true } } }));
  await server.halt();
  const store = await openStore(join(server.home, 'copaw.db'));
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
  await server.resume();
  await logIn(page, server.link);
  await page.goto(`${server.url}/#/people`);

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
  expect(JSON.parse(readFileSync(join(server.home, 'config.json'), 'utf8').replace(/^\s*\/\/.*$/gmu, '')).channels.fake.main).toMatchObject({
    allow: ['ana', 'ben\u202e\u200b<b>'],
    operators: ['my-phone'],
  });
  expect(server.errors).toContain('dangerouslyAllowEveryone is on');
  view.check();
  await view.context.close();
});
