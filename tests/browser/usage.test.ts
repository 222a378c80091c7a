// The usage page: what it comes to, the chart and the table that says the same, ranges, and a price that is not known.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { session, usageRow } from '../../src/testing/store-rows.ts';
import { axeFindings, logIn, openView, overflow, say, type ViewOptions } from './browser.ts';
import { layoutFaults, settled } from './layout.ts';
import { useWorld } from './world.ts';

const world = useWorld();
const dayMs = 86_400_000;

test('with no call it says so, and what to expect', async () => {
  const view = await openView(world.browser);
  await logIn(view.page, world.server.link);
  await view.page.getByRole('link', { name: 'Usage' }).click();
  await view.page.getByText('No model was called in that time.').waitFor();
  expect(await view.page.locator('canvas').count()).toBe(0);
  expect(await axeFindings(view.page)).toEqual([]);
  // Calls without tokens are not a chart of nothing.
  await view.page.goto(`${world.server.url}/#/`);
  await say(view.page, 'What time is it?');
  await view.page.getByRole('button', { name: /current_time.*Done/u }).waitFor();
  await view.page.getByRole('link', { name: 'Usage' }).click();
  await view.page.getByText(/^No tokens were counted in \d calls?\.$/u).waitFor();
  expect(await view.page.locator('canvas').count()).toBe(0);
  view.check();
  await view.context.close();
});

const views: readonly (readonly [string, ViewOptions])[] = [
  ['desktop', {}],
  ['dark phone in Chinese', { theme: 'dark', width: 390, height: 844, touch: true, locale: 'zh-CN' }],
];
test.each(views)('totals, chart, table and groups: %s', async (name, options) => {
  await world.server.halt();
  const store = await openStore(join(world.server.home, 'copaw.db'));
  if (name === 'desktop') {
    const now = Date.now();
    const big = (input: number, cachedInput: number, output: number) => ({ usage: { input, cachedInput, output, reasoning: 0 } });
    await store.commit({
      session: session('s1'),
      usage: [
        usageRow('good/one', now, { ...big(10_000, 2_500, 300), cost: 0.25 }),
        usageRow('good/one', now - 2 * dayMs, { ...big(4_000, 0, 100), cost: 0.5 }),
        usageRow('own/quiet\u202e', now, { ...big(2_000, 0, 50), sessionId: '', turnId: '' }),
        usageRow('good/one', now - 100 * dayMs, { ...big(50, 0, 5), cost: 1 }),
      ],
    });
  }
  await store.close();
  await world.server.resume();
  const english = options.locale !== 'zh-CN';
  const view = await openView(world.browser, options);
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  if (options.touch) await page.getByRole('button', { name: '会话列表' }).click();
  await page.getByRole('link', { name: english ? 'Usage' : '用量' }).click();
  const chart = page.getByRole('img', { name: english ? /^Chart: Input, not from cache/u : /^图表：/u });
  await chart.locator('canvas').waitFor();
  const total = (of: string) => page.locator('dl > div').filter({ has: page.getByText(of, { exact: true }) });
  expect(await total(english ? 'Input' : '输入').textContent()).toContain('16k');
  expect(await total(english ? 'From cache' : '来自缓存').textContent()).toContain('16 %');
  const cost = (await total(english ? 'Cost' : '费用').textContent()) ?? '';
  expect(cost).toContain('$0.75');
  expect(cost).toContain(english ? 'and 1 call of unknown cost' : '另有 1 次调用费用未知');

  // Something is drawn, in the colour of the mark that explains it.
  const colours = await page.evaluate<readonly string[]>(`(() => {
    const { width, height } = document.querySelector('canvas');
    const { data } = document.querySelector('canvas').getContext('2d').getImageData(0, 0, width, height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) seen.add('rgb(' + data[at] + ', ' + data[at + 1] + ', ' + data[at + 2] + ')');
    return [...document.querySelectorAll('[data-mark]')].map((mark) => getComputedStyle(mark).backgroundColor).filter((colour) => seen.has(colour));
  })()`);
  expect(colours).toHaveLength(3);

  await page.getByText(english ? 'The same as a table' : '以表格显示').click();
  const rows = page.getByRole('region', { name: english ? 'Over time' : '随时间变化' }).getByRole('row');
  await rows.nth(8).waitFor();
  expect(await rows.count()).toBe(9); // heads, seven days, total
  expect(await rows.nth(8).textContent()).toContain('16,000');
  const models = page.getByRole('region', { name: english ? 'By model' : '按模型' });
  const quiet = models.getByRole('row').filter({ hasText: 'own/quiet\\u{202e}' });
  expect(await quiet.textContent()).toContain(english ? 'unknown' : '未知');
  expect(await quiet.textContent()).not.toContain('$');
  await page
    .getByRole('region', { name: english ? 'By channel' : '按渠道' })
    .getByRole('rowheader', { name: english ? 'No conversation' : '无会话' })
    .waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await settled(page);
  expect(await layoutFaults(page)).toEqual([]);

  if (english) {
    await page.getByRole('combobox', { name: 'Time' }).selectOption('');
    await page.getByText('$1.75').first().waitFor();
    await page.getByRole('combobox', { name: 'Time' }).selectOption('1');
    await page.getByText('12k').first().waitFor();
    expect(await rows.count()).toBe(26);
    await page.getByRole('combobox', { name: 'Chart of' }).selectOption('cost');
    await page.getByRole('img', { name: /^Chart: Known cost/u }).waitFor();
    await page.locator('.u-over').hover();
    await page.getByText('Point at the chart').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Light or dark' }).click();
    await page.locator('canvas').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  }
  view.check();
  await view.context.close();
});
