// Notices of this browser: the switch on the Inbox page with its honest states, what the worker shows of a push message, and where a click leads.
// Chromium reaches no push service here, so `pushManager` is replaced at one seam: it hands out a subscription with keys of its own. The permission, the
// page, the server, the worker and the notices it shows are real; messages come to the worker by the browser's own way to deliver them for inspection.
import type { CDPSession, Page, Worker } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings, launch, logIn, openView, overflow, say, type View, type ViewOptions } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

let browser: Awaited<ReturnType<typeof launch>>;
let server: CopawServer;
beforeAll(async () => {
  const config = { rules: [{ effect: 'run', verdict: 'ask' }], server: { hosts: ['copaw.test'] } };
  [browser, server] = await Promise.all([launch(['--host-resolver-rules=MAP copaw.test 127.0.0.1']), startServer({ config })]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** The seam: a subscription at a push service that nobody runs, so that CoPaw itself cannot reach it either. */
const subscriptionSeam = `(() => {
  let made;
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const make = async ({ applicationServerKey }) => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const keys = { p256dh: text(await crypto.subtle.exportKey('raw', pair.publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16))) };
    const endpoint = 'https://push.invalid/' + keys.auth;
    made = { options: { applicationServerKey: applicationServerKey.buffer }, toJSON: () => ({ endpoint, keys }), unsubscribe: async () => { made = undefined; return true; } };
    return made;
  };
  PushManager.prototype.getSubscription = async () => made ?? null;
  PushManager.prototype.subscribe = make;
})()`;

async function openInbox(options: ViewOptions = {}, granted = true): Promise<View> {
  const view = await openView(browser, { expected: [/502|ERR_|net::/u], ...options });
  if (granted) await view.context.grantPermissions(['notifications'], { origin: server.url });
  await view.page.addInitScript({ content: subscriptionSeam });
  await logIn(view.page, await server.freshLink());
  await view.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await view.page.goto(`${server.url}/#/inbox`);
  return view;
}

/** Of a loaded machine. */
const soon = { timeout: 20_000 };
const section = (page: Page) => page.getByRole('region', { name: /Tell me on this device|在此设备上通知我/u });
const fine = async (page: Page): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page)).toEqual([]);
  }
  expect(await overflow(page)).toBe(0);
};
const devices = async () => (JSON.parse(await server.copaw('devices', 'list', '--json')) as { devices: { id: string; push?: unknown }[] }).devices;

const phone: ViewOptions = { width: 390, height: 844, touch: true, locale: 'zh-CN' };
test.each([
  ['desktop', {}, 'Tell me here', 'CoPaw asks you', 'Show the text too', 'Try it', 'The last notice did not go out. CoPaw could not reach the push service.'],
  ['phone in Chinese', phone, '在这里通知我', 'CoPaw 询问您', '同时显示内容', '试一下', '上一条通知没有发出。CoPaw 无法连接推送服务。'],
] as const)('off at first, switched on, chosen, tried, and switched off again: %s', async (_, options, on, kind, text, tryIt, lastProblem) => {
  const view = await openInbox(options);
  const { page } = view;
  const own = section(page);
  const main = own.getByRole('checkbox', { name: on });
  await main.waitFor();
  expect(await main.isChecked()).toBe(false);
  expect(await own.getByRole('checkbox').count()).toBe(1);
  const before = (await devices()).filter(({ push }) => push !== undefined).length;

  await main.press('Space');
  await own.getByRole('button', { name: tryIt }).waitFor();
  await own.getByRole('checkbox', { name: kind }).click();
  await expect.poll(() => own.getByRole('checkbox', { name: kind }).isChecked(), soon).toBe(false);
  await own.getByRole('checkbox', { name: text }).click();
  await expect.poll(() => own.getByRole('checkbox', { name: text }).isChecked(), soon).toBe(true);
  await fine(page);
  const told = async () => (await devices()).filter(({ push }) => push !== undefined);
  await expect.poll(async () => (await told()).at(-1)?.push, soon).toEqual({ kinds: ['answers', 'reminders', 'failures'], text: true });
  expect((await told()).length).toBe(before + 1);

  // CoPaw cannot reach that push service, and says so.
  await own.getByRole('button', { name: tryIt }).click();
  await own
    .getByRole('alert')
    .getByText(/could not be reached|无法连接/u)
    .waitFor();

  // The choice outlives a reload, and the command line can end it.
  await page.reload();
  await own.getByRole('group').waitFor();
  expect(await main.isChecked()).toBe(true);
  await own.getByRole('status').getByText(lastProblem).waitFor();
  await main.press('Space');
  await own.getByRole('group').waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement?.type')).toBe('checkbox');
  expect((await told()).length).toBe(before);

  await main.press('Space');
  await own.getByRole('button', { name: tryIt }).waitFor();
  const id = (await devices()).findLast(({ push }) => push !== undefined)?.id ?? '';
  expect(await server.copaw('devices', 'list')).toMatch(/told approvals, answers, reminders, failures/u);
  expect(await server.copaw('devices', 'push', 'off', id)).toContain('is told nothing any more');
  await page.reload();
  await main.waitFor();
  await expect.poll(() => main.isEnabled(), soon).toBe(true);
  expect(await main.isChecked()).toBe(false);
  view.check();
  await view.context.close();
});

