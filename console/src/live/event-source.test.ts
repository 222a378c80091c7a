// The stream is never lost for good: whenever it breaks it is opened again after the last event seen, ever more patiently.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followEvents } from './event-source.ts';

class FakeStream {
  static opened: FakeStream[] = [];
  readonly url: string;
  readonly headers: unknown;
  readonly signal: AbortSignal | null | undefined;
  #answer: (response: Response) => void = () => undefined;
  #refuse: (error: Error) => void = () => undefined;
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly response = new Promise<Response>((resolve, reject) => {
    this.#answer = resolve;
    this.#refuse = reject;
  });
  constructor(url: string, { headers, signal }: RequestInit) {
    this.url = url;
    this.headers = headers;
    this.signal = signal;
    signal?.addEventListener('abort', () => this.fail());
    FakeStream.opened.push(this);
  }
  async open(init: ResponseInit = { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }): Promise<void> {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#body = controller;
      },
    });
    this.#answer(new Response(body, init));
    await settled();
  }
  /** The network breaks, before or after the answer. */
  async fail(): Promise<void> {
    this.#refuse(new TypeError('network'));
    this.#body?.error(new TypeError('network'));
    await settled();
  }
  async end(): Promise<void> {
    this.#body?.close();
    await settled();
  }
  async say(text: string): Promise<void> {
    this.#body?.enqueue(new TextEncoder().encode(text));
    await settled();
  }
  event(id: string): Promise<void> {
    return this.say(`id: ${id}\ndata: ${JSON.stringify({ id })}\n\n`);
  }
}

