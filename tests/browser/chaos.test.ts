// Whatever happens between the page and CoPaw, or to CoPaw itself: the page ends up with what the log says, item by item, nothing missing, nothing twice.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { history, type PlacedEvent } from '../../src/http/contract.ts';
import { type ModelServer, type ModelServerReply, startModelServer } from '../../src/testing/model-server.ts';
import { axeFindings, launch, logIn, openView, overflow, say, type View, type ViewOptions } from './browser.ts';
import { type Fault, type FaultyProxy, startProxy } from './proxy.ts';
import { type CopawServer, startServer } from './server.ts';

/** Tall enough for all items to be on the page. */
const tall: ViewOptions = { height: 12_000, expected: [/ERR_|net::|Failed to load/u] };

let browser: Browser;
let server: CopawServer;
let model: ModelServer;
let proxy: FaultyProxy;
let view: View;
beforeAll(async () => {
  [browser, server, model] = await Promise.all([launch(), startServer(), startModelServer('openai-compatible', [{ text: 'Hello.' }])]);
  await server.copaw('models', 'add', 'scripted', '--kind', 'openai-compatible', '--base-url', model.baseUrl, '--model', 'm', '--no-key', '--default');
  proxy = await startProxy(() => server.url);
  view = await openView(browser, tall);
  await logIn(view.page, through(server.link));
});
afterEach(() => {
  proxy.fault = () => undefined;
  proxy.loses = () => false;
  proxy.answers = () => undefined;
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await server?.close();
  await model?.close();
});

const through = (link: string): string => link.replace(server.url, proxy.url);

/** A turn in which a tool is called between two answers. */
const withTool = (name: string): readonly ModelServerReply[] => [
  { text: `Looking at the clock for ${name}.`, calls: [{ id: 'c1', name: 'current_time', arguments: '{}' }] },
  { text: `This was all that ${name} asked for.` },
];

/** The log of the conversation that the page shows. */
async function log(page: Page): Promise<readonly PlacedEvent[]> {
  const headers = { 'x-copaw-key': await page.evaluate<string>("localStorage.getItem('copaw.key')") };
  const id = /#\/s\/(\w+)/u.exec(page.url())?.[1];
  const answer = await page.request.get(`${server.url}/api/sessions/${id}/messages?limit=1000`, { headers });
  return answer.ok() ? history.parse(await answer.json()).events : [];
}

/** What a log says was said and done, in order. */
function told(events: readonly PlacedEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === 'message') return event.message.text === '' ? [] : [`${event.message.role === 'user' ? 'user' : 'answer'}: ${event.message.text}`];
    if (event.type === 'tool-end') return [`tool: ${event.name} ${event.outcome === 'ok' ? 'Done' : event.outcome}`];
    if (event.type === 'notice') return [`notice: ${event.text}`];
    return event.type === 'turn-end' && event.outcome === 'cancelled' ? ['end: Stopped.'] : [];
  });
}