test('where it cannot be it says why and what to do: blocked, and not over https', async () => {
  const blocked = await openInbox({}, false);
  await blocked.page.addInitScript({ content: "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })" });
  await blocked.page.reload();
  await section(blocked.page).getByText('Notices of this page are blocked.').waitFor();
  expect(await section(blocked.page).getByRole('checkbox').count()).toBe(0);
  await fine(blocked.page);
  await blocked.context.close();

  const plain = await openView(browser);
  const named = (link: string): string => link.replace('127.0.0.1', 'copaw.test');
  await logIn(plain.page, named(await server.freshLink()));
  await plain.page.goto(named(`${server.url}/#/inbox`));
  await section(plain.page).getByText('A browser takes notices only from pages that came over https').waitFor();
  expect(await section(plain.page).getByRole('checkbox').count()).toBe(0);
  await fine(plain.page);
  plain.check();
  await plain.context.close();
});

interface Standing {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly silent: boolean | null;
}

/** A way to hand the worker of this browser push messages, from a page that is none of CoPaw's. */
async function openDelivery(view: View): Promise<{ deliver(message: object | string): Promise<void>; standing(): Promise<Standing[]>; worker(): Worker }> {
  const blank = await view.context.newPage();
  const session: CDPSession = await view.context.newCDPSession(blank);
  const found = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(server.url));
      if (own) resolve(own.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await found;
  const worker = (): Worker => {
    const own = view.context.serviceWorkers().find((one) => one.url().startsWith(server.url));
    if (!own) throw new Error('The worker does not run.');
    return own;
  };
  const deliver = async (message: object | string): Promise<void> => {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    await session.send('ServiceWorker.deliverPushMessage', { origin: server.url, registrationId, data });
  };
  const all = (): Promise<Standing[]> =>
    worker().evaluate<Standing[]>('registration.getNotifications().then((all) => all.map(({ title, body, tag, silent }) => ({ title, body, tag, silent })))');
  // What this way of pushing brings before the browser is ready for it is lost without a word: the first one that is shown says that it is.
  const first = { id: 'first', tag: 'first', title: 'first', hash: '#/s/first', always: true };
  await expect
    .poll(async () => {
      await deliver(first);
      return (await all()).some(({ tag }) => tag === first.tag);
    }, soon)
    .toBe(true);
  return { worker, deliver, standing: async () => (await all()).filter(({ tag }) => tag !== first.tag) };
}

const asked = { id: 'appr_1', tag: 'approval-appr_1', title: 'main asks for your yes', body: 'It waits until 12:00.', hash: '#/inbox', silent: false };

