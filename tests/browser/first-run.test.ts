// From an empty home to an answer, in one go and without a word of the manual: the notice, a model that is tried out, hello.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../../src/testing/model-server.ts';
import { axeFindings, launch, openView, overflow } from './browser.ts';
import { type CopawServer, startServer, switching } from './server.ts';

let browser: Browser;
let model: ModelServer;
beforeAll(async () => {
  [browser, model] = await Promise.all([launch(), startModelServer('openai-compatible', [{ text: 'Hello, I am here.' }])]);
});
afterAll(async () => {
  await browser?.close();
  await model?.close();
});

test.each([
  { name: 'desktop', locale: 'en-GB', view: {} },
  { name: 'phone in Chinese', locale: 'zh-CN', view: { width: 390, height: 844, touch: true } },
])('$name', async ({ locale, view: size }) => {
  const zh = locale === 'zh-CN';
  const server: CopawServer = await startServer({ accept: false });
  const view = await openView(browser, { expected: [...switching, /400/u], locale, ...size });
  try {
    const { page } = view;
    await page.goto(server.link);
    if (zh) {
      await page.getByText('模型可能被它读到的内容误导').waitFor();
      await page.getByText('英文原文').click();
      expect(await axeFindings(page)).toEqual([]);
    }
    await page.getByText('Security notice: read before you use CoPaw').waitFor();
    await page.getByRole('button', { name: zh ? /接受/u : 'I have read this and accept' }).click();
    await page.getByRole('heading', { name: zh ? '欢迎使用 CoPaw' : 'Welcome to CoPaw' }).waitFor();
    await page.getByText(zh ? '已知的环境变量中没有密钥' : 'No keys in known environment variables').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);

    const url = page.getByLabel(zh ? '基础 URL' : 'Base URL');
    const add = page.getByRole('button', { name: zh ? '添加并测试' : 'Add and test' });
    await page.getByRole('textbox', { name: zh ? /^名称/u : /^Name/u }).fill('mine');
    await url.fill('localhost:9');
    await page.getByRole('textbox', { name: zh ? /^模型/u : /^Model/u }).fill('small');
    await add.click();
    await page.getByText(zh ? '基础 URL 以 https:// 或 http:// 开头。' : 'A base URL begins with https:// or http://.').waitFor();
    // What does not answer is no model that was connected; the address alone has to be typed again.
    await url.fill('http://127.0.0.1:9');
    await add.click();
    await page.getByText(zh ? '有些功能不可用' : 'Something does not work').waitFor();
    await page.getByText(zh ? '无法连接到模型，或连接中断。' : 'The connection to the model failed or was dropped.').waitFor();
    expect(await page.getByText(zh ? /从现在起由/u : /answers from now on/u).count()).toBe(0);
    await url.fill(model.baseUrl);
    await add.click();
    await page.getByText(zh ? '可流式输出' : 'Streams').waitFor();
    await page.getByText(zh ? /从现在起由 .*small 回答/u : /small answers from now on/u).waitFor();

    // It goes on where it stopped.
    await page.reload();
    await page.getByText(zh ? /从现在起由 .*small 回答/u : /small answers from now on/u).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.getByRole('link', { name: zh ? '前往渠道页' : 'To the channels' }).getAttribute('href')).toBe('#/channels');
    await page.getByRole('button', { name: zh ? '打个招呼' : 'Say hello' }).click();
    await page.getByText('Hello, I am here.').waitFor();

    // CoPaw itself speaks the language of whoever accepted.
    expect((await server.copaw('config', 'get', 'language')).trim()).toBe(zh ? 'zh' : 'en');
    // Once there is a conversation, a new one is not a first one.
    await page.goto(`${server.url}/#/s/s_fresh`);
    await page.getByRole('heading', { name: zh ? '有什么可以帮您？' : /help|do for you/iu }).waitFor();
    view.check();
  } finally {
    await view.context.close();
    await server.close();
  }
});