/** What the page shows of that, and what waits to be sent. */
const shown = (page: Page): Promise<readonly string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('li.row, .bubble-pending')].map((row) => {
    const text = (what) => row.querySelector(what)?.textContent ?? '';
    if (row.matches('.bubble-pending')) return 'pending: ' + row.textContent;
    if (row.querySelector('.bubble')) return 'user: ' + text('.bubble');
    if (row.querySelector('.answer')) return 'answer: ' + text('.prose');
    if (row.querySelector('.tool')) return 'tool: ' + [...row.querySelectorAll('.tool-head > span')].map((one) => one.textContent.trim()).filter(Boolean).join(' ');
    return (row.querySelector('.notice') ? 'notice: ' : 'end: ') + text('p').trim();
  })`);

/** Once so many turns have ended the page shows the log, and keeps showing it when it is loaded anew. */
async function expectLog(page: Page, turns: number): Promise<void> {
  const ended = async (): Promise<number> => (await log(page)).filter(({ type }) => type === 'turn-end').length;
  await expect.poll(ended, { timeout: 20_000 }).toBe(turns);
  const said = told(await log(page));
  await expect.poll(() => shown(page), { timeout: 20_000 }).toEqual(said);
  await expect.poll(() => page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
  expect(told(await log(page))).toEqual(said);
}

async function newChat({ page }: View): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect.poll(() => shown(page)).toEqual([]);
}

/** The fault happens to event n of those that come from now on, and to no other. */
function faultAt(wanted: number, fault: Fault): () => boolean {
  let count = 0;
  proxy.fault = () => (count++ === wanted ? fault : undefined);
  return () => count > wanted;
}

test.each(['cut', 'cut-within', 'mixed'] as const)('the stream is %s at each event of a turn', async (fault) => {
  await newChat(view);
  let happened = true;
  for (let event = 0; happened; event++) {
    model.play(withTool(`${fault} ${event}`));
    const has = faultAt(event, fault);
    await say(view.page, `${fault} at ${event}`);
    await expectLog(view.page, event + 1);
    happened = has();
    if (!happened) expect(event).toBeGreaterThan(8);
  }
  view.check();
});

test.each(['twice', 'bytes'] as const)('every event comes %s', async (fault) => {
  await newChat(view);
  model.play(withTool(fault));
  proxy.fault = () => fault;
  await say(view.page, fault);
  await expectLog(view.page, 1);
  view.check();
});

test('CoPaw takes a message and the answer to that is lost: it is there once', async () => {
  await newChat(view);
  model.play([{ text: 'It arrived.' }]);
  proxy.loses = (path) => path.endsWith('/messages');
  await say(view.page, 'Does it arrive?');
  await expect.poll(() => shown(view.page)).toEqual(['user: Does it arrive?', 'answer: It arrived.']);
  proxy.loses = () => false;
  await expectLog(view.page, 1);
  view.check();
});

test.each([
  [
    'the disk is full',
    { status: 507, type: 'application/json', body: JSON.stringify({ error: { code: 'disk-full', message: 'No space.', next: 'Free some.' } }) },
    'No space. Free some.',
  ],
  ['a proxy answers in place of CoPaw', { status: 502, type: 'text/html', body: '<h1>Bad Gateway</h1>' }, '502 Bad Gateway'],
] as const)('%s: what is sent waits, says why, outlives a reload, and goes out once', async (name, instead, why) => {
  await newChat(view);
  const { page } = view;
  proxy.answers = (path) => (path.endsWith('/messages') ? instead : undefined);
  await say(page, name);
  await page.getByText(`Goes out when CoPaw answers${why}`).waitFor();
  await page.reload();
  await page.getByText(`Goes out when CoPaw answers${why}`).waitFor();
  model.play([{ text: 'Now it is here.' }]);
  proxy.answers = () => undefined;
  await expect.poll(() => shown(page), { timeout: 20_000 }).toEqual([`user: ${name}`, 'answer: Now it is here.']);
  await expectLog(page, 1);
  view.check();
});

test('a message that is answered with failures without end is set aside: those after it go on, and it comes back into the field with its file', async () => {
  const hour = await openView(browser, { ...tall, expected: [/500/u] });
  const { page } = hour;
  await page.clock.install();
  await logIn(page, through(await server.freshLink()));
  await newChat(hour);
  model.play([{ text: 'To the second.' }]);
  await page.route('**/messages', (route) =>
    route.request().postData()?.includes('The first') === true
      ? route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'It fell over.', next: 'Look into the log.' } } })
      : route.continue(),
  );
  await page.locator('input[data-files]').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await page.getByText('a.txt is attached').waitFor({ state: 'attached' });
  await say(page, 'The first');
  await page.getByText('Goes out when CoPaw answersIt fell over. Look into the log.').waitFor();
  await say(page, 'The second');
  // Each try waits for the one before it, so time goes on in steps.
  const problem = page.getByRole('alert').filter({ hasText: 'Not sent. It fell over. Look into the log.' });
  await expect
    .poll(
      async () => {
        await page.clock.runFor(2_000);
        return problem.count();
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  await page.getByText('To the second.').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.locator('#composer').fill('written meanwhile');
  await problem.getByRole('button', { name: 'Back into the field' }).click();
  await expect.poll(() => page.locator('#composer').inputValue()).toBe('The first\nwritten meanwhile');
  await page.getByRole('button', { name: 'Do not attach a.txt' }).waitFor();
  expect(await problem.count()).toBe(0);
  await page.unroute('**/messages');
  model.play([{ text: 'To the first.' }]);
  await page.locator('#composer').press('Enter');
  await page.getByText('To the first.').waitFor();
  expect((await shown(page)).filter((line) => line.startsWith('user'))).toEqual(['user: The second', expect.stringContaining('The first')]);
  hour.check();
  await hour.context.close();
});

test('in Chinese a failure of the server is said in Chinese, with its own words behind where they are of somebody else: a message, a page, a notice of a turn', async () => {
  const chinese = await openView(browser, { width: 390, height: 844, touch: true, locale: 'zh-CN', expected: [/400|404/u] });
  const { page } = chinese;
  await logIn(page, through(await server.freshLink()));
  await page.goto(`${proxy.url}/#/s/s_chinese`);
  const refusal = { code: 'too-large', message: 'A message may have 9 characters.', next: 'Put the text into a file and attach it.' };
  proxy.answers = (path) => (path.endsWith('/messages') ? { status: 400, type: 'application/json', body: JSON.stringify({ error: refusal }) } : undefined);
  await say(page, '你好');
  const problem = page.getByRole('alert').getByText('未发送。 一条消息最多 9 个字符。请把文字存为文件，再作为附件添加。');
  await problem.waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  // The language is that of the page when it is read, also of what was refused before.
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('Not sent. A message may have 9 characters. Put the text into a file and attach it.').waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  await problem.waitFor();
  proxy.answers = () => undefined;
  model.play([{ fault: 'auth' }]);
  await page.getByRole('button', { name: '重试' }).click();
  await page.locator('.notice-danger').getByText('提供方拒绝了密钥。').waitFor();
  proxy.answers = (path) =>
    path.startsWith('/api/reminders')
      ? { status: 404, type: 'application/json', body: JSON.stringify({ error: { code: 'not-found', message: 'Gone.' } }) }
      : undefined;
  await page.goto(`${proxy.url}/#/reminders`);
  await page.getByRole('alert').getByText('找不到所请求的内容。（Gone.）').waitFor();
  expect([await axeFindings(page), await overflow(page)]).toEqual([[], 0]);
  chinese.check();
  await chinese.context.close();
});

