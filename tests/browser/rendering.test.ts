// How answers look: code in colours, tables, formulas, diagrams and changes; what is heavy is loaded when it is first needed.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../../src/testing/model-server.ts';
import { axeFindings, launch, logIn, openView, overflow, say, type View, type ViewOptions } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

const python = ['def area(radius: float) -> float:', '    """The area of a circle."""', '    return 3.14 * radius ** 2  # roughly'].join('\n');
const answer = [
  '# Rendering',
  `\`\`\`python\n${python}\n\`\`\``,
  `\`\`\`ts\n${Array.from({ length: 60 }, (_, line) => `const line${line} = ${line};`).join('\n')}\n\`\`\``,
  '```html\n<script>window.pwned = 1</script><b onclick="pwned=1">x</b>\n```',
  '```diff\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n```',
  `| name | ${Array.from({ length: 12 }, (_, index) => `column ${index}`).join(' | ')} |\n|---|${'---|'.repeat(12)}\n| =1+1 | ${Array.from({ length: 12 }, () => 'value, "quoted"').join(' | ')} |`,
  'It costs $5 and $6, the area is $\\pi r^2$, and \\(\\unknowncommand{x}\\) stays.',
  '$$\n\\sum_{i=0}^{n} i = \\frac{n(n+1)}{2}\n$$',
  '```mermaid\nflowchart LR\n  A[Start 开始] --> B{Choice}\n  B -->|yes| C[Done]\n```',
  '```mermaid\nthis is no diagram\n```',
  `\`\`\`text\n${'long '.repeat(60)}end\n\`\`\``,
  'The end.',
].join('\n\n');

let browser: Browser;
let server: CopawServer;
let model: ModelServer;
beforeAll(async () => {
  [browser, server, model] = await Promise.all([launch(), startServer(), startModelServer('openai-compatible', [{ text: answer }])]);
  await server.copaw('models', 'add', 'scripted', '--kind', 'openai-compatible', '--base-url', model.baseUrl, '--model', 'm', '--no-key', '--default');
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await model?.close();
});

let asked = 0;
async function ask(options: ViewOptions): Promise<View> {
  const view = await openView(browser, options);
  await logIn(view.page, await server.freshLink());
  // A conversation of its own: what another test was shown is not waited for here.
  await view.page.goto(`${server.url}/#/s/s_show_${asked++}`);
  await say(view.page, 'show me');
  await view.page.getByText('The end.').last().waitFor();
  await view.page.locator('math').first().waitFor();
  await view.page.locator('.hljs-keyword').first().waitFor();
  return view;
}

const views: readonly (readonly [string, ViewOptions])[] = [
  ['light', { theme: 'light' }],
  ['dark phone in Chinese', { theme: 'dark', width: 390, height: 844, locale: 'zh-CN', touch: true }],
];

test('nothing of colours, formulas and diagrams is loaded before there is something to show', async () => {
  const view = await openView(browser);
  const { page } = view;
  const heavy: string[] = [];
  // Of the whole context: what the service worker asks for counts as well.
  view.context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/highlight|math|diagram/u.test(pathname)) heavy.push(pathname.replace(/-drawn.*/u, ''));
  });
  await logIn(page, await server.freshLink());
  model.play([
    { text: '# Plain\n\nSome **words**, `code`, a list:\n\n- one\n- two\n\n| a |\n|---|\n| 1 |\n\n```\nno language\n```\n\nIt costs $5 and $6. The end.' },
  ]);
  await say(page, 'nothing heavy');
  await page.getByText('scripted/m').last().waitFor();
  expect(heavy).toEqual([]);
  model.play([{ text: answer }]);
  await say(page, 'show me');
  await page.locator('math').first().waitFor();
  await page.locator('.hljs-keyword').first().waitFor();
  await page.getByRole('button', { name: 'Draw' }).first().click();
  await page.frameLocator('iframe').locator('svg').waitFor();
  expect([...new Set(heavy)].sort()).toEqual(['/assets/highlight', '/assets/math', '/diagram.html']);
  view.check();
  await view.context.close();
});

