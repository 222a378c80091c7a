// What the console costs a browser, in a real Chromium: loading, a conversation of 10,000 messages, a streamed answer, and coming back after a crash.
// The floor is a page that only appends the same tokens as text.
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type Browser, type CDPSession, chromium, type Page, type Response } from 'playwright-core';
import { z } from 'zod';
import { chatLines, importChat } from '../tests/browser/long-chat.ts';
import { type BarePage, startBarePage } from './bare-page.ts';
import { median } from './driver.ts';
import type { Bench, Row } from './measures.ts';
import { type Running, runNode } from './processes.ts';
import { launcher, makeHome, startCopaw } from './subjects.ts';

const executablePath = '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Notes how long each frame took from here on. Asking for frames costs as well, so this does not run while processor time is measured. */
const watchFrames = `globalThis.frames = []; (function next(before) { requestAnimationFrame((now) => { frames.push(now - before); next(now); }); })(performance.now())`;
const composer = '#composer';

export async function measureConsole({ directory, model, quick }: Bench): Promise<Row[]> {
  if (!existsSync(executablePath)) throw new Error(`there is no ${executablePath}`);
  const home = makeHome(directory, model.port);
  const copaw = (...args: readonly string[]): Promise<string> => Promise.resolve(runNode([launcher, ...args, '--home', home]).output);
  const long = await importChat(copaw, chatLines(quick ? 1_000 : 5_000));
  const short = await importChat(copaw, chatLines(1));
  const bare = await startBarePage(`http://127.0.0.1:${model.port}/v1/chat/completions`);
  let running: Running | undefined = await startCopaw(home);
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const port = Number(running.captured);
    const { page, session, load } = await openConsole(browser, await copaw('open', '--no-open'));
    const rows = [load, ...(await measureStart(browser, page, bare, quick ? 3 : 9))];
    rows.push(await measureOpening(page, { long, short, messages: quick ? '2,000' : '10,000', times: quick ? 3 : 9 }));
    rows.push(...(await measureScrolling(browser, page)));
    rows.push(...(await measureStreaming(browser, page, session, bare)));
    rows.push(
      await measureReturn(page, async () => {
        await running?.stop('SIGKILL');
        running = await startCopaw(home, port);
      }),
    );
    return rows;
  } finally {
    await browser.close();
    await running?.stop();
    await bare.stop();
  }
}

/** Logs in, and counts the scripts that came for it. */
async function openConsole(browser: Browser, link: string): Promise<{ page: Page; session: CDPSession; load: Row }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const scripts: Promise<Buffer>[] = [];
  const count = (response: Response): void => {
    // What draws colours comes with the first answer that has some, which here may be before the field or after it.
    if (response.request().resourceType() === 'script' && !response.url().includes('-drawn-')) scripts.push(response.body());
  };
  page.on('response', count);
  await page.goto(link.trim());
  await page.locator(composer).waitFor();
  page.off('response', count);
  const kb = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0) / 1000;
  return {
    page,
    session: await performanceOf(page),
    load: { ...own('console, script of the first load, gzipped', 'kB', kb), goal: { most: 150, unit: 'kB' } },
  };
}

/** From navigation to a field that takes letters, on each side in a page of its own. */
async function measureStart(browser: Browser, console: Page, bare: BarePage, times: number): Promise<Row[]> {
  const once = async (page: Page, url: string, field: string): Promise<number> => {
    await page.goto('about:blank');
    await page.goto(url, { waitUntil: 'commit' });
    return page.evaluate<number>(`new Promise((resolve) => { (function look() {
      const field = document.querySelector('${field}');
      if (field && !field.disabled) setTimeout(() => resolve(performance.now()));
      else requestAnimationFrame(look);
    })(); })`);
  };
  const [mine, floor]: [number[], number[]] = [[], []];
  const page = await browser.newPage();
  const url = console.url();
  for (let round = 0; round < times; round++) {
    mine.push(await once(console, url, composer));
    floor.push(await once(page, bare.url, 'textarea'));
  }
  await page.close();
  return [{ name: 'console, navigation to a field that takes letters', unit: 'ms', copaw: median(mine), floor: median(floor), figure: undefined }];
}

/** From the press to the last message on the screen, in turn with a conversation of two. Each time the page is new, so nothing is kept. */
async function measureOpening(page: Page, { long, short, messages, times }: { long: string; short: string; messages: string; times: number }): Promise<Row> {
  const open = async (id: string): Promise<number> => {
    await page.evaluate("location.hash = '#/messages'");
    await page.reload();
    await page.locator(`nav a[href="#/s/${id}"]`).first().waitFor();
    return page.evaluate<number>(`new Promise((resolve) => {
      const began = performance.now();
      document.querySelector('nav a[href="#/s/${id}"]').click();
      (function look() {
        const box = document.querySelector('.scroller');
        const atEnd = box && box.querySelector('.answer') && box.scrollHeight - box.scrollTop - box.clientHeight < 2;
        requestAnimationFrame(() => atEnd ? resolve(performance.now() - began) : look());
      })();
    })`);
  };
  const [mine, floor]: [number[], number[]] = [[], []];
  for (let round = 0; round < times; round++) {
    floor.push(await open(short));
    mine.push(await open(long));
  }
  const value = median(mine);
  return {
    name: `console, opening ${messages} messages, beside 2`,
    unit: 'ms',
    copaw: value,
    floor: median(floor),
    figure: value,
    goal: { most: 500, unit: 'ms' },
  };
}

