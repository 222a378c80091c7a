// Files in the console: picked, pasted, dropped and recorded; sent, cancelled, tried again; shown and saved, and never run. And the model of one conversation.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../../src/testing/model-server.ts';
import { type SpeechServer, startSpeechServer } from '../providers/speech.ts';
import { axeFindings, launch, logIn, openView, overflow, say, type View } from './browser.ts';
import { type CopawServer, startServer } from './server.ts';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
const dot = { name: 'dot.png', mimeType: 'image/png', buffer: png };
const text = (name: string, content = 'hello') => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
let browser: Browser;
let server: CopawServer;
let model: ModelServer;
let speech: SpeechServer;
let view: View;
let page: Page;
beforeAll(async () => {
  model = await startModelServer('openai-compatible', [{ text: 'I have seen it.' }]);
  const it = { kind: 'openai-compatible', baseUrl: model.baseUrl, models: [{ id: 'm', images: true, price: { input: 1, output: 1 } }, { id: 'n' }] };
  speech = await startSpeechServer({ model: 'whisper' }, { text: 'What the <b>microphone</b> heard.' });
  const ear = { kind: 'openai-compatible', baseUrl: speech.baseUrl };
  const models = { default: 'it/m', providers: { it, ear } };
  const config = { version: 1, timezone: 'UTC', uploads: { fileMegabytes: 1, messageFiles: 3 }, models, transcription: { model: 'ear/whisper' } };
  const media = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  [browser, server] = await Promise.all([launch(media), startServer({ config })]);
  view = await openView(browser, { expected: [/ERR_FAILED/u, /status of 401/u] });
  page = view.page;
  await logIn(page, server.link);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await model?.close();
  await speech?.close();
});

const pick = (on: Page, ...files: ReturnType<typeof text>[]): Promise<void> => on.locator('input[data-files]').setInputFiles(files);
const waiting = (on: Page) => on.getByRole('list', { name: 'Files for this message' }).getByRole('listitem');
/** As a person would: the event that the browser makes of it. */
const bring = (on: Page, kind: 'paste' | 'drop', name: string): Promise<unknown> =>
  on.evaluate(`{
    const data = new DataTransfer();
    data.items.add(new File(['hello'], ${JSON.stringify(name)}, { type: 'text/plain' }));
    const field = document.querySelector('#composer');
    field.dispatchEvent(${kind === 'paste' ? "new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })" : "new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })"});
  }`);

test('files are picked, pasted and dropped; one is taken away, the others go with the message and stay in the conversation', async () => {
  await pick(page, dot);
  await bring(page, 'paste', 'pasted.txt');
  await waiting(page).nth(1).waitFor();
  await bring(page, 'drop', 'dropped.txt');
  await waiting(page).nth(2).waitFor();
  await expect.poll(() => page.evaluate(`[...document.querySelectorAll('form img')].map(({ naturalWidth }) => naturalWidth)`)).toEqual([1]);
  await page.getByRole('button', { name: 'Do not attach pasted.txt' }).click();
  await page.getByText('dropped.txt is attached').waitFor({ state: 'attached' });
  expect(await axeFindings(page)).toEqual([]);
  await say(page, 'What is this?');
  const mine = page.getByRole('article').filter({ hasText: 'What is this?' });
  await mine.getByRole('img', { name: 'dot.png' }).waitFor();
  await expect.poll(() => page.evaluate(`document.querySelector('img[alt="dot.png"]').naturalWidth`)).toBe(1);
  await mine.getByText(/ B · inbox\/.*\/dropped\.txt/u).waitFor();
  expect(await waiting(page).count()).toBe(0);
  await page.getByText('I have seen it.').waitFor();
  expect(model.requests.at(-1)?.body).toContain(png.toString('base64'));
  const [download] = await Promise.all([page.waitForEvent('download'), mine.getByRole('button', { name: 'Save dropped.txt' }).click()]);
  expect([download.suggestedFilename(), readFileSync((await download.path()) ?? '', 'utf8')]).toEqual(['dropped.txt', 'hello']);
  await page.getByText('· 15 tokens, <$0.0001').waitFor();
  await page.getByText(/^· [\d.]+ s$/u).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  // In other words it still has its files.
  await mine.getByRole('button', { name: 'Edit' }).press('Enter');
  await expect.poll(() => waiting(page).allInnerTexts()).toEqual([expect.stringContaining('dot.png'), expect.stringContaining('dropped.txt')]);
  expect(await page.locator('#composer').inputValue()).toBe('What is this?');
  view.check();
});

