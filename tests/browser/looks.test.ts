// Every screen, light and dark, wide and narrow, English and Chinese: nothing serious for axe, and nothing wider than the window.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, launch, logIn, openView, overflow, say, type ViewOptions } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

let browser: Browser;
let server: CopawServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ config: { rules: [{ effect: 'run', verdict: 'ask' }] } })]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const views: readonly (readonly [string, ViewOptions])[] = [
  ['light', { theme: 'light' }],
  ['dark', { theme: 'dark' }],
  ['phone in Chinese', { theme: 'light', width: 390, height: 844, locale: 'zh-CN', touch: true }],
  ['dark phone in English', { theme: 'dark', width: 390, height: 844, touch: true }],
];

describe.each(views)('%s', (_, options) => {
  const english = options.locale !== 'zh-CN';
  const fine = async (page: Page): Promise<void> => {
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  };

  test('the login page', async () => {
    const view = await openView(browser, { ...options, expected: [/401/u] });
    await view.page.goto(server.url);
    await view.page.getByText('copaw open').waitFor();
    await fine(view.page);
    view.check();
    await view.context.close();
  });

  test('the console', async () => {
    const view = await openView(browser, options);
    const { page } = view;
    await logIn(page, await server.freshLink());
    const fresh = page.getByRole('button', { name: english ? 'New conversation' : '新会话' });
    const menu = page.getByRole('button', { name: english ? 'Conversations' : '会话列表' });
    if (options.touch) {
      await menu.click();
      await page.getByRole('dialog').waitFor();
      await fine(page);
    }
    await fresh.click();
    await page.getByRole('heading', { name: english ? /Welcome to CoPaw|What can I do for you/u : /欢迎使用 CoPaw|有什么可以帮您/u }).waitFor();
    await fine(page);

    await say(page, english ? 'write a,b,c to notes.txt and read it back' : '把 你好 写入 notes.txt');
    await page.getByRole('button', { name: /write_file/u }).click();
    await page.locator('.tool pre').first().waitFor();
    await say(page, `run: echo ${'long-'.repeat(60)}`);
    await page.getByRole('button', { name: english ? 'Allow once' : '允许一次' }).waitFor();
    await fine(page);
    await page.getByRole('button', { name: english ? 'Allow once' : '允许一次' }).click();
    const head = page.getByRole('button', { name: english ? /run_command.*Done/u : /run_command.*完成/u });
    await head.click();
    await fine(page);

    await page.goto(`${server.url}/#/models`);
    await page.getByRole('heading', { name: english ? 'Add a provider' : '添加提供方' }).waitFor();
    await fine(page);
    view.check();
    await view.context.close();
  });
});

test('fingers find what they press: every control of a phone is 44 pixels high', async () => {
  const view = await openView(browser, { width: 390, height: 844, touch: true });
  const { page } = view;
  await logIn(page, await server.freshLink());
  await say(page, 'run: echo small');
  await page.getByRole('button', { name: 'Allow once' }).last().waitFor();
  const small = await page.locator('header a.chip, button:visible').evaluateAll((all) =>
    all
      .filter((element) => !element.closest('figcaption, footer, .skip-link') && !element.classList.contains('skip-link'))
      .filter((element) => element.getBoundingClientRect().height < 44)
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(small).toEqual([]);
  await page.getByRole('button', { name: 'Deny' }).last().click();
  view.check();
  await view.context.close();
});

test('in a low window, as of a phone on its side or a page that is enlarged four times, there is room to read and to choose', async () => {
  const view = await openView(browser, { width: 844, height: 390 });
  const { page } = view;
  const height = async (name: string | RegExp, role: 'region' | 'navigation'): Promise<number> =>
    (await page.getByRole(role, { name, exact: true }).boundingBox())?.height ?? 0;
  await logIn(page, await server.freshLink());
  expect(await height('Conversations', 'navigation')).toBeGreaterThanOrEqual(160);
  await page.setViewportSize({ width: 320, height: 256 });
  await expect.poll(() => height('Conversation', 'region')).toBeGreaterThanOrEqual(100);
  await page.locator('#composer').scrollIntoViewIfNeeded();
  expect(await overflow(page)).toBe(0);
  await page.evaluate('scrollTo(0, 0)');
  await page.getByRole('button', { name: 'Conversations' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('link', { name: 'About' }).scrollIntoViewIfNeeded();
  await drawer.getByRole('link', { name: 'About' }).click();
  await page.getByRole('heading', { name: 'About' }).first().waitFor();
  view.check();
  await view.context.close();
});

test('language and theme change at a press, and are remembered', async () => {
  const view = await openView(browser);
  const { page } = view;
  await logIn(page, await server.freshLink());
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: '新会话' }).waitFor();
  await page.getByRole('button', { name: '浅色或深色' }).click();
  await page.reload();
  await page.getByRole('button', { name: '新会话' }).waitFor();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  view.check();
  await view.context.close();
});
