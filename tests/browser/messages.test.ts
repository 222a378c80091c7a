// The messages page: lives from arrival to receipt, filters, pages, and what a second press does.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DurableEvent } from '../../src/core/turn-event.ts';
import { openStore } from '../../src/store/open-store.ts';
import { inboxRow, outboxRow, turn } from '../../src/testing/store-rows.ts';
import { axeFindings, logIn, openView, overflow } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test('messages are found by what became of them, show their life, and are tried again', async () => {
  await world.server.halt();
  const store = await openStore(join(world.server.home, 'copaw.db'));
  const now = Date.now();
  const words = (key: string, text: string) => {
    const { envelope } = inboxRow(key);
    return { ...envelope, inbound: { ...envelope.inbound, kind: 'message' as const, text, sender: { id: 'ana\u202e' } }, receivedAt: now };
  };
  const event = (one: DurableEvent) => ({ sessionId: 's1', turnId: 't1', at: now, event: one });
  for (let index = 0; index < 35; index++) await store.commit({ inbox: [inboxRow(`old-${index}`, { state: 'answered', receivedAt: now })] });
  await store.commit({
    inbox: [inboxRow('bad key/#1', { state: 'failed', sessionId: 's1', turnId: 't1', receivedAt: now, envelope: words('bad key/#1', 'What time is it?') })],
    turn: turn('t1', { outcome: 'failed', startedAt: now, endedAt: now + 2_000 }),
    outbox: [
      outboxRow('ans-t1', 0, { state: 'unknown', attempts: 1, address: { channel: 'gone', account: 'main', chat: 'c' } }),
      outboxRow('ans-t1', 1, { state: 'sent', attempts: 1, ref: 'receipt-9' }),
    ],
    entries: [
      event({ type: 'turn-start', origin: 'operator', answerId: 'ans-t1', resumed: false }),
      event({ type: 'tool-start', callId: 'c1', name: 'run_command', args: {} }),
      event({ type: 'tool-end', callId: 'c1', name: 'run_command', outcome: 'failed', text: 'hidden' }),
      event({ type: 'notice', level: 'error', code: 'internal', text: 'Something went wrong inside CoPaw.' }),
    ],
  });
  await store.close();
  await world.server.resume();

  const view = await openView(world.browser, { expected: [/409/u] });
  const { page } = view;
  await logIn(page, world.server.link);
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByRole('link', { name: 'Messages' }).click();
  await page.getByRole('heading', { name: 'Messages' }).waitFor();
  const rows = page.locator('main li.tool');
  await rows.nth(29).waitFor();
  expect(await rows.count()).toBe(30);
  await page.getByRole('button', { name: 'Show older ones' }).click();
  await rows.nth(35).waitFor();
  expect(await rows.count()).toBe(36);

  await page.getByLabel('Show').selectOption('failed');
  const failed = page.getByRole('button', { name: /Failed.*What time is it\?/u });
  await failed.click();
  await page.getByText('from ana\\u{202e} on console/local').waitFor();
  const life = page.locator('main');
  for (const text of ['Tool run_command, failed', 'Something went wrong inside CoPaw.', 'The turn ended: Failed', 'Part 1: May have been sent, 1 try'])
    await life.getByText(text).waitFor();
  await life.getByText('Part 2: Sent, 1 try, receipt receipt-9').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);

  // What may arrive twice needs a second press; its account is gone, and that is said.
  await life.getByRole('button', { name: 'Send again' }).click();
  await life.getByRole('button', { name: 'Yes, send it even if it arrives twice' }).click();
  await life.getByRole('alert').getByText('The account "main" of "gone" is not there.').waitFor();

  await life.getByRole('button', { name: 'Try again' }).click();
  await life.getByRole('button', { name: 'Yes, begin a new turn' }).click();
  await page.getByText('tried again').waitFor();
  await page.getByLabel('Show').selectOption('unknown');
  await page.getByRole('button', { name: /May have been sent.*gone\/main/u }).waitFor();
  await page.getByLabel('Show').selectOption('all');
  await page
    .getByRole('button', { name: /(?:Answered|Being worked on).*What time is it\?/u })
    .first()
    .click();
  await page.getByText('The turn began').waitFor();
  await page.getByText('Tries').waitFor();
  view.check();
  await view.context.close();

  const narrow = await openView(world.browser, { width: 360, height: 740, touch: true, locale: 'zh-CN' });
  await logIn(narrow.page, await world.server.freshLink());
  await narrow.page.goto(`${world.server.url}/#/messages`);
  await narrow.page.getByRole('heading', { name: '消息' }).waitFor();
  await narrow.page.locator('main li.tool').first().waitFor();
  expect(await overflow(narrow.page)).toBe(0);
  expect(await axeFindings(narrow.page)).toEqual([]);
  narrow.check();
  await narrow.context.close();
});