test('a file that is too large, and one too many, are refused before anything is sent', async () => {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await pick(page, text('large.txt', 'x'.repeat(1024 ** 2 + 1)));
  await page.getByText('A file may have 1 MB.').waitFor();
  expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  const why = page.getByText('The message can be sent once every file is attached or taken away.');
  await why.waitFor();
  await page.getByRole('button', { name: 'Do not attach large.txt' }).click();
  await why.waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.id')).toBe('composer');
  await pick(page, text('1.txt'), text('2.txt'), text('3.txt'), text('4.txt'));
  await page.getByText('A message may have 3 files.').waitFor();
  expect(await waiting(page).count()).toBe(3);
  for (const name of ['1.txt', '2.txt', '3.txt']) await page.getByRole('button', { name: `Do not attach ${name}` }).click();
  view.check();
});

test('an upload that failed is tried again, one that takes long is cancelled, and what is there outlives a reload', async () => {
  await page.route('**/api/uploads?*', (route) => route.abort(), { times: 1 });
  await pick(page, text('again.txt'));
  await page.getByText('CoPaw does not answer.').waitFor();
  await page.getByRole('button', { name: 'Send again.txt again' }).press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('composer');
  await page.getByText('again.txt is attached').waitFor({ state: 'attached' });
  const held = Promise.withResolvers<void>();
  await page.route('**/api/uploads?*', async (route) => {
    await held.promise;
    await route.abort().catch(() => undefined); // the page gave it up
  });
  await pick(page, text('slow.txt'));
  await page.getByRole('progressbar', { name: /^slow\.txt: \d+ % sent$/u }).waitFor();
  expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Do not attach slow.txt' }).click();
  held.resolve();
  await page.unroute('**/api/uploads?*');
  expect(await waiting(page).count()).toBe(1);
  await page.reload();
  await waiting(page).filter({ hasText: 'again.txt' }).waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('article').filter({ hasText: 'again.txt' }).waitFor();
  view.check();
});

test('files go on being sent while something else is looked at, and the addresses of pictures are let go with them', async () => {
  await page.evaluate(`{
    globalThis.addresses = new Set();
    const [make, letGo] = [URL.createObjectURL, URL.revokeObjectURL];
    URL.createObjectURL = (what) => { const made = make.call(URL, what); addresses.add(made); return made; };
    URL.revokeObjectURL = (made) => { addresses.delete(made); letGo.call(URL, made); };
  }`);
  const held = (): Promise<number> => page.evaluate('addresses.size');
  await page.getByRole('button', { name: 'New conversation' }).click();
  await pick(page, dot);
  await expect.poll(held).toBe(1);
  const here = page.url();
  const asked = Promise.withResolvers<void>();
  await page.route('**/api/uploads', (route) => asked.promise.then(() => route.continue()), { times: 1 });
  await pick(page, text('other.txt'), { ...dot, name: 'late.png' });
  await page.goto(`${server.url}/#/usage`);
  await page.getByRole('heading', { name: 'Usage' }).first().waitFor();
  const [through] = await Promise.all([page.waitForResponse(/api\/uploads\?name=late\.png/u), asked.resolve()]);
  expect(through.status()).toBe(200);
  const arriving = Promise.withResolvers<void>();
  await page.route('**/api/uploads?name=slow.txt', (route) => arriving.promise.then(() => route.continue()), { times: 1 });
  await page.goto(here);
  await waiting(page).filter({ hasText: 'late.png' }).waitFor();
  await page.getByRole('button', { name: 'Do not attach other.txt' }).click();
  await pick(page, text('slow.txt'));
  await page.getByRole('progressbar', { name: /^slow\.txt/u }).waitFor();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect.poll(() => waiting(page).count()).toBe(0);
  await page.goto(here);
  await page.getByRole('progressbar', { name: /^slow\.txt/u }).waitFor();
  arriving.resolve();
  await page.getByText('slow.txt is attached').waitFor({ state: 'attached' });
  expect(await waiting(page).locator('img').count()).toBe(2);
  for (const name of ['dot.png', 'late.png', 'slow.txt']) await page.getByRole('button', { name: `Do not attach ${name}` }).click();
  await expect.poll(held).toBe(0);
  view.check();
});

