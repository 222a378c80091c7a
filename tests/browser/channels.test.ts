// The channels page against a real server and a program that speaks the generic webhook: set up with faults, proved, switched with a way back, changed, removed.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings, logIn, openView } from './browser.ts';
import { layoutFaults, settled } from './layout.ts';
import { useWorld } from './world.ts';

const world = useWorld();
const secret = 'a secret of the webhook, long enough';
const posted: string[] = [];
let receiver: Server;
beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) pieces.push(piece);
    posted.push(Buffer.concat(pieces).toString());
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  receiver?.closeAllConnections();
  receiver?.close();
});

const account = (): Record<string, unknown> | undefined =>
  JSON.parse(readFileSync(join(world.server.home, 'config.json'), 'utf8').replace(/^\s*\/\/.*$/gmu, '')).channels?.webhook?.main;

test('what a platform says of itself hides nothing, and one that is down is tried again', async () => {
  const view = await openView(world.browser, { width: 390, height: 844, touch: true, expected: [/api\/channels\/webhook\/other/u] });
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  const since = Date.now() - 60_000;
  const down = { channel: 'webhook', account: 'other', state: 'down', since, downSince: since, attempts: 3, nextTryAt: Date.now() + 40_000 };
  const lastError = { code: 'egress-failed', message: 'The name chat.example\u202e was not found.' };
  await page.route('**/api/channels', (route) => route.fulfill({ json: { channels: [{ ...down, lastError }] } }));
  let tries = 0;
  await page.route('**/api/channels/webhook/other/restart', (route) => {
    tries++;
    return route.fulfill({ json: { channel: { ...down, lastError } } });
  });
  await page.goto(`${world.server.url}/#/channels`);
  await page.getByText(/Down since .* – The name chat\.example\\u\{202e\} was not found\. – next try in \d+ s/u).waitFor();
  await settled(page);
  expect([await axeFindings(page), await layoutFaults(page)]).toEqual([[], []]);
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByRole('button', { name: 'Try now', disabled: false }).waitFor();
  expect(tries).toBe(1);
  view.check();
  await view.context.close();
});

const han = /\p{Script=Han}/u;

test.each([
  ['desktop', { locale: 'zh-CN' }],
  ['phone', { width: 390, height: 844, touch: true, theme: 'dark', locale: 'zh-CN' }],
] as const)('the form of every kind is Chinese where the console is: %s', async (_, look) => {
  const view = await openView(world.browser, look);
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  await page.goto(`${world.server.url}/#/channels`);
  const choice = page.getByRole('combobox', { name: '渠道', exact: true });
  await choice.waitFor();
  const titles = (await choice.getByRole('option').allInnerTexts()).slice(1);
  expect(titles).toHaveLength(12);
  expect(titles).toEqual(expect.arrayContaining(['钉钉', '飞书 / Lark', '电子邮件']));
  for (const title of titles) {
    await choice.selectOption({ label: title });
    const form = page.locator('form');
    await form.getByText(/^docs\/channels\/.*逐步说明/u).waitFor();
    const more = form.getByText('更多设置');
    if ((await more.count()) > 0) await more.click();
    const [labels, hints] = await Promise.all([form.locator('label').allInnerTexts(), form.locator('small').allInnerTexts()]);
    expect(labels.length).toBeGreaterThan(1);
    expect([...labels, ...hints].filter((text) => !han.test(text) || text.includes(' 。'))).toEqual([]);
    await form.getByRole('button', { name: '添加、开启并测试' }).click();
    const faults = form.locator('strong');
    await faults.first().waitFor();
    expect((await faults.allInnerTexts()).filter((text) => !han.test(text))).toEqual([]);
    expect([title, await axeFindings(page), await layoutFaults(page)]).toEqual([title, [], []]);
  }
  view.check();
  await view.context.close();
});