test('the worker shows a message once, replaces it by what settles it, and shows nothing to somebody who sees the page', async () => {
  const view = await openInbox();
  const { deliver, standing } = await openDelivery(view);
  await deliver(asked);
  await deliver({ ...asked, id: 'test', tag: 'test', title: 'CoPaw tells you here', always: true });
  // What is told in any case is there; the one before it, which is seen on the page, is not.
  await expect.poll(async () => (await standing()).map(({ title }) => title), soon).toEqual(['CoPaw tells you here']);
  await view.page.close();

  await deliver(asked);
  await expect
    .poll(async () => (await standing()).find(({ tag }) => tag === asked.tag))
    .toEqual({
      ...{ title: asked.title, body: asked.body, tag: asked.tag, silent: false },
    });
  await deliver(asked);
  await deliver({ ...asked, id: 'appr_1-settled', title: 'This question waits no longer.', silent: true });
  await expect
    .poll(async () => (await standing()).filter(({ tag }) => tag === asked.tag).map(({ title, silent }) => [title, silent]))
    .toEqual([['This question waits no longer.', true]]);
  await deliver('no JSON at all');
  await expect.poll(async () => (await standing()).find(({ tag }) => tag === 'copaw')?.title, soon).toBe('CoPaw');

  // Whoever opens the console on this device sees that it is settled: nothing of it stays on the screen.
  const page = await view.context.newPage();
  await page.goto(`${server.url}/#/inbox`);
  await section(page).waitFor();
  await expect.poll(standing, soon).toEqual([]);
  await view.context.close();
});

test('a click leads an open tab to the conversation, and opens the place where there is no tab', async () => {
  const view = await openInbox();
  const { page } = view;
  await page.goto(`${server.url}/#/`);
  await say(page, 'What time is it?');
  await page.waitForURL(/#\/s\//u);
  const hash = new URL(page.url()).hash;
  await page.goto(`${server.url}/#/inbox`);
  const { deliver, standing, worker } = await openDelivery(view);
  await deliver({ ...asked, id: 'a1', tag: 'answer', title: 'main has answered', hash, always: true });
  await expect.poll(async () => (await standing()).length, soon).toBe(1);
  // The browser lets a worker focus and open windows only for a person's own click, which no test can make on a notice of the system: the event is made
  // here, and what the worker asks the browser for is written down.
  const click = (tag: string) => `(async () => {
    const asked = [];
    WindowClient.prototype.focus = async () => void asked.push('focus');
    clients.openWindow = async (url) => void asked.push(url);
    const [notification] = await registration.getNotifications({ tag: '${tag}' });
    const event = new NotificationEvent('notificationclick', { notification });
    const work = [];
    event.waitUntil = (promise) => work.push(promise);
    dispatchEvent(event);
    await Promise.all(work);
    return asked;
  })()`;
  expect(await worker().evaluate(click('answer'))).toEqual(['focus']);
  await page.waitForURL(`${server.url}/${hash}`);
  await page.getByText('What time is it?').first().waitFor();
  expect(await standing()).toEqual([]);

  await page.close();
  await deliver({ ...asked, hash: 'https://evil.example/' });
  await expect.poll(async () => (await standing()).length, soon).toBe(1);
  expect(await worker().evaluate(click(asked.tag))).toEqual(['/#/inbox']);
  await view.context.close();
});

test('a logout takes what stands on the screen away, and ends the subscription', async () => {
  const view = await openInbox();
  const { page } = view;
  const main = section(page).getByRole('checkbox', { name: 'Tell me here' });
  await expect.poll(() => main.isEnabled(), soon).toBe(true);
  await main.press('Space');
  await section(page).getByRole('button', { name: 'Try it' }).waitFor();
  await page.goto(`${server.url}/#/models`);
  const { deliver, standing } = await openDelivery(view);
  await deliver({ ...asked, id: 'a2', tag: 'answer', hash: '#/s/s1', body: 'private words', always: true });
  await expect.poll(async () => (await standing()).length, soon).toBe(1);
  const told = (await devices()).filter(({ push }) => push !== undefined).length;
  await page.bringToFront();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('option').first().waitFor();
  await page.keyboard.type('log this browser out');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Log in to CoPaw' }).waitFor();
  await expect.poll(standing, soon).toEqual([]);
  await expect.poll(() => page.evaluate('navigator.serviceWorker.ready.then((found) => found.pushManager.getSubscription())'), soon).toBe(null);
  expect((await devices()).filter(({ push }) => push !== undefined).length).toBe(told - 1);
  await view.context.close();
});
