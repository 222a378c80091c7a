// Every page of the table, in both themes and languages, at desktop and phone size: nothing cut off, nothing on top of another, no finding of axe.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageNames } from '../../console/src/page-names.ts';
import { axeFindings, launch, logIn, openView, overflow, type View } from './browser.ts';
import { layoutFaults, settled } from './layout.ts';
import { fillHome } from './lived-in.ts';
import { type CopawServer, startServer } from './server.ts';

let browser: Browser;
let server: CopawServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
  await fillHome(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const looks = [
  { name: 'desktop, light, English', width: 1280, height: 800, theme: 'light', locale: 'en-GB', touch: false },
  { name: 'phone, dark, Chinese', width: 390, height: 844, theme: 'dark', locale: 'zh-CN', touch: true },
  { name: 'desktop, dark, Chinese', width: 1280, height: 800, theme: 'dark', locale: 'zh-CN', touch: false },
  { name: 'phone, light, English', width: 390, height: 844, theme: 'light', locale: 'en-GB', touch: true },
] as const;

test.each(looks)('$name', async (look) => {
  const view: View = await openView(browser, look);
  const { page } = view;
  await logIn(page, await server.freshLink());
  const faults: string[] = [];
  const lookAt = async (where: string): Promise<void> => {
    await settled(page);
    const found = [...(await layoutFaults(page)), ...(await axeFindings(page))];
    if ((await overflow(page)) > 0) found.push('wider than the window');
    faults.push(...found.map((fault) => `${where}: ${fault}`));
  };
  await lookAt('chat');
  for (const name of pageNames) {
    await page.goto(`${server.url}/#/${name}`);
    await page.locator('main h1').waitFor();
    await lookAt(name);
  }
  expect(faults).toEqual([]);
  view.check();
  await view.context.close();
});

test('a page that is broken is noticed', async () => {
  const view = await openView(browser);
  await view.page.setContent(`<main><h1 style="position:relative">A page that holds enough words to be one</h1>
    <p style="width:60px;overflow:hidden;white-space:nowrap">These words do not fit into so small a box</p>
    <div style="display:grid"><button style="grid-area:1/1">One</button><button style="grid-area:1/1">Two</button></div>
    <p style="margin-left:3000px">Far away</p></main>`);
  expect((await layoutFaults(view.page)).map((fault) => fault.split(':')[0])).toEqual(['cut off', 'beside the window', 'on each other']);
  await view.page.setContent('<main></main>');
  expect(await layoutFaults(view.page)).toEqual(['blank: main']);
  await view.context.close();
});
