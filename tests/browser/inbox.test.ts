// What waits for the person, in one list with a count, live; each is settled where it stands. And the line of state that leads there.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { inboxRow, outboxRow, turn } from '../../src/testing/store-rows.ts';
import { axeFindings, launch, logIn, openView, overflow, say, type ViewOptions } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

let browser: Awaited<ReturnType<typeof launch>>;
let server: CopawServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ config: { rules: [{ effect: 'run', verdict: 'ask' }] } })]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const fine = async (page: Page): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page)).toEqual([]);
  }
  expect(await overflow(page)).toBe(0);
};

/** A failed message, an answer of which a part was given up, and somebody at the door. */
async function leaveThings(): Promise<void> {
  await server.halt();
  const store = await openStore(join(server.home, 'copaw.db'));
  const now = Date.now();
  const { envelope } = inboxRow('lost');
  const said = { ...envelope, inbound: { ...envelope.inbound, kind: 'message' as const, text: 'What time is it?' }, receivedAt: now };
  await store.commit({
    inbox: [inboxRow('lost', { state: 'failed', sessionId: 's9', turnId: 't9', receivedAt: now, envelope: said })],
    turn: turn('t9', { sessionId: 's9', outcome: 'failed', startedAt: now, endedAt: now }),
    outbox: [
      outboxRow('ans-x', 0, { state: 'dead', attempts: 8, address: { channel: 'gone', account: 'main', chat: 'c' }, outgoing: { text: 'The whole answer' } }),
    ],
  });
  const pairing = { channel: 'fake', account: 'main', sender: 'ben', code: 'AAAABBBB', state: 'pending' as const };
  await store.senders.putPairing({ ...pairing, createdAt: now, expiresAt: now + 3_600_000, answeredAt: now });
  await store.close();
  await server.resume();
}

test('nothing waits, then an approval comes up live, and is answered here', async () => {
  const view = await openView(browser);
  const { page } = view;
  await logIn(page, server.link);
  await page.getByRole('link', { name: 'Inbox', exact: true }).click();
  await page.getByText('Nothing waits for you.').waitFor();
  await fine(page);

  const other = await openView(browser, { width: 390, height: 844, touch: true, locale: 'zh-CN' });
  await logIn(other.page, await server.freshLink());
  await say(other.page, 'run: echo from-the-phone');
  const card = page.getByRole('region', { name: 'CoPaw asks for your permission' });
  await card.getByText('echo from-the-phone', { exact: true }).waitFor();
  await card.getByText(/\d+:\d\d left\./u).waitFor();
  await page.getByRole('link', { name: 'In run: echo from-the-phone' }).waitFor();
  await page.getByRole('link', { name: /^Inbox\s*: 1 thing waits for you/u }).waitFor();
  await fine(page);
  await card.getByRole('button', { name: 'Allow once' }).click();
  await other.page.getByRole('button', { name: /run_command.*完成/u }).waitFor();
  await page.getByText('Nothing waits for you.').waitFor();
  expect(await page.evaluate('document.activeElement?.id')).toBe('main');
  other.check();
  view.check();
  await other.context.close();
  await view.context.close();
});

test('failures, answers and people at the door: let be and taken back, tried again, let in', async () => {
  await leaveThings();
  const view = await openView(browser, { expected: [/ERR_|net::|404/u] });
  const { page } = view;
  await logIn(page, server.link);
  await page.getByRole('navigation', { name: 'State of CoPaw' }).getByRole('link', { name: '3 things wait for you' }).click();
  const messages = page.getByRole('region', { name: 'Messages that came to nothing' });
  const answers = page.getByRole('region', { name: 'Answers that did not go out whole' });
  await answers.getByText('The whole answer').waitFor();
  await page.getByRole('region', { name: 'ben' }).waitFor();
  await fine(page);

  await answers.getByRole('button', { name: 'Let it be' }).click();
  await answers.getByText('Let be: The whole answer').waitFor();
  await page.getByRole('link', { name: '2 things wait for you' }).first().waitFor();
  expect(await page.evaluate('document.activeElement?.textContent')).toBe('Undo');
  await page.keyboard.press('Enter');
  await answers.getByRole('button', { name: 'Let it be' }).click();
  await answers.getByText('Let be: The whole answer').waitFor();

  await messages.getByRole('button', { name: /Failed.*What time is it\?/u }).click();
  await messages.getByRole('button', { name: 'Try again' }).click();
  await messages.getByRole('button', { name: 'Yes, begin a new turn' }).click();
  await messages.waitFor({ state: 'detached' });

  const ben = page.getByRole('region', { name: 'ben' });
  await ben.getByRole('button', { name: 'Refuse' }).click();
  await ben.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('Nothing waits for you.').waitFor();
  view.check();
  await view.context.close();
});

const phone: ViewOptions = { width: 390, height: 844, touch: true, locale: 'zh-CN' };
test.each([
  ['desktop', {}, ['Connected', /Offline model/u, /Sandboxed|No sandbox/u, 'Disk has room', 'Nothing is running', 'Nothing waits for you', /^Today: /u]],
  ['phone in Chinese', phone, ['已连接', /离线模型/u, /沙箱/u, '磁盘空间充足', '没有正在进行的回答', '没有等待您的事项', /^今日：/u]],
] as const)('the line of state is always there, and each part leads to where it can be mended: %s', async (_, options, names) => {
  const view = await openView(browser, options);
  const { page } = view;
  await logIn(page, await server.freshLink());
  const line = page.getByRole('navigation', { name: /State of CoPaw|CoPaw 的状态/u });
  const [connected, ...links] = names;
  await line.getByTitle(connected, { exact: true }).waitFor();
  const goals = [];
  for (const name of links) {
    const link = line.getByRole('link', { name });
    expect((await link.boundingBox())?.x).toBeGreaterThanOrEqual(0);
    const box = await link.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(options === phone ? 390 : 1280);
    if (options === phone) expect(box?.height).toBeGreaterThanOrEqual(44);
    goals.push(await link.getAttribute('href'));
  }
  expect(goals).toEqual(['#/models', '#/security', '#/backups', '#/', '#/inbox', '#/usage']);
  await page.goto(`${server.url}/#/inbox`);
  await page.getByRole('heading', { name: /Inbox|待办/u, level: 1 }).waitFor();
  expect(await line.isVisible()).toBe(true);
  await fine(page);
  view.check();
  await view.context.close();
});
