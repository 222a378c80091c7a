// Makes the pictures of the README, and one of each page of the console, from a real run. By hand: node tests/browser/screenshots.ts
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { pageNames } from '../../console/src/page-names.ts';
import { launch, logIn, openView, say } from './browser.ts';
import { layoutFaults, settled } from './layout.ts';
import { fillHome } from './lived-in.ts';
import { type CopawServer, type ServerOptions, startServer } from './server.ts';

const folder = join(import.meta.dirname, '../../docs/images');
const mostBytes = 200_000;

async function picture(page: Page, name: string): Promise<void> {
  // Nothing blinks and nothing is under the pointer.
  await page.mouse.move(640, 790);
  const path = join(folder, name);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = statSync(path);
  if (size > mostBytes) throw new Error(`${name} has ${size} bytes; ${mostBytes} is the most.`);
  console.log(`${name}: ${size} bytes`);
}

async function withPage(browser: Browser, options: ServerOptions, use: (page: Page, server: CopawServer) => Promise<void>): Promise<void> {
  const server = await startServer(options);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    colorScheme: 'light',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    await page.goto(server.link);
    await use(page, server);
  } finally {
    await context.close();
    await server.close();
  }
}

mkdirSync(join(folder, 'pages'), { recursive: true });
const browser = await launch();
try {
  await withPage(browser, { accept: false }, async (page) => {
    await page.getByText('Security notice').waitFor();
    await picture(page, 'notice.png');
  });
  await withPage(browser, {}, async (page) => {
    await say(page, 'What time is it?');
    await page.getByRole('button', { name: /current_time.*Done/u }).waitFor();
    await say(page, 'remind me in 5 seconds to stretch');
    await page.getByRole('heading', { name: 'Reminder' }).waitFor();
    await page.getByRole('link', { name: /What time is it/u }).waitFor();
    await picture(page, 'chat-reminder.png');
    await page.getByRole('button', { name: 'New conversation' }).click();
    await say(page, 'write buy milk, call Ada to notes.txt and read it back');
    await page.getByRole('button', { name: /read_file.*Done/u }).waitFor();
    await say(page, 'run: wc -l *.md');
    await page.getByRole('button', { name: /run_command.*Done/u }).click();
    await page.getByRole('link', { name: /write buy milk/u }).waitFor();
    await page.getByRole('region', { name: 'Conversation' }).evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await picture(page, 'tool-card.png');
  });
  await withPage(browser, { config: { rules: [{ effect: 'run', verdict: 'ask' }] } }, async (page) => {
    await say(page, 'run: rm -r old-drafts && touch "photo\u202egnp.txt"');
    await page.getByRole('button', { name: 'Allow once' }).waitFor();
    await page.getByRole('link', { name: /Waits for your answer/u }).waitFor();
    await picture(page, 'approval.png');
  });
  await pictureEachPage(browser);
} finally {
  await browser.close();
}

/** Each page of the console at both sizes, in a home that somebody has used; a page that is badly laid out gets no picture. */
async function pictureEachPage(all: Browser): Promise<void> {
  const server = await startServer();
  try {
    await fillHome(all, server);
    for (const [size, look] of [
      ['desktop', { width: 1280, height: 800 }],
      ['phone', { width: 390, height: 844, touch: true }],
    ] as const) {
      const { page, context } = await openView(all, look);
      await logIn(page, await server.freshLink());
      for (const name of pageNames) {
        await page.goto(`${server.url}/#/${name}`);
        await page.locator('main h1').waitFor();
        await settled(page);
        const faults = await layoutFaults(page);
        if (faults.length > 0) throw new Error(`${name} (${size}): ${faults.join('; ')}`);
        await picture(page, `pages/${name}-${size}.png`);
      }
      await context.close();
    }
  } finally {
    await server.close();
  }
}
