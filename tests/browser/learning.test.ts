// What an agent learns by itself, on the page of memory: switched on with its cost in sight, and a proposal that is read, applied and taken back.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../../src/testing/model-server.ts';
import { axeFindings, launch, logIn, openView, overflow, type View } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

const before = '# People\n\n- 2025-01-05 Ana lives in Porto.\n- 2025-02-01 Ana lives in Porto, by the river.\n- 2025-03-01 The plumber is called Rui.\n';
const proposal = {
  memory: '# People\n\n- 2025-02-01 Ana lives in Porto, by the river.',
  dropped: [{ text: '- 2025-01-05 Ana lives in Porto.', why: 'said elsewhere' }],
};
let browser: Browser;
let server: CopawServer;
let model: ModelServer;
let view: View;
beforeAll(async () => {
  model = await startModelServer('openai-compatible', [{ text: JSON.stringify(proposal) }]);
  const providers = { fake: { kind: 'openai-compatible', baseUrl: model.baseUrl, models: [{ id: 'm', price: { input: 1, output: 2 } }] } };
  [browser, server] = await Promise.all([launch(), startServer({ config: { version: 1, models: { default: 'fake/m', providers } } })]);
  view = await openView(browser);
  await logIn(view.page, server.link);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await model?.close();
});
const path = (): string => join(server.home, 'workspaces/main/MEMORY.md');
const config = (): { agents?: { main?: { learning?: object } } } => JSON.parse(readFileSync(join(server.home, 'config.json'), 'utf8'));

test('nothing is on; a second press, with the cost in sight, switches it on; and off again', async () => {
  const { page } = view;
  await page.getByRole('link', { name: 'Memory' }).click();
  const learning = page.getByRole('region', { name: 'Learning' });
  await learning.getByText('about 0 model calls and').first().waitFor();
  expect(await learning.getByText('Off', { exact: true }).count()).toBe(2);
  await learning.getByRole('button', { name: 'Switch on' }).first().press('Enter');
  await learning.getByRole('button', { name: 'Yes, at this cost' }).press('Enter');
  await learning.getByText('On', { exact: true }).waitFor();
  expect(config().agents?.main?.learning).toEqual({ facts: true });
  await learning.getByRole('button', { name: 'Switch off' }).click();
  await expect.poll(() => config().agents?.main?.learning).toEqual({ facts: false });
  expect(model.requests).toHaveLength(0);
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  view.check();
});

test('a proposal shows its diff, what leaves and what stays; it is applied and taken back', async () => {
  const { page } = view;
  writeFileSync(path(), before);
  const learning = page.getByRole('region', { name: 'Learning' });
  await learning.getByRole('button', { name: 'Ask for one now' }).click();
  await learning.getByText('(said elsewhere)').waitFor();
  await learning.getByText('Left out without a reason, so it stays').waitFor();
  expect(await learning.getByText('+- 2025-03-01 The plumber is called Rui.').count()).toBe(0);
  expect(readFileSync(path(), 'utf8')).toBe(before);
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await learning.getByRole('button', { name: 'Apply' }).click();
  await learning.getByRole('button', { name: /Applied/u }).waitFor();
  expect(readFileSync(path(), 'utf8')).toBe(
    '# People\n\n- 2025-02-01 Ana lives in Porto, by the river.\n\n## Kept as it was\n\n- 2025-03-01 The plumber is called Rui.\n',
  );
  await learning.getByRole('button', { name: 'Take it back' }).click();
  await learning.getByRole('button', { name: /Taken back/u }).waitFor();
  expect(readFileSync(path(), 'utf8')).toBe(before);
  expect(model.requests).toHaveLength(1);
  view.check();
});

test('where the model fails that is said; in Chinese and on a phone', async () => {
  model.play([{ fault: 'auth' }]);
  writeFileSync(path(), `${before}- 2026-01-01 new\n`);
  const phone = await openView(browser, { width: 390, height: 844, locale: 'zh-CN', touch: true, theme: 'dark' });
  const { page } = phone;
  await logIn(page, await server.freshLink());
  await page.goto(`${server.url}/#/memory`);
  const learning = page.getByRole('region', { name: '学习' });
  await learning.getByRole('button', { name: '现在请求一份' }).tap();
  await learning.getByRole('alert').waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
});