test('a voice note is recorded, goes with the message, is written down under its card, and can be heard', async () => {
  await page.getByRole('button', { name: 'Record a voice note' }).click();
  await page.getByRole('button', { name: 'End the recording (1 s)' }).click();
  await waiting(page)
    .filter({ hasText: /^voice-[\d-]+\.webm/u })
    .waitFor();
  await page.getByText(/\.webm is attached/u).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('region', { name: 'What is said in it' }).getByText('What the <b>microphone</b> heard.').waitFor();
  expect([speech.requests.map(({ file }) => file.name), speech.faults]).toEqual([['voice.webm'], []]);
  expect(model.requests.at(-1)?.body).toContain('written down by a model]');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: /^Play voice-/u }).click();
  const sound = page.locator('audio');
  await sound.waitFor();
  await expect.poll(() => page.evaluate("document.querySelector('audio').readyState")).toBeGreaterThanOrEqual(1);
  view.check();
});

test('where the microphone cannot be used a recording is picked', async () => {
  const other = await openView(browser);
  await logIn(other.page, await server.freshLink());
  await other.page.evaluate(`navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))`);
  const [chooser] = await Promise.all([other.page.waitForEvent('filechooser'), other.page.getByRole('button', { name: 'Record a voice note' }).click()]);
  await other.page.getByText('The microphone cannot be used here.').waitFor();
  await chooser.setFiles([text('memo.txt')]);
  await waiting(other.page).filter({ hasText: 'memo.txt' }).waitFor();
  other.check();
  await other.context.close();
});

