// A model that writes what a browser must not run: everything of it is text, and nothing is fetched.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../../src/testing/model-server.ts';
import { axeFindings, launch, logIn, openView, overflow, say } from './browser.ts';
import { chatLines, importChat } from './long-chat.ts';
import { type CopawServer, startServer } from './server.ts';

const hostile = [
  '# Heading',
  '<script>window.pwned = 1</script>',
  '<img src="https://evil.example/a.png" onerror="window.pwned = 1">',
  '![pixel](https://evil.example/pixel.png)',
  '[script](javascript:window.pwned=1) [entity](&#106;avascript:window.pwned=1) [data](data:text/html,<script>1</script>) [file](file:///etc/passwd)',
  '[vb](vbscript:x) [blob](blob:https://evil.example/1) [relative](/api/status) [![nested](https://evil.example/n.png)](javascript:window.pwned=1)',
  '<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned=1"><script>window.pwned=1</script><a xlink:href="javascript:window.pwned=1">svg</a></svg>',
  '![svg](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)',
  '[ref][bad]\n\n[bad]: javascript:window.pwned=1',
  '<style>@import "https://evil.example/a.css"; body { display: none }</style>',
  '<link rel="stylesheet" href="https://evil.example/a.css"> <meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '[good](https://example.org/page) and **bold** and `code <b>`',
  '<a href="javascript:window.pwned=1" onclick="window.pwned=1">raw</a> <svg/onload=window.pwned=1>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '| a | b |\n|---|---|\n| <b onmouseover=pwned=1>x</b> | &lt;i&gt; |',
  '```html\n<script>window.pwned = 1</script>\n```',
  '$\\href{javascript:window.pwned=1}{x}$ and \\(\\url{https://evil.example/u}\\) and $\\htmlData{onclick=window.pwned=1}{x}$',
  '$$\\includegraphics{https://evil.example/f.png}$$\n\n$\\style{background:url(https://evil.example/s)}{x}$ and $\\class{tool}{x}$',
  '$$\\def\\a{\\a\\a}\\a$$\n\nand $\\text{<img src=x onerror=window.pwned=1>} = 1$',
  '```svg\n<svg onload="window.pwned=1"></svg>\n```',
  'turned \u202e text',
].join('\n\n');

const huge = 5_000_000;
/** What must not make a page stand still: each is one answer. */
const heavy: Readonly<Record<string, string>> = {
  'five megabytes of words': 'Words without an end. '.repeat(huge / 22),
  'five megabytes of lines': '- one more **line**\n'.repeat(huge / 20),
  'ten thousand quotes in one another': `${'> '.repeat(10_000)}deep`,
  'ten thousand lists in one another': `${'- '.repeat(10_000)}deep`,
  'quotes that deepen line by line': Array.from({ length: 2_000 }, (_, depth) => `${'>'.repeat(depth + 1)} deep`).join('\n'),
  'emphasis without an end': '_a_'.repeat(200_000),
  'a table of a hundred thousand rows': `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(100_000)}`,
  'five megabytes of code': `\`\`\`ts\n${'const one = "1"; // of many\n'.repeat(huge / 28)}\`\`\``,
  'code that nests, up to the bound of its colours': Array.from({ length: 3 }, () => `\`\`\`ts\n${'{[(`${ '.repeat(2_800)}\n\`\`\``).join('\n\n'),
  'a formula at every third character': '$x$ '.repeat(15_000),
  'large formulas, line by line': 'x\n$$y^2$$\n'.repeat(6_000),
  'fractions in one another': `$$${'\\frac{1}{'.repeat(190)}x${'}'.repeat(190)}$$`,
  'roots in one another': `$$${'\\sqrt{'.repeat(280)}x${'}'.repeat(280)}$$`,
  'macros without an end': Array.from({ length: 500 }, () => '$$\\def\\a{\\a\\a}\\a$$').join('\n\n'),
  'brackets without an end': '[](![]('.repeat(100_000),
};

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
  await page.locator('article, footer, .answer').getByText('scripted/m').last().waitFor();
  const answer = page.locator('.answer').last();
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  const inert = 'img, script, style, link, meta, iframe, svg[onload], [onload], [onclick], [onerror], [onmouseover], b';
  expect(await answer.locator(inert).count()).toBe(0);
  expect(await answer.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
    'https://evil.example/pixel.png',
    'https://evil.example/n.png',
    'https://example.org/page',
  ]);
  await answer.locator('math').waitFor();
  expect(await answer.locator('math').count()).toBe(1);
  expect(await answer.locator('math a, math [href], math [onclick], math [data-onclick], math .tool, math [style*="url"]').count()).toBe(0);
  expect(await answer.locator('math').textContent()).toContain('onerror=window.pwned=1>');
  expect(await answer.locator('a').first().getAttribute('rel')).toBe('noopener noreferrer');
  expect(await answer.textContent()).toContain('<script>window.pwned = 1</script>');
  await answer.getByText('script', { exact: true }).first().click();
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

test('hostile names of files and tools are shown as what they are, and stay in their place', async () => {
  const view = await openView(browser);
  const { page } = view;
  await logIn(page, await server.freshLink());
  await page.getByRole('button', { name: 'New conversation' }).click();
  const path = `<img src=x onerror=window.pwned=1>\u202efdp.exe ${'long '.repeat(200)}\u200b.txt`;
  model.play([{ calls: [{ id: 'c1', name: 'read_file', arguments: JSON.stringify({ path }) }] }, { text: 'There is no such file.' }]);
  await say(page, 'read it');
  await page.getByText('There is no such file.').waitFor();
  const head = page.locator('.tool-head');
  expect(await head.textContent()).toContain('<img src=x onerror=window.pwned=1>\\u{202e}fdp.exe');
  await head.click();
  expect(await page.locator('.tool').textContent()).not.toMatch(/[\u202e\u200b]/u);
  expect([await overflow(page), await page.locator('.tool img').count(), await page.evaluate('window.pwned')]).toEqual([0, 0, undefined]);
  view.check();
  await view.context.close();
});

test.each(Object.entries(heavy))('%s: the page stays usable, and all of it can be shown', async (name, text) => {
  const view = await openView(browser);
  const { page } = view;
  const lines = chatLines(2, (turn) => (turn === 0 ? text : 'A last word.'));
  const chat = await importChat(server.copaw, lines);
  await logIn(page, await server.freshLink());
  await page.goto(`${server.url}/#/s/${chat}`);
  await page.getByText('A last word.').waitFor();
  const answer = page.locator('.answer').first();
  await page.locator('.scroller').evaluate((element) => element.scrollTo(0, 0));
  await answer.waitFor();
  if (name === 'five megabytes of code') expect(await answer.locator('pre span').count()).toBe(0);
  const all = page.getByRole('button', { name: /^Show all: / });
  const isCut = text.length > 60_000;
  expect(await all.count()).toBe(isCut ? 1 : 0);
  expect((await answer.textContent())?.length).toBeLessThan(150_000);
  if (isCut) {
    await all.click();
    await all.waitFor({ state: 'detached' });
    const whole = (await answer.locator('.prose').textContent())?.length ?? 0;
    expect((await answer.locator('.plain').textContent())?.length).toBeGreaterThan(text.length - 60_000 - 1);
    expect(whole).toBeLessThan(70_000);
  }
  const field = page.locator('#composer');
  await field.fill(`still here after ${name}`);
  expect(await field.inputValue()).toBe(`still here after ${name}`);
  expect(await overflow(page)).toBe(0);
  // Who shows all wants to read it from there, not from its end.
  if (isCut) await page.getByRole('button', { name: 'To the latest message' }).click();
  await page.getByText('A last word.').waitFor();
  view.check();
  await view.context.close();
});

test('five megabytes that are still being written are shown to their bound, and the rest on demand', async () => {
  const view = await openView(browser);
  const { page } = view;
  await logIn(page, await server.freshLink());
  await page.getByRole('button', { name: 'New conversation' }).click();
  const hold = Promise.withResolvers<void>();
  const half = 'All of this is one answer.\n\n'.repeat(45_000);
  model.play([{ text: half + half, hold: hold.promise }]);
  await say(page, 'a lot, please');
  const all = page.getByRole('button', { name: /^Show all: / });
  await all.waitFor();
  await all.click();
  await page.locator('.answer-draft .plain').waitFor({ state: 'attached' });
  hold.resolve();
  await page.locator('.answer-draft').waitFor({ state: 'detached' });
  expect((await page.locator('.answer .plain').textContent())?.length).toBeGreaterThan(2 * half.length - 60_000 - 1);
  await page.locator('#composer').fill('still here');
  view.check();
  await view.context.close();
});