/** Up by the wheel, page after page of older messages. */
async function measureScrolling(browser: Browser, page: Page): Promise<Row[]> {
  await page.locator('.scroller').hover();
  const { frame, task } = await longest(browser, page, async () => {
    for (let steps = 0; steps < 150; steps++) {
      await page.mouse.wheel(0, -1_500);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
  });
  const goal = { most: 100, unit: 'ms' };
  const name = 'console, scrolling up through older messages';
  return [
    { ...own(`${name}, longest task`, 'ms', task), goal },
    { ...own(`${name}, longest frame`, 'ms', frame), goal },
  ];
}

const traced = z.object({
  traceEvents: z.array(
    z.object({ name: z.string(), pid: z.number(), tid: z.number(), tdur: z.number().optional(), args: z.object({ name: z.string().optional() }).loose() }),
  ),
});

/** The longest frame by the clock, which a busy machine makes longer, and the longest task of a page's main thread by processor time, which it does not. */
async function longest(browser: Browser, page: Page, during: () => Promise<unknown>): Promise<{ frame: number; task: number }> {
  await page.evaluate(watchFrames);
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline', '__metadata'] });
  await during();
  const { traceEvents } = traced.parse(JSON.parse((await browser.stopTracing()).toString()));
  const thread = ({ pid, tid }: { pid: number; tid: number }): string => `${pid} ${tid}`;
  const mains = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread));
  const tasks = traceEvents.filter((event) => event.name === 'RunTask' && mains.has(thread(event))).map(({ tdur = 0 }) => tdur / 1000);
  if (tasks.length === 0) throw new Error('the trace has no tasks of a page');
  return { frame: await page.evaluate<number>('Math.max(...frames)'), task: Math.max(...tasks) };
}

/** 2,000 tokens of Markdown in ten seconds, read by the console and, after it, by the bare page: once for the processor time, once for the frames. */
async function measureStreaming(browser: Browser, page: Page, session: CDPSession, bare: BarePage): Promise<Row[]> {
  await page.reload();
  await page.locator('.answer').last().waitFor();
  const stop = page.getByRole('button', { name: 'Stop', exact: true });
  const mine = await watch(browser, page, session, async () => {
    // To ask the page again and again whether it is done costs the page as much as the answer does.
    const over = heard(await streamOf(page), '"turn-end"');
    await page.locator(composer).fill('tell me [markdown]');
    await page.locator(composer).press('Enter');
    await over;
    await stop.waitFor({ state: 'detached' });
  });
  const plain = await browser.newPage();
  await plain.goto(bare.url);
  const floor = await watch(browser, plain, await performanceOf(plain), () => plain.evaluate('read()'));
  await plain.close();
  const name = 'console, 200 tokens a second';
  return [
    { name: `${name}, share of a core`, unit: '%', copaw: mine.share, floor: floor.share, figure: mine.share, goal: { most: 30, unit: '%' } },
    { name: `${name}, script per second`, unit: 'ms', copaw: mine.script, floor: undefined, figure: undefined },
    { name: `${name}, longest task`, unit: 'ms', copaw: mine.task, floor: floor.task, figure: mine.task, goal: { most: 100, unit: 'ms' } },
    { name: `${name}, longest frame`, unit: 'ms', copaw: mine.frame, floor: floor.frame, figure: mine.frame, goal: { most: 100, unit: 'ms' } },
  ];
}

interface Watched {
  /** Processor time of the page's main thread: script, style, layout, paint. */
  readonly share: number;
  readonly script: number;
  readonly frame: number;
  readonly task: number;
}

async function watch(browser: Browser, page: Page, session: CDPSession, during: () => Promise<unknown>): Promise<Watched> {
  const read = async (): Promise<{ task: number; script: number; at: number }> => {
    const { metrics } = await session.send('Performance.getMetrics');
    const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { task: value('TaskDuration'), script: value('ScriptDuration'), at: performance.now() / 1000 };
  };
  const before = await read();
  await during();
  const after = await read();
  const seconds = after.at - before.at;
  const { frame, task } = await longest(browser, page, during);
  return { share: (100 * (after.task - before.task)) / seconds, script: (1000 * (after.script - before.script)) / seconds, frame, task };
}

async function performanceOf(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return session;
}

/** Killed in the middle of an answer: from CoPaw being ready again to the page showing more of the answer, beside a client that connects once it is ready. */
async function measureReturn(page: Page, restart: () => Promise<void>): Promise<Row> {
  const draft = page.locator('.answer-draft');
  await page.locator(composer).fill('tell me [stream]');
  await page.locator(composer).press('Enter');
  await draft.waitFor();
  const stream = await streamOf(page);
  await restart();
  const ready = performance.now();
  const since = async (done: Promise<unknown>): Promise<number> => {
    await done;
    return performance.now() - ready;
  };
  const again = page.locator('.banner').waitFor({ state: 'detached' });
  const [mine, floor] = await Promise.all([since(again.then(() => draft.waitFor())), since(heard(stream, '"text-delta"'))]);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const name = 'console, from ready after a kill to the answer going on';
  return { name, unit: 'ms', copaw: mine, floor, figure: mine, goal: { most: 2000, unit: 'ms' } };
}

interface EventStream {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** The events that the page follows, for a client beside it. */
async function streamOf(page: Page): Promise<EventStream> {
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const key = await page.evaluate<string>("localStorage.getItem('copaw.key')");
  return { url: `${new URL(page.url()).origin}/api/events`, headers: { accept: 'text/event-stream', cookie, 'x-copaw-key': key } };
}

/** Follows the events until one holds these words. */
async function heard({ url, headers }: EventStream, words: string): Promise<void> {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  let read = '';
  for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    read += piece;
    if (read.includes(words)) return;
    read = read.slice(-words.length);
  }
  throw new Error('the events ended');
}

const own = (name: string, unit: string, value: number): Row => ({ name, unit, copaw: value, floor: undefined, figure: value });
