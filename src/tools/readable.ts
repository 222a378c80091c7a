// A page's text within bounds, whatever the page: extracted in a thread that is ended when it takes too long or too much, else with its tags taken out.
import { Worker } from 'node:worker_threads';
import { systemClock } from '../lib/clock.ts';
import type { ReadablePage } from './readable-page.ts';

const megabytes = 256;

/** The worker lies beside this file, in src/tools/ as in dist/, with the same extension. */
const worker = new URL(`./readable-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** At most `most` characters of text. */
export type Reader = (html: string, url: string, most: number, signal: AbortSignal) => Promise<ReadablePage>;

/** At most `threads` pages are read at a time, since each may take all the memory of its thread; the others wait. One takes at most `milliseconds`. */
export function createReader(threads: number, milliseconds = 5_000): Reader {
  let free = threads;
  const waiting = new Set<() => void>();
  const enter = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (free > 0) {
      free--;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const onAbort = (): void => {
      if (waiting.delete(turn.resolve)) turn.reject(signal.reason);
    };
    waiting.add(turn.resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    await turn.promise.finally(() => signal.removeEventListener('abort', onAbort));
  };
  const leave = (): void => {
    const [next] = waiting;
    if (!next) free++;
    else if (waiting.delete(next)) next();
  };
  return async (html, url, most, signal) => {
    await enter(signal);
    try {
      return (await extract(html, url, most, milliseconds, signal)) ?? { title: '', text: withoutTags(html, most) };
    } finally {
      leave();
    }
  };
}

/** undefined where the page was too much for the extractor. */
async function extract(html: string, url: string, most: number, milliseconds: number, signal: AbortSignal): Promise<ReadablePage | undefined> {
  signal.throwIfAborted();
  const thread = new Worker(worker, {
    workerData: { html, url, most },
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  const end = Promise.withResolvers<ReadablePage | undefined>();
  const onAbort = (): void => end.reject(signal.reason);
  thread.once('message', (page: ReadablePage) => end.resolve(page));
  thread.once('error', () => end.resolve(undefined));
  thread.once('exit', () => end.resolve(undefined));
  const watchdog = systemClock.after(milliseconds, () => end.resolve(undefined));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await end.promise;
  } finally {
    watchdog.cancel();
    signal.removeEventListener('abort', onAbort);
    // A thread deep in a page has been seen not to end for long: nobody waits for it.
    const late = Promise.withResolvers<void>();
    const patience = systemClock.after(1_000, late.resolve);
    await Promise.race([thread.terminate(), late.promise]);
    patience.cancel();
  }
}

const silent = /^(?:script|style|template|noscript|svg|head)$/;
const inline = /^(?:a|b|i|em|strong|span|code)$/;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** One pass from left to right: looks at no character more than a few times. */
export function withoutTags(html: string, most: number): string {
  const pieces: string[] = [];
  let size = 0;
  for (let at = 0; at < html.length && size < most; ) {
    const open = html.indexOf('<', at);
    const words = html.slice(at, open === -1 ? html.length : open);
    if (words.trim() !== '') {
      pieces.push(words);
      size += words.trim().length;
    }
    const close = open === -1 ? -1 : html.indexOf('>', open);
    if (close === -1) break;
    at = close + 1;
    const name = /^[a-z]{1,10}/.exec(html.slice(open + 1, open + 12).toLowerCase())?.[0] ?? '';
    const gap = html[open + 1] === '/' || inline.test(name) ? ' ' : '\n';
    if (pieces.at(-1) !== gap) pieces.push(gap);
    if (!silent.test(name)) continue;
    const end = new RegExp(`</${name}`, 'gi');
    end.lastIndex = at;
    at = end.exec(html)?.index ?? html.length;
  }
  const lines = pieces.join('').split('\n');
  const text = lines.map((line) => line.replace(/\s+/g, ' ').trim()).filter((line) => line !== '');
  const decoded = text.join('\n').replace(/&(#39|[a-z]{2,4});/g, (whole, name: string) => entities[name] ?? whole);
  return decoded.slice(0, most);
}
