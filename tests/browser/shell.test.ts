// The installed console: what the worker keeps, what it shows while CoPaw is away and after a logout, and how a newer version is loaded.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { logIn, openView, say } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
const secret = 'the-heron-flies-at-noon';

/** Every address in every cache of the page, and whether any of them holds these words. */
const cached = (page: Page) =>
  page.evaluate<{ paths: string[]; told: boolean }>(`(async () => {
    const paths = [];
    let told = false;
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const one of await cache.keys()) {
        paths.push(new URL(one.url).pathname);
        told ||= (await (await cache.match(one)).text()).includes('${secret}');
      }
    }
    return { paths, told };
  })()`);
/** The kinds of what was written here. */
const written = (page: Page) => () =>
  page.evaluate<string[]>('Object.keys(localStorage).map((key) => /^copaw\\.(draft|files|outgoing)\\./.exec(key)?.[1]).filter(Boolean).sort()');
const workerReady = (page: Page) => page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');

test('it can be installed: manifest, icons of their sizes, and headers that let nothing old stay', async () => {
  const get = (path: string) => fetch(`${world.server.url}${path}`);
  const page = await get('/');
  expect([page.headers.get('cache-control'), page.headers.get('content-security-policy')]).toEqual(['no-cache', expect.stringContaining("worker-src 'self'")]);
  const worker = await get('/service-worker.js');
  expect(['cache-control', 'service-worker-allowed', 'content-type'].map((name) => worker.headers.get(name))).toEqual([
    'no-cache',
    '/',
    'text/javascript; charset=utf-8',
  ]);
  const script = /src="(\/assets\/[^"]+)"/u.exec(await page.text())?.[1] ?? '';
  expect((await get(script)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const manifest = await get('/manifest.webmanifest');
  expect([manifest.status, manifest.headers.get('content-type'), manifest.headers.get('cache-control')]).toEqual([
    200,
    'application/manifest+json',
    'no-cache',
  ]);
  const { icons, start_url, display } = (await manifest.json()) as {
    icons: { src: string; sizes: string; type: string }[];
    start_url: string;
    display: string;
  };
  expect([start_url, display]).toEqual(['/', 'standalone']);
  for (const { src, sizes } of icons.filter(({ type }) => type === 'image/png')) {
    const png = Buffer.from(await (await get(src)).arrayBuffer());
    expect([src, png.toString('latin1', 1, 4), `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`]).toEqual([src, 'PNG', sizes]);
  }
});

test('while CoPaw is away the console opens and says so, then comes back by itself; no answer of CoPaw is ever kept', async () => {
  const view = await openView(world.browser, { expected: [/ERR_|net::/u] });
  const { page } = view;
  await logIn(page, world.server.link);
  await say(page, `run: echo ${secret}`);
  await page.getByRole('button', { name: /run_command.*Done/u }).waitFor();
  await workerReady(page);
  await page.reload();
  await page.getByRole('button', { name: /run_command.*Done/u }).waitFor();
  const { paths, told } = await cached(page);
  expect(told).toBe(false);
  expect(paths).toContain('/');
  expect(paths.filter((path) => path !== '/' && path !== '/icon.svg' && !path.startsWith('/assets/'))).toEqual([]);

  await world.server.halt();
  await page.reload();
  await page.getByRole('heading', { name: 'CoPaw does not answer.' }).waitFor();
  expect(await page.locator('body').textContent()).not.toContain(secret);
  expect(await page.title()).toBe('CoPaw');
  await world.server.resume();
  await page.getByRole('button', { name: /run_command.*Done/u }).waitFor();
  view.check();
  await view.context.close();
});

const logOutBy = {
  palette: async (page: Page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.type('log this browser out');
    await page.keyboard.press('Enter');
  },
  'Security page': async (page: Page) => {
    await page.goto(`${world.server.url}/#/security`);
    const own = page.getByRole('listitem').filter({ hasText: 'This browser' });
    await own.getByRole('button', { name: 'Log this browser out' }).click();
    await own.getByRole('button', { name: 'Revoke for good' }).click();
  },
};

test.each(Object.entries(logOutBy))(
  'after a logout by the %s nothing private is left: not on the page, not in storage, not in a cache, also while CoPaw is away',
  async (_, logOut) => {
    const view = await openView(world.browser, { expected: [/401|ERR_|net::/u] });
    const { page } = view;
    await logIn(page, await world.server.freshLink());
    await page.getByRole('link', { name: new RegExp(secret, 'u') }).click();
    await page.locator('#composer').fill(`draft: ${secret}`);
    await workerReady(page);
    await page.locator('input[data-files]').setInputFiles({ name: `${secret}.txt`, mimeType: 'text/plain', buffer: Buffer.from(secret) });
    await expect.poll(written(page)).toEqual(['draft', 'files']);
    // A push service that takes its time: the page is left before it answers.
    await page.evaluate('navigator.serviceWorker.getRegistration = () => new Promise(() => undefined)');
    await logOut(page);
    await page.getByRole('heading', { name: 'Log in to CoPaw' }).waitFor();
    expect(await written(page)()).toEqual([]);
    const left = async () => ({
      shown: (await page.content()).includes(secret) || (await page.title()).includes(secret),
      stored: await page.evaluate<boolean>(`JSON.stringify([localStorage, sessionStorage]).includes('${secret}')`),
      cached: (await cached(page)).told,
    });
    expect(await left()).toEqual({ shown: false, stored: false, cached: false });
    await page.reload();
    await page.getByRole('heading', { name: 'Log in to CoPaw' }).waitFor();
    expect(await left()).toEqual({ shown: false, stored: false, cached: false });
    await world.server.halt();
    await page.reload();
    await page.getByRole('heading', { name: 'CoPaw does not answer.' }).waitFor();
    expect(await left()).toEqual({ shown: false, stored: false, cached: false });
    await world.server.resume();
    view.check();
    await view.context.close();
  },
);

test('a newer version waits until the person loads it, and what was typed is still there', async () => {
  // A door in front of CoPaw, behind which its worker becomes a newer one.
  let newer = '';
  const front = createServer((asked, answer) => {
    const { port } = new URL(world.server.url);
    const passed = request({ port, host: '127.0.0.1', method: asked.method, path: asked.url, headers: asked.headers }, (got) => {
      const { 'content-length': _, ...headers } = got.headers;
      answer.writeHead(got.statusCode ?? 500, headers);
      got.pipe(answer, { end: false });
      got.on('end', () => answer.end(asked.url === '/service-worker.js' ? newer : ''));
      got.on('error', () => answer.destroy());
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  const view = await openView(world.browser);
  try {
    const { page } = view;
    await logIn(page, (await world.server.freshLink()).replace(world.server.url, `http://127.0.0.1:${port}`));
    await workerReady(page);
    await page.locator('#composer').fill('half a thought');
    const news = page.getByText('A new version of the console is ready.');
    expect(await news.count()).toBe(0);
    newer = '\n// newer\n';
    await page.evaluate('navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => undefined)');
    await news.waitFor();
    expect(await page.locator('#composer').inputValue()).toBe('half a thought');
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Load it' }).click();
    await loaded;
    await page.locator('#composer').waitFor();
    expect(await page.locator('#composer').inputValue()).toBe('half a thought');
    expect(await news.count()).toBe(0);
    view.check();
  } finally {
    await view.context.close();
    front.closeAllConnections();
    front.close();
  }
});