const log: string[] = [];
const online: (() => void)[] = [];
const pageChanges: (() => void)[] = [];
const page = { hidden: false, addEventListener: (_: string, listener: () => void) => pageChanges.push(listener), removeEventListener: () => undefined };
/** The same tab hears nothing of what it says; the others are spoken for by the tests. */
class FakeChannel {
  static said: { readonly born: number; readonly seen: boolean }[] = [];
  static open: FakeChannel | undefined;
  onmessage: ((event: { readonly data: object }) => void) | undefined;
  constructor() {
    FakeChannel.open = this;
  }
  postMessage(data: { readonly born: number; readonly seen: boolean }): void {
    FakeChannel.said.push(data);
  }
  close(): void {
    FakeChannel.open = undefined;
  }
}
const born = (): number => FakeChannel.said[0]?.born ?? Number.NaN;
const hear = (data: object): void => FakeChannel.open?.onmessage?.({ data });
let following: ReturnType<typeof followEvents>;
const settled = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));
const stream = (): FakeStream => FakeStream.opened.at(-1) ?? new FakeStream('none', {});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => new FakeStream(url, init).response);
  vi.stubGlobal('localStorage', { getItem: () => 'half' });
  vi.stubGlobal('addEventListener', (name: string, listener: () => void) => name === 'online' && online.push(listener));
  vi.stubGlobal('removeEventListener', () => undefined);
  vi.stubGlobal('document', page);
  vi.stubGlobal('BroadcastChannel', FakeChannel);
  FakeChannel.said = [];
  page.hidden = false;
  pageChanges.length = 0;
  FakeStream.opened = [];
  log.length = 0;
  online.length = 0;
  following = followEvents('7', {
    events: (events) => log.push(events.map(({ id }) => id).join(',')),
    opened: () => log.push('opened'),
    lost: () => log.push('lost'),
    rested: () => log.push('rested'),
  });
});
afterEach(() => {
  following.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('begins after the given id with the key, and hands over together what comes together', async () => {
  expect([stream().url, stream().headers]).toEqual(['/api/events?after=7', { accept: 'text/event-stream', 'x-copaw-key': 'half' }]);
  await stream().open();
  await stream().say(': connected\n\nid: 8\nda');
  await stream().say('ta: {"id":"8"}\n\n');
  await stream().event('8.1');
  await vi.advanceTimersByTimeAsync(100);
  await stream().event('9');
  await vi.advanceTimersByTimeAsync(100);
  expect(log).toEqual(['opened', '8,8.1', '9']);
});

test('two hundred events a second are handed over some fifteen times, and what follows a pause with the next frame', async () => {
  await stream().open();
  for (let event = 1; event <= 200; event++) {
    await stream().event(`8.${event}`);
    await vi.advanceTimersByTimeAsync(5);
  }
  await vi.advanceTimersByTimeAsync(200);
  const told = log.slice(1);
  expect([told.length >= 14, told.length <= 17]).toEqual([true, true]);
  expect(told.join(',')).toBe(Array.from({ length: 200 }, (_, index) => `8.${index + 1}`).join(','));
  await stream().event('9');
  await vi.advanceTimersByTimeAsync(16);
  expect(log.at(-1)).toBe('9');
});

test('a stream that breaks is opened again after the last id, waiting longer each time', async () => {
  await stream().open();
  await stream().event('8.3');
  await stream().fail();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    const before = FakeStream.opened.length;
    let waited = 0;
    while (FakeStream.opened.length === before && waited < 60_000) {
      await vi.advanceTimersByTimeAsync(250);
      waited += 250;
    }
    waits.push(waited);
    expect(stream().url).toBe('/api/events?after=8.3');
    await stream().fail();
  }
  expect(waits).toEqual([250, 500, 500, 500, 500, 500]);
  const before = FakeStream.opened.length;
  for (const tell of online) tell();
  expect(FakeStream.opened).toHaveLength(before + 1);
  expect(stream().signal?.aborted).toBe(false);
  following.now();
  expect(FakeStream.opened).toHaveLength(before + 2);
});

test('while nobody looks, it is tried less often; who looks again does not wait', async () => {
  page.hidden = true;
  for (let attempt = 0; attempt < 8; attempt++) {
    await stream().fail();
    await vi.advanceTimersByTimeAsync(15_000);
  }
  const before = FakeStream.opened.length;
  await stream().fail();
  await vi.advanceTimersByTimeAsync(14_000);
  expect(FakeStream.opened).toHaveLength(before);
  page.hidden = false;
  for (const tell of pageChanges) tell();
  expect(FakeStream.opened).toHaveLength(before + 1);
});

test('one that ends, that is refused, or is no stream of events is lost too; once open the patience starts anew', async () => {
  await stream().open();
  await stream().end();
  await vi.advanceTimersByTimeAsync(250);
  await stream().open({ status: 401 });
  await vi.advanceTimersByTimeAsync(500);
  await stream().open({ headers: { 'content-type': 'text/html' } });
  await vi.advanceTimersByTimeAsync(500);
  await stream().open();
  await stream().say('data: no json\n\n');
  await vi.advanceTimersByTimeAsync(250);
  expect(FakeStream.opened).toHaveLength(5);
  expect(log).toEqual(['opened', 'lost', 'lost', 'lost', 'opened', 'lost']);
});

test('what comes twice counts once, and an event that is cut or mixed up is asked for again', async () => {
  await stream().open();
  await stream().say('id: 8\ndata: {"id":"8"}\n\nid: 8\ndata: {"id":"8"}\n\nid: 7\ndata: {"id":"7"}\n\n');
  await vi.advanceTimersByTimeAsync(100);
  await stream().say('id: 99\ndata: {"id":"9"}\n\n');
  await vi.advanceTimersByTimeAsync(250);
  expect(stream().url).toBe('/api/events?after=8');
  await stream().open();
  await stream().say('id: 9\ndata: {"id":"9"\n\n');
  await vi.advanceTimersByTimeAsync(250);
  expect(stream().url).toBe('/api/events?after=8');
  expect(log).toEqual(['opened', '8', 'lost', 'opened', 'lost']);
});

test('one that falls silent has gone: by the clock, as after sleep, and at once when somebody looks', async () => {
  await stream().open();
  for (let beats = 0; beats < 5; beats++) {
    await vi.advanceTimersByTimeAsync(15_000);
    await stream().say(': heartbeat\n\n');
  }
  expect(FakeStream.opened).toHaveLength(1);
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(2250);
  expect(FakeStream.opened).toHaveLength(2);
  await stream().open();
  vi.setSystemTime(Date.now() + 20_000);
  for (const tell of pageChanges) tell();
  expect(FakeStream.opened).toHaveLength(3);
  expect(log).toEqual(['opened', 'lost', 'opened']);
});

test('a hidden tab lets its stream go to one that is seen, and goes on where it was when it is looked at', async () => {
  await stream().open();
  await stream().event('8');
  await vi.advanceTimersByTimeAsync(100);
  hear({ born: born() - 1, seen: true }); // it is seen itself: both have one
  expect(stream().signal?.aborted).toBe(false);
  page.hidden = true;
  hear({ born: born() - 1, seen: true });
  expect([log, stream().signal?.aborted]).toEqual([['opened', '8', 'rested'], true]);
  for (const tell of online) tell();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(FakeStream.opened).toHaveLength(1);
  page.hidden = false;
  for (const tell of pageChanges) tell();
  expect(stream().url).toBe('/api/events?after=8');
  await stream().open();
  expect(log).toEqual(['opened', '8', 'rested', 'opened']);
  expect(FakeChannel.said).toEqual([
    { born: born(), seen: true },
    { born: born(), seen: true },
  ]);
});

test('of hidden tabs the youngest keeps its stream, and one that is between two tries tries no more', async () => {
  page.hidden = true;
  await stream().open();
  hear({ born: born() - 1, seen: false });
  expect(stream().signal?.aborted).toBe(false);
  await stream().fail();
  hear({ born: born() + 1, seen: false });
  await vi.advanceTimersByTimeAsync(600_000);
  expect([log, FakeStream.opened.length]).toEqual([['opened', 'lost', 'rested'], 1]);
});

test('while it is open, being online again changes nothing', async () => {
  await stream().open();
  for (const tell of [...online, ...pageChanges]) tell();
  following.now();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(FakeStream.opened).toHaveLength(1);
  expect(log).toEqual(['opened']);
});

test('stopped, it stays closed, and tells nothing more', async () => {
  await stream().open();
  await stream().event('8');
  following.stop();
  expect(stream().signal?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeStream.opened).toHaveLength(1);
  expect(log).toEqual(['opened']);
});

test('stopped while it waits to open again, it does not', async () => {
  await stream().fail();
  following.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeStream.opened).toHaveLength(1);
});
