// A compaction in the console: a line says how much, what the model reads instead can be looked at, and a button takes it back.
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { axeFindings, logIn, openView, overflow, say, type View } from './browser.ts';
import { useWorld } from './world.ts';

const world = useWorld();
let view: View;
beforeAll(async () => {
  view = await openView(world.browser);
  await logIn(view.page, world.server.link);
});

/** The id of a conversation of four exchanges, one after the other: what is said while a turn runs belongs to that. */
async function talked(): Promise<string> {
  let id = '';
  for (const text of ['what time is it', 'list files', 'what day is it today', 'help']) {
    const said = await world.server.copaw('ask', ...(id === '' ? [] : ['--session', id]), '--json', text);
    id = z.object({ sessionId: z.string() }).parse(JSON.parse(said.split('\n')[0] ?? '')).sessionId;
  }
  return id;
}

test('it is shown with what stands in for the messages, undone by its button, and stays so after a reload', async () => {
  const { page } = view;
  await page.goto(`${world.server.url}/#/s/${await talked()}`);
  await say(page, '/compact the time');
  const line = page.getByRole('region', { name: /^Compacted \d+ → \d+ messages$/u });
  await line.getByText('you asked for it').waitFor();
  await line.getByText('What the model reads instead').click();
  await line.getByText('Most room for: the time').waitFor();
  await line.getByText('The summary was written by code', { exact: false }).waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  await line.getByRole('button', { name: 'Take back' }).press('Enter');
  await line.getByText('Taken back', { exact: false }).waitFor();
  await page.reload();
  await line.getByText('Taken back', { exact: false }).waitFor();
  expect(await line.getByRole('button', { name: 'Take back' }).count()).toBe(0);
  view.check();
});

test('in Chinese and on a phone', async () => {
  const other = await openView(world.browser, { width: 390, height: 844, locale: 'zh-CN', touch: true, theme: 'dark' });
  const { page } = other;
  await logIn(page, await world.server.freshLink());
  await page.goto(`${world.server.url}/#/s/${await talked()}`);
  await say(page, '/compact');
  await page
    .getByRole('region', { name: /^已压缩 \d+ → \d+ 条消息$/u })
    .getByRole('button', { name: '撤回' })
    .waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  other.check();
});