test('how an account stands and what its test showed is Chinese, beside the words of the platform', async () => {
  const view = await openView(world.browser, { locale: 'zh-CN', expected: [/api\/channels\/dingtalk\/main/u] });
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  const since = Date.now() - 60_000;
  const down = { channel: 'dingtalk', account: 'main', state: 'down', since, downSince: since, attempts: 3, nextTryAt: Date.now() + 40_000 };
  let lastError = { code: 'egress-failed', message: 'api.dingtalk.com could not be reached.', next: 'Renew it, or set the clock right.' };
  await page.route('**/api/channels', (route) => route.fulfill({ json: { channels: [{ ...down, lastError }] } }));
  const link = { state: 'open', detail: 'Not tried: access failed.' };
  const links = [
    { link: 'settings', state: 'ok', detail: 'Everything that is needed is there.' },
    { link: 'secret', state: 'ok', detail: 'clientSecret: set.' },
    { link: 'network', state: 'ok', detail: 'api.dingtalk.com:443' },
    {
      link: 'access',
      state: 'failed',
      detail: 'Something that has no words yet.',
      next: 'Check Client ID and Client Secret of the app: copaw channels add dingtalk.',
    },
    ...[
      { link: 'receiving', ...link },
      { link: 'sending', ...link },
    ],
  ];
  await page.route('**/api/channels/dingtalk/main/test', (route) => route.fulfill({ json: { channel: 'dingtalk', account: 'main', ok: false, links } }));
  await page.goto(`${world.server.url}/#/channels`);
  const card = page.getByRole('region', { name: 'dingtalk/main' });
  await card.getByRole('heading', { name: '钉钉 · main' }).waitFor();
  await card.getByText(/中断 – 无法连接到 api\.dingtalk\.com。请更新证书，或校准时钟。 – \d+ 秒后重试/u).waitFor();
  await card.getByRole('button', { name: '测试' }).click();
  await expect.poll(() => card.getByRole('listitem').allInnerTexts()).toHaveLength(6);
  expect((await card.getByRole('listitem').allInnerTexts()).map((text) => text.replace(/^–\s*/u, '').replace(/\s*：[^·]*·/u, ' ·'))).toEqual([
    '设置 · 所需内容齐全。',
    '密钥 · 应用凭证 Client Secret：已有值。',
    '网络 · api.dingtalk.com:443',
    '权限 · 失败（Something that has no words yet.）。请检查应用的 Client ID 和 Client Secret。',
    ...['接收 · 未尝试：权限有问题。', '发送 · 未尝试：权限有问题。'],
  ]);
  lastError = { code: 'unauthenticated', message: 'You shall not pass', next: '' };
  await card.getByText('凭证不被接受（You shall not pass）。').waitFor();
  view.check();
  await view.context.close();
});

