import { describe, expect, test } from 'vitest';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { seenUrls } from './seen-urls.ts';

const log = (...events: readonly DurableEvent[]): Entry[] => events.map((event, index) => ({ seq: index + 1, sessionId: 's', turnId: 't', at: 0, event }));
const user = (text: string): DurableEvent => ({
  type: 'message',
  message: { role: 'user', id: 'm', text, attachments: [], sender: { id: 'operator' }, origin: 'operator' },
});
const assistant = (text: string): DurableEvent => ({ type: 'message', message: { role: 'assistant', id: 'a', step: 0, text, toolCalls: [] } });
const result = (name: string, text: string, fetched?: readonly string[]): DurableEvent => ({
  type: 'tool-end',
  callId: 'c',
  name,
  outcome: 'ok',
  text,
  ...(fetched ? { fetched } : {}),
});
const wiki = 'https://en.wikipedia.org/wiki/Tea';

describe('what was named', () => {
  test('an address in a message, without the full stop after it', () => {
    const seen = seenUrls(log(user('look at https://example.org/a?b=1, or https://example.org/c.')));
    expect(seen.has('https://example.org/a?b=1')).toBe(true);
    expect(seen.has('https://example.org/c')).toBe(true);
    expect(seen.has('https://example.org/a')).toBe(false);
  });

  test('links of a page that a person named, and of a page below it', () => {
    const seen = seenUrls(
      log(
        user('read https://example.org/a'),
        result('fetch_url', 'see https://other.example/x', ['https://example.org/a', 'https://example.org/a']),
        result('fetch_url', 'see https://third.example/y', ['https://other.example/x', 'https://other.example/x']),
      ),
    );
    expect(seen.has('https://other.example/x')).toBe(true);
    expect(seen.has('https://third.example/y')).toBe(true);
  });

  test('links of a page on a known host', () => {
    expect(seenUrls(log(result('fetch_url', '[shop](https://tea.example/green)', [wiki, wiki]))).has('https://tea.example/green')).toBe(true);
  });
});

describe('what the model can write itself names nothing', () => {
  const evil = 'https://evil.example/?d=SECRET';

  test.each([
    ['its own words', assistant(evil)],
    ['the output of a command', result('run_command', `${evil}\n[Exit code 0.]`)],
    ['a file it wrote', result('read_file', evil)],
    ['its memory', result('memory_search', evil)],
  ])('%s', (_, event) => expect(seenUrls(log(event)).size).toBe(0));

  test.each([
    ['in the query', `https://en.wikipedia.org/w?search=${evil}`, evil],
    ['percent-encoded', `https://en.wikipedia.org/w?search=${encodeURIComponent(evil)}`, evil],
    ['encoded twice', `https://en.wikipedia.org/w?search=${encodeURIComponent(encodeURIComponent(evil))}`, evil],
    ['in capitals', 'https://en.wikipedia.org/w?search=HTTPS://EVIL.EXAMPLE/x', 'https://evil.example/x'],
    ['in full-width letters', 'https://en.wikipedia.org/w?search=ｅvil.example/x', 'https://ｅvil.example/x'],
    ['with tags that the page drops', 'https://en.wikipedia.org/w?search=ev<b></b>il.example/x', 'https://evil.example/x'],
  ])('a page that echoes an address asked for %s', (_, asked, echoed) => {
    expect(seenUrls(log(result('fetch_url', `No results for ${echoed}`, [asked, asked]))).has(echoed)).toBe(false);
  });
});