test('attack: a page or a drawing that was uploaded is no page of the console: in a new tab it runs nothing and reads nothing', async () => {
  await page.getByRole('button', { name: 'New conversation' }).click();
  const script = 'document.title = "ran"; fetch("/api/status").then(() => { document.title = "read"; })';
  await pick(
    page,
    text('page.html', `<!doctype html><script>${script}</script>`),
    text('drawing.svg', `<svg xmlns="http://www.w3.org/2000/svg"><script>${script}</script></svg>`),
    text('polyglot.gif', `GIF89a/*<script>${script}</script>*/=1`),
  );
  await page.getByText('polyglot.gif is attached').waitFor({ state: 'attached' });
  await say(page, 'Keep these.');
  const mine = page.getByRole('article').filter({ hasText: 'Keep these.' });
  await mine
    .getByText(/polyglot\.gif$/u)
    .first()
    .waitFor();
  const paths = (await mine.getByText(/ B · inbox\//u).allTextContents()).map((line) => line.split(' · ')[1] ?? '');
  expect(paths).toHaveLength(3);
  const sessionId = new URL(page.url()).hash.split('/').at(-1);
  const key = await page.evaluate<string>("localStorage.getItem('copaw.key')");
  for (const path of paths) {
    const address = `${server.url}/api/sessions/${sessionId}/files?${new URLSearchParams({ path })}`;
    const tab = await view.context.newPage();
    // As a link that somebody sends: the cookie alone opens nothing.
    expect((await tab.goto(address))?.status(), path).toBe(401);
    // Even with the whole credential it is saved and not shown.
    await tab.setExtraHTTPHeaders({ 'x-copaw-key': key });
    await expect(tab.goto(address)).rejects.toThrow(/Download is starting/u);
    expect(await tab.title()).toBe('');
    await tab.close();
  }
  view.check();
});

test('a conversation answers with the model that was picked for it, from its first message on', async () => {
  const picker = page.getByRole('combobox', { name: 'Model of this conversation' });
  await page.getByRole('button', { name: 'New conversation' }).click();
  await picker.selectOption('it/n');
  await say(page, 'Who are you?');
  await page.getByText('· it/n').waitFor();
  await page.reload();
  await page.getByText('· it/n').waitFor();
  expect(await picker.inputValue()).toBe('it/n');
  await picker.selectOption('');
  await say(page, 'And now?');
  await page.getByText('· it/m').waitFor();
  await say(page, '/model it/n');
  await expect.poll(() => picker.inputValue()).toBe('it/n');
  const sessionId = new URL(page.url()).hash.split('/').at(-1) ?? '';
  expect(await server.copaw('sessions', 'model', sessionId, 'default')).not.toContain('it/n');
  expect(await server.copaw('sessions', 'model', sessionId, 'it/n')).toContain('it/n');
  expect(await axeFindings(page)).toEqual([]);
  // Its first message in other words begins anew, with the same model.
  await page.getByRole('button', { name: 'Edit' }).first().press('Enter');
  await expect.poll(() => page.locator('#composer').inputValue()).toBe('Who are you?');
  expect([await page.locator('.bubble').count(), await picker.inputValue()]).toEqual([0, 'it/n']);
  view.check();
});

test('on a phone, in Chinese and in the dark, all of it fits', async () => {
  const phone = await openView(browser, { width: 390, height: 780, touch: true, theme: 'dark', locale: 'zh-CN' });
  await logIn(phone.page, await server.freshLink());
  await pick(phone.page, dot, text(`${'很长的名字'.repeat(12)}.txt`));
  await phone.page.getByText('已添加 dot.png').waitFor({ state: 'attached' });
  expect([await overflow(phone.page), await axeFindings(phone.page)]).toEqual([0, []]);
  await say(phone.page, '看一下');
  await phone.page.getByText('I have seen it.').last().waitFor();
  expect([await overflow(phone.page), await axeFindings(phone.page)]).toEqual([0, []]);
  phone.check();
  await phone.context.close();
});

test('the command line sends files along', async () => {
  const answer = await server.copaw('ask', '--attach', import.meta.filename, '--attach', `${import.meta.dirname}/browser.ts`, 'Read these.');
  expect(answer).toContain('I have seen it.');
  expect(model.requests.at(-1)?.body).toMatch(/\/attachments\.test\.ts \(.*\/browser\.ts \(/su);
});

test('a picture that a tool looked at is in its card, and a text can be looked into where it lies', async () => {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await pick(page, dot, text('notes.ts', '// first\r\nconst hidden = "\u202e";\n'));
  await page.getByText('notes.ts is attached').waitFor({ state: 'attached' });
  model.play([{ text: 'I have both.' }]);
  await say(page, 'keep these');
  const mine = page.getByRole('article').filter({ hasText: 'keep these' });
  const path = (await mine.getByText(/ B · inbox\/.*\/dot\.png/u).textContent())?.split(' · ')[1] ?? '';
  await page.getByText('I have both.').waitFor();
  const look = mine.getByRole('button', { name: 'Look into notes.ts' });
  await look.press('Enter');
  await mine.locator('pre').getByText('const hidden = "\\u{202e}";').waitFor();
  expect(await mine.locator('pre').textContent()).toBe('// first\nconst hidden = "\\u{202e}";\n');
  await look.press('Enter');
  expect(await mine.locator('pre').count()).toBe(0);

  model.play([{ calls: [{ id: 'c1', name: 'view_image', arguments: JSON.stringify({ path }) }] }, { text: 'A single point.' }]);
  await say(page, 'look at it');
  await page.getByText('A single point.').waitFor();
  await page.getByRole('button', { name: /view_image.*Done/u }).click();
  await page.getByRole('img', { name: `Picture ${path}` }).waitFor();
  await page.getByText('The file as it is now').waitFor();
  await expect.poll(() => page.evaluate(`document.querySelector('.tool img').naturalWidth`)).toBe(1);
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  view.check();
});