test('CoPaw refuses a message: it stays, marked so, over a reload, until it is sent again', async () => {
  await newChat(view);
  const { page } = view;
  proxy.answers = (path) =>
    path.endsWith('/messages')
      ? { status: 400, type: 'application/json', body: JSON.stringify({ error: { code: 'invalid', message: 'It is too long.' } }) }
      : undefined;
  await say(page, 'Refused once');
  const problem = page.getByRole('alert').getByText('Not sent. It is too long.');
  await problem.waitFor();
  await page.reload();
  await problem.waitFor();
  proxy.answers = () => undefined;
  model.play([{ text: 'Taken.' }]);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => shown(page)).toEqual(['user: Refused once', 'answer: Taken.']);
  await expectLog(page, 1);
  view.check();
});

test('the page is loaded anew in the middle of an answer', async () => {
  await newChat(view);
  const { page } = view;
  const hold = Promise.withResolvers<void>();
  model.play([{ text: 'The first half is here, the second half comes now.', hold: hold.promise }]);
  await say(page, 'Slowly');
  await page.getByText('The first half').waitFor();
  await page.reload();
  await page.getByText('The first half').waitFor();
  hold.resolve();
  await expectLog(page, 1);
  view.check();
});

test('a second tab shows the same, in the middle of an answer and after it', async () => {
  await newChat(view);
  const { page } = view;
  const hold = Promise.withResolvers<void>();
  model.play([{ text: 'Two tabs see this half and this other half.', hold: hold.promise }]);
  await say(page, 'To both');
  await page.getByText('Two tabs see').waitFor();
  const other = await view.context.newPage();
  await other.goto(page.url());
  await other.getByText('Two tabs see').waitFor();
  expect(await shown(other)).toEqual(await shown(page));
  hold.resolve();
  await expectLog(page, 1);
  await expectLog(other, 1);
  await other.close();
  view.check();
});

test('CoPaw is killed in the middle of an answer, and starts again', async () => {
  await newChat(view);
  const { page } = view;
  model.play((count) => (count === 1 ? { text: 'This half is lost, and so is this.', hold: new Promise(() => undefined) } : { text: 'Said after all.' }));
  await say(page, 'Until the end');
  await page.getByText('This half is lost').waitFor();
  await server.halt('SIGKILL');
  await page.getByText('The connection was lost. Reconnecting…').waitFor();
  await server.resume();
  await page.getByText('The connection was lost. Reconnecting…').waitFor({ state: 'detached' });
  await expectLog(page, 1);
  expect(await shown(page)).toContain('answer: Said after all.');
  view.check();
});

test('the network is gone while CoPaw goes on', async () => {
  await newChat(view);
  const { page, context } = view;
  const hold = Promise.withResolvers<void>();
  const sent = Promise.withResolvers<void>();
  model.play([{ text: 'Said to nobody, and yet it is written down.', hold: hold.promise, sent: () => sent.resolve() }]);
  await say(page, 'Anybody there?');
  await page.getByText('Said to nobody').waitFor();
  await context.setOffline(true);
  hold.resolve();
  await sent.promise;
  await context.setOffline(false);
  await expectLog(page, 1);
  view.check();
});

test('the machine sleeps, and the stream never says that it has gone', async () => {
  const silent = await startProxy(() => server.url);
  const sleeper = await openView(browser, tall);
  try {
    const { page } = sleeper;
    await page.clock.install();
    await logIn(page, (await server.freshLink()).replace(server.url, silent.url));
    await newChat(sleeper);
    const hold = Promise.withResolvers<void>();
    model.play([{ text: 'Before the sleep, and after it.', hold: hold.promise }]);
    await say(page, 'Good night');
    await page.getByText('Before the sleep').waitFor();
    // From here on the page looks at nothing by itself.
    await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + 1000);
    const stalled = Promise.withResolvers<void>();
    silent.fault = () => {
      stalled.resolve();
      return 'stall';
    };
    hold.resolve();
    await stalled.promise;
    await expect.poll(async () => (await log(page)).at(-1)?.type).toBe('turn-end');
    silent.fault = () => undefined;
    const before = silent.streams;
    expect(await page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(1);
    await page.clock.fastForward('08:00:00');
    await page.clock.resume();
    await expectLog(page, 1);
    // What is asked anew may be here before the stream is open again.
    await expect.poll(() => silent.streams).toBe(before + 1);
    sleeper.check();
  } finally {
    await sleeper.context.close();
    await silent.close();
  }
});

test('stopped in the middle of an answer', async () => {
  await newChat(view);
  const { page } = view;
  model.play([{ text: 'As far as here it is said, and no further.', hold: new Promise(() => undefined) }]);
  await say(page, 'Stop soon');
  await page.getByText('As far as here').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expectLog(page, 1);
  view.check();
});
