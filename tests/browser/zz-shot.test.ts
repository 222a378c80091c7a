import { expect, test } from 'vitest';
import { startModelServer } from '../../src/testing/model-server.ts';
import { launch, logIn, openView, say } from './browser.ts';
import { startServer } from './server.ts';
test('shots', async () => {
  const model = await startModelServer('openai-compatible', [{ text: 'I have seen it.' }]);
  const it = { kind: 'openai-compatible', baseUrl: model.baseUrl, models: [{ id: 'm', images: true }, { id: 'n' }] };
  const [browser, server] = await Promise.all([launch(), startServer({ config: { version: 1, timezone: 'UTC', models: { default: 'it/m', providers: { it } } } })]);
  for (const [name, options] of [['desk', {}], ['phone', { width: 390, height: 780, touch: true, theme: 'dark', locale: 'zh-CN' }]] as const) {
    const { page } = await openView(browser, options);
    await logIn(page, await server.freshLink());
    const files = [{ name: 'icon.png', mimeType: 'image/png', buffer: (await import('node:fs')).readFileSync('docs/images/notice.png') }, { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') }];
    await page.locator('input[data-files]').setInputFiles(files);
    await page.getByText(/notes\.txt is attached|已添加 notes\.txt/u).waitFor({ state: 'attached' });
    await say(page, 'What is this?');
    await page.getByText('I have seen it.').last().waitFor();
    await page.locator('input[data-files]').setInputFiles(files);
    await page.getByText(/notes\.txt is attached|已添加 notes\.txt/u).waitFor({ state: 'attached' });
    await page.waitForTimeout(500);
    await page.screenshot({ path: `/tmp/attach-${name}.png` });
  }
  await browser.close(); await server.close(); await model.close();
  expect(1).toBe(1);
});