describe.each(views)('%s', (_, options) => {
  const chinese = options.locale === 'zh-CN';
  test('everything of the answer is there, reachable and legible', async () => {
    const view = await ask(options);
    const { page } = view;
    const said = page.locator('.answer').last();

    const code = said.locator('figure.code').nth(0);
    expect(await code.locator('pre').textContent()).toBe(python);
    expect(await code.locator('.hljs-keyword').allTextContents()).toEqual(['def', 'return']);
    expect(await code.locator('.hljs-comment').textContent()).toBe('# roughly');
    expect(await said.locator('script, b, [onclick], [style*="url"]').count()).toBe(0);
    expect(await page.evaluate('window.pwned')).toBeUndefined();

    const long = said.locator('figure.code').nth(1);
    const folded = (await long.boundingBox())?.height ?? 0;
    const more = long.getByRole('button', { name: chinese ? '显示全部 60 行' : 'Show all 60 lines' });
    await more.press('Enter');
    expect((await long.boundingBox())?.height ?? 0).toBeGreaterThan(folded * 2);
    await long.getByRole('button', { name: chinese ? '收起' : 'Show less' }).click();

    const changes = said.locator('figure.code').nth(3);
    expect(await changes.locator('[data-line]').evaluateAll((lines) => lines.map((line) => `${line.className} ${line.getAttribute('data-line')}`))).toEqual([
      'diff-head    ',
      'diff-head    ',
      'diff-head    ',
      'diff-same 1 1',
      'diff-removed 2  ',
      'diff-added   2',
    ]);

    const wide = said.locator('figure.code').last().locator('pre');
    const scrolls = (): Promise<boolean> => wide.evaluate((box) => box.scrollWidth > box.clientWidth);
    expect(await scrolls()).toBe(true);
    await said
      .locator('figure.code')
      .last()
      .getByRole('button', { name: chinese ? '自动换行' : 'Wrap lines' })
      .press('Enter');
    expect(await scrolls()).toBe(false);

    const table = said.getByRole('figure', { name: chinese ? '表格' : 'Table' }).locator('.table-scroll');
    expect(await table.evaluate((box) => box.scrollWidth > box.clientWidth)).toBe(true);

    expect(await said.getByText('It costs $5 and $6').textContent()).toContain('\\(\\unknowncommand{x}\\) stays.');
    expect(await said.locator('math').count()).toBe(2);
    expect(await said.locator('math msup').count()).toBe(1);
    expect(await said.locator('.formula-display math[display="block"] mfrac').count()).toBe(1);

    expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
    view.check();
    await view.context.close();
  });

  test('a diagram is drawn when that is asked for, and says when it cannot be', async () => {
    const view = await ask(options);
    const { page } = view;
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.frame() !== page.mainFrame()) asked.push(request.url());
    });
    const said = page.locator('.answer').last();
    const draw = said.getByRole('button', { name: chinese ? '绘制' : 'Draw' });
    await draw.first().press('Enter');
    const frame = page.frameLocator('iframe');
    await frame.locator('svg').waitFor();
    await frame.getByText('Start 开始').waitFor();
    await expect.poll(async () => (await page.locator('iframe').boundingBox())?.height ?? 0).toBeGreaterThan(40);
    expect(asked.map((url) => new URL(url).pathname)).toEqual(['/diagram.html']);
    expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);

    await draw.last().click();
    await said
      .getByRole('alert')
      .getByText(chinese ? '无法绘制此图表。' : 'This diagram could not be drawn.')
      .waitFor();
    expect(await said.locator('pre').getByText('this is no diagram').count()).toBe(1);
    await said
      .getByRole('button', { name: chinese ? '显示源码' : 'Show the source' })
      .first()
      .click();
    expect(await page.locator('iframe').count()).toBe(0);
    await said.getByText('flowchart LR').waitFor();
    view.check();
    await view.context.close();
  });
});

test('a table goes to the clipboard as CSV, code as it is', async () => {
  const view = await openView(browser);
  await view.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  const { page } = view;
  await logIn(page, await server.freshLink());
  await page.goto(`${server.url}/#/s/s_clipboard`);
  await say(page, 'show me');
  await page.getByText('The end.').last().waitFor();
  const said = page.locator('.answer').last();
  const clipboard = (): Promise<string> => page.evaluate<string>('navigator.clipboard.readText()');
  await said.getByRole('button', { name: 'Copy as CSV' }).press('Enter');
  await expect.poll(clipboard).toContain('column 11\r\n\'=1+1,"value, ""quoted""",');
  await said.locator('figure.code').first().getByRole('button', { name: 'Copy' }).click();
  await expect.poll(clipboard).toBe(python);
  view.check();
  await view.context.close();
});