test('an account is set up, proved, switched, changed and removed', async () => {
  const view = await openView(world.browser);
  const { page } = view;
  await logIn(page, await world.server.freshLink());
  await page.getByRole('link', { name: 'Channels', exact: true }).click();
  await page.getByText('No channel is set up yet.').waitFor();
  expect(await axeFindings(page)).toEqual([]);

  // All that is wrong is told at once, where it stands, and what was typed stays.
  await page.getByRole('combobox', { name: 'Channel', exact: true }).selectOption({ label: 'Webhook' });
  await page.getByText('docs/channels/webhook.md').waitFor();
  const form = page.locator('form');
  await form.getByLabel(/^url/u).fill('nowhere');
  await form.getByRole('button', { name: 'Add, switch on and test' }).click();
  await form.getByText('This is needed.').waitFor();
  await form.getByText('Invalid URL').waitFor();
  expect(await form.getByLabel(/^url/u).inputValue()).toBe('nowhere');
  expect(await form.getByLabel(/^secret/u).getAttribute('type')).toBe('password');
  expect(account()).toBeUndefined();
  expect(await axeFindings(page)).toEqual([]);

  await form.getByLabel(/^url/u).fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in`);
  await form.getByLabel(/^secret/u).fill(secret);
  await form.getByRole('button', { name: 'Add, switch on and test' }).click();
  const card = page.getByRole('region', { name: 'webhook/main' });
  await card.getByText('Nothing failed.').waitFor();
  await card.getByText('Connected since').waitFor();
  await card.getByText('Nobody is let in yet.').waitFor();
  await card.getByText(/Now write to it\. A stranger is given a code/u).waitFor();
  expect(await card.getByRole('listitem').allInnerTexts()).toHaveLength(6);
  expect(account()).toMatchObject({ enabled: true, secret: { vault: 'channel-webhook-main-secret' } });
  expect(await page.content()).not.toContain(secret);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    expect([await axeFindings(page), await layoutFaults(page)]).toEqual([[], []]);
  }

  // A program that is let in is answered.
  await world.server.copaw('channels', 'add', 'webhook', '--set', 'allow=["monitor"]');
  const body = JSON.stringify({ id: '1', sender: { id: 'monitor' }, text: 'What time is it?' });
  const seconds = String(Math.floor(Date.now() / 1_000));
  const signature = `sha256=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-copaw-timestamp': seconds, 'x-copaw-signature': signature };
  expect((await fetch(`${world.server.url}/hooks/webhook/main`, { method: 'POST', body, headers })).status).toBe(202);
  await expect.poll(() => posted.length, { timeout: 15_000 }).toBeGreaterThan(0);

  // What the operator says there on purpose goes out as CoPaw, and stays in the conversation.
  const { sessions } = JSON.parse(await world.server.copaw('sessions', 'list', '--json'));
  await page.goto(`${world.server.url}/#/s/${sessions[0].id}`);
  await page.getByText('This conversation is on a chat channel.').waitFor();
  await page.getByRole('button', { name: 'Say something there, as CoPaw' }).click();
  const there = page.getByRole('textbox', { name: 'What CoPaw says in that chat' });
  await there.fill('Back **at six**.');
  await settled(page);
  expect([await axeFindings(page), await layoutFaults(page)]).toEqual([[], []]);
  await there.press('Enter');
  await page.locator('strong', { hasText: 'at six' }).waitFor();
  await expect.poll(() => posted.filter((one) => one.includes('at six')).length, { timeout: 15_000 }).toBe(1);
  expect(await there.inputValue()).toBe('');
  await page.goto(`${world.server.url}/#/channels`);

  await card.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('webhook/main is switched off.').waitFor();
  await card.getByText('Off', { exact: true }).waitFor();
  expect(account()).toMatchObject({ enabled: false });
  await page.getByRole('button', { name: 'Undo' }).click();
  await card.getByText('Connected since').waitFor();
  expect(account()).toMatchObject({ enabled: true });
  await card.getByText('1 other people').waitFor();

  // What is changed is proved again; the secret stays where nothing is typed, and is never shown.
  await card.getByRole('button', { name: 'Settings' }).click();
  expect(await card.getByLabel(/^secret/u).inputValue()).toBe('');
  await card.getByText('More settings').click();
  await card.getByLabel(/^textLength/u).fill('500');
  await card.getByLabel(/^Shows tools/u).check();
  await card.getByLabel(/^Welcome/u).fill('Hello.');
  await card.getByRole('button', { name: 'Save and test' }).click();
  await card.getByText('More settings').waitFor({ state: 'detached' });
  await card.getByText('Nothing failed.').waitFor();
  expect(account()).toMatchObject({ textLength: 500, showTools: true, welcome: 'Hello.', secret: { vault: 'channel-webhook-main-secret' } });
  // What is no number takes nothing out, and what is as usual again is not written.
  await card.getByRole('button', { name: 'Settings' }).click();
  await card.getByText('More settings').click();
  await card.getByLabel(/^Shows tools/u).uncheck();
  await card.getByLabel(/^textLength/u).fill('');
  await card.getByLabel(/^textLength/u).pressSequentially('5e');
  await card.getByRole('button', { name: 'Save and test' }).click();
  await card.getByText('This is not a number.').waitFor();
  expect(account()).toMatchObject({ textLength: 500, showTools: true });
  await card.getByLabel(/^textLength/u).fill('500');
  await card.getByRole('button', { name: 'Save and test' }).press('Enter');
  await card.getByText('More settings').waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main');
  await card.getByText('Nothing failed.').waitFor();
  expect(account()).toMatchObject({ textLength: 500, welcome: 'Hello.' });
  expect(account()).not.toHaveProperty('showTools');
  await card.getByRole('button', { name: 'Connect afresh' }).click();
  await card.getByText('Connected since').waitFor();

  // Its secret is in the vault alone, so removing asks; where nothing is lost, it can be taken back.
  await card.getByRole('button', { name: 'Remove' }).click();
  await card.getByRole('button', { name: 'Cancel' }).click();
  await world.server.copaw('channels', 'add', 'webhook', '--secret', 'secret=HOOK_SECRET');
  await page.reload();
  await card.getByText(/Refused, down since .*HOOK_SECRET is not set/u).waitFor();
  await card.getByRole('button', { name: 'Test', exact: true }).click();
  await card.getByText('secret: the environment variable HOOK_SECRET is not set.').waitFor();
  await card.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('webhook/main is removed.').waitFor();
  await card.waitFor({ state: 'detached' });
  expect(account()).toBeUndefined();
  await page.getByRole('button', { name: 'Undo' }).click();
  await card.waitFor();
  expect(account()).toMatchObject({ textLength: 500, allow: ['monitor'], secret: { env: 'HOOK_SECRET' } });
  await card.getByRole('link', { name: 'Who is let in' }).click();
  await page.getByRole('heading', { name: 'webhook/main' }).waitFor();
  view.check();
  await view.context.close();
});
