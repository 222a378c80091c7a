// The stream is never lost for good: where the browser gives up, it is opened again after the last event seen, ever more patiently.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followEvents } from './event-source.ts';

class FakeSource {
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 0;
  onopen?: () => void;
  onerror?: () => void;
  onmessage?: (message: { data: string; lastEventId: string }) => void;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    FakeSource.opened.push(this);
  }
  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
  open(): void {
    this.readyState = FakeSource.OPEN;
    this.onopen?.();
  }
  fail(): void {
    this.readyState = FakeSource.CLOSED;
    this.onerror?.();
  }
  say(id: string): void {
    this.onmessage?.({ data: JSON.stringify({ id }), lastEventId: id });
  }
}

const log: string[] = [];
const online: (() => void)[] = [];
let stop: () => void;
const source = (): FakeSource => FakeSource.opened.at(-1) ?? new FakeSource('none');

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => online.push(listener));
  vi.stubGlobal('removeEventListener', () => undefined);
  FakeSource.opened = [];
  log.length = 0;
  online.length = 0;
  stop = followEvents('7', {
    events: (events) => log.push(events.map(({ id }) => id).join(',')),
    opened: () => log.push('opened'),
    lost: () => log.push('lost'),
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('begins after the given id, and hands over together what comes together', () => {
  expect(source().url).toBe('/api/events?after=7');
  source().open();
  source().say('8');
  source().say('8.1');
  vi.advanceTimersByTime(100);
  source().say('9');
  vi.advanceTimersByTime(100);
  expect(log).toEqual(['opened', '8,8.1', '9']);
});

test('a break that the browser mends is only told', () => {
  source().open();
  source().readyState = 0;
  source().onerror?.();
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.opened).toHaveLength(1);
  expect(log).toEqual(['opened', 'lost']);
});

test('a stream that is closed for good is opened again after the last id, waiting longer each time', () => {
  source().open();
  source().say('8.3');
  source().fail();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    const before = FakeSource.opened.length;
    let waited = 0;
    while (FakeSource.opened.length === before && waited < 60_000) {
      vi.advanceTimersByTime(500);
      waited += 500;
    }
    waits.push(waited);
    expect(source().url).toBe('/api/events?after=8.3');
    source().fail();
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
  for (const tell of online) tell();
  expect(source().readyState).toBe(0);
});

test('stopped, it stays closed', () => {
  source().fail();
  stop();
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.opened).toHaveLength(1);
});
