// Chromium on a page that is watched: a console error, an uncaught error or a policy violation fails the test that caused it.
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Scripts of the page are text here: this side of the project has no types of a browser.
const reportViolations = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
  copawViolation(violatedDirective + ' ' + blockedURI + ' ' + sample))`;
const findings = `axe.run().then(({ violations }) => violations
  .map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary).join(' | ')))`;

export interface ViewOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly locale?: string;
  readonly touch?: boolean;
  /** Console errors that the test provokes, for example a refused login. */
  readonly expected?: readonly RegExp[];
}

export interface View {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Fails when something went wrong on the page that was not expected. */
  check(): void;
}

export function launch(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...flags, ...more] });
}

export async function openView(browser: Browser, options: ViewOptions = {}): Promise<View> {
  const { width = 1280, height = 800, theme = 'light', locale = 'en-GB', touch = false, expected = [] } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale,
    hasTouch: touch,
    isMobile: touch,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const problems: string[] = [];
  const note = (problem: string): void => {
    if (!expected.some((pattern) => pattern.test(problem))) problems.push(problem);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') note(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => note(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => {
    note(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction('copawViolation', (what: string) => note(`policy violation: ${what}`));
  await page.addInitScript({ content: reportViolations });
  return { page, context, check: () => expect(problems).toEqual([]) };
}

/** Opens a login link and waits for the console. */
export async function logIn(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('textbox', { name: /Message|消息/u }).waitFor();
}

export async function say(page: Page, text: string): Promise<void> {
  const field = page.locator('#composer');
  await field.fill(text);
  await field.press('Enter');
}

/** All findings of axe, as short lines. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Playwright evaluates past the page's policy, so axe needs no exception in it.
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(findings);
}

/** Pixels by which the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
