// A model that writes what a browser must not run: everything of it is text, and nothing is fetched.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../../src/testing/model-server.ts';
import { axeFindings, launch, logIn, openView, say } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

const hostile = [
  '# Heading',
  '<script>window.pwned = 1</script>',
  '<img src="https://evil.example/a.png" onerror="window.pwned = 1">',
  '![pixel](https://evil.example/pixel.png)',
  '[script](javascript:window.pwned=1) [entity](&#106;avascript:window.pwned=1) [data](data:text/html,<script>1</script>) [file](file:///etc/passwd)',
  '[good](https://example.org/page) and **bold** and `code <b>`',
  '<a href="javascript:window.pwned=1" onclick="window.pwned=1">raw</a> <svg/onload=window.pwned=1>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '| a | b |\n|---|---|\n| <b onmouseover=pwned=1>x</b> | &lt;i&gt; |',
  '```html\n<script>window.pwned = 1</script>\n```',
  'turned \u202e text',
].join('\n\n');

let browser: Browser;
let server: CopawServer;
let model: ModelServer;
beforeAll(async () => {
  [browser, server, model] = await Promise.all([launch(), startServer(), startModelServer('openai-compatible', [{ text: hostile }])]);
  await server.copaw('models', 'add', 'scripted', '--kind', 'openai-compatible', '--base-url', model.baseUrl, '--model', 'm', '--no-key', '--default');
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await model?.close();
});

test('script tags, event handlers, javascript: links and remote images are inert', async () => {
  const view = await openView(browser);
  const { page } = view;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await logIn(page, server.link);
  await say(page, 'go on');
  await page.getByText('turned \\u{202e} text').waitFor();
  await page.getByText('scripted/m').waitFor();
  const answer = page.locator('.answer').last();
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(await answer.locator('img, script, iframe, svg[onload], [onclick], [onerror], [onmouseover], b').count()).toBe(0);
  expect(await answer.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
    'https://evil.example/pixel.png',
    'https://example.org/page',
  ]);
  expect(await answer.locator('a').first().getAttribute('rel')).toBe('noopener noreferrer');
  expect(await answer.textContent()).toContain('<script>window.pwned = 1</script>');
  await answer.getByText('script', { exact: true }).click();
  await answer.getByText('entity', { exact: true }).click();
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(asked.filter((url) => !url.startsWith(server.url))).toEqual([]);
  expect(await answer.locator('h2').last().textContent()).toBe('Heading');
  expect(await answer.locator('strong').textContent()).toBe('bold');
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await axeFindings(page)).toEqual([]);
  await page.reload();
  await page.getByText('turned \\u{202e} text').waitFor();
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  view.check();
  await view.context.close();
});
