// Ways in and what they say: a used link, a stranger, a server that is not there, a device that was logged out.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { axeFindings, logIn, openView } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();

const refused = [/401/u];
const unreachable = [/ERR_CONNECTION|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE/u];

test('a code works once; where it is dead the page says so and how to get another', async () => {
  const first = await openView(world.browser);
  await logIn(first.page, world.server.link);
  first.check();
  const second = await openView(world.browser, { expected: refused });
  await second.page.goto(world.server.link);
  await second.page.getByText('This login link has expired or was used before.').waitFor();
  await second.page.getByText('copaw open').waitFor();
  expect(second.page.url()).toBe(`${world.server.url}/`);
  await second.page.waitForLoadState('networkidle');
  expect(await second.page.getByText('This login link has expired').count()).toBe(1);
  // A fresh link opened in the same tab changes only the hash.
  await second.page.goto(await world.server.freshLink());
  await second.page.getByRole('textbox', { name: 'Message' }).waitFor();
  second.check();
  await first.context.close();
  await second.context.close();
});

test('the first load holds the words of one language and no page before the console; another language comes when it is chosen', async () => {
  const view = await openView(world.browser);
  const { page } = view;
  const scripts: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.text());
  });
  const holds = async (words: string): Promise<boolean> => (await Promise.all(scripts)).some((script) => script.includes(words));
  await logIn(page, await world.server.freshLink());
  expect(await Promise.all(['New conversation', '新会话', 'max-h-[52dvh]', 'copaw open'].map(holds))).toEqual([true, false, false, false]);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: '新会话' }).waitFor();
  expect(await holds('新会话')).toBe(true);
  view.check();
  await view.context.close();
});

test('a used link does no harm in a browser that is logged in', async () => {
  const view = await openView(world.browser, { expected: refused });
  const link = await world.server.freshLink();
  await logIn(view.page, link);
  await view.page.goto('about:blank');
  await logIn(view.page, link);
  view.check();
  await view.context.close();
});

test('a cookie that another server on this machine was sent is no credential', async () => {
  const view = await openView(world.browser);
  await logIn(view.page, await world.server.freshLink());
  const sent: string[] = [];
  const other = createServer((request, response) => {
    if (request.url === '/') sent.push(request.headers.cookie ?? '');
    response.setHeader('content-type', 'text/html').end('<!doctype html><link rel="icon" href="data:,">');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    await view.page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    expect(sent).toEqual([expect.stringMatching(/^copaw-\d+=copawc_/u)]);
    expect(await view.page.evaluate<string | null>("localStorage.getItem('copaw.key')")).toBeNull();
    const cookie = sent[0] ?? '';
    const page = { origin: world.server.url, 'sec-fetch-site': 'same-origin' };
    for (const headers of [{ ...page, cookie }, { ...page, cookie, 'x-copaw-key': 'x' }, { authorization: `Bearer ${cookie.split('=')[1]}` }])
      expect((await fetch(`${world.server.url}/api/status`, { headers })).status).toBe(401);
    await logIn(view.page, world.server.url);
  } finally {
    other.closeAllConnections();
    other.close();
  }
  view.check();
  await view.context.close();
});

test('where the browser stores nothing the login lasts until a reload, and the page says why', async () => {
  const view = await openView(world.browser, { expected: refused });
  await view.page.addInitScript({ content: "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError') } })" });
  await logIn(view.page, await world.server.freshLink());
  await view.page.reload();
  await view.page.getByText('This browser lets this page store nothing').waitFor();
  await view.page.getByText('This browser is not logged in.').waitFor();
  expect(await axeFindings(view.page)).toEqual([]);
  view.check();
  await view.context.close();
});

test('a stranger sees the way in and nothing else', async () => {
  const view = await openView(world.browser, { expected: refused });
  await view.page.goto(`${world.server.url}/#/s/somewhere`);
  await view.page.getByText('This browser is not logged in.').waitFor();
  expect(await view.page.getByRole('navigation').count()).toBe(0);
  view.check();
  await view.context.close();
});

test('a page whose server is gone says so and can try again', async () => {
  const view = await openView(world.browser, { expected: unreachable });
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  await page.route('**/api/**', (route) => route.abort('connectionrefused'));
  await page.reload();
  await page.getByRole('heading', { name: 'CoPaw does not answer.' }).waitFor();
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  view.check();
  await view.context.close();
});
