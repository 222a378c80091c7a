// Server-sent events survive every way of cutting the bytes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSse, type SseEvent } from './sse-parse.ts';

async function parse(text: string, cuts: readonly number[]): Promise<SseEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    let start = 0;
    for (const end of [...ends, bytes.length]) {
      yield bytes.subarray(start, end);
      start = end;
    }
  }
  const events: SseEvent[] = [];
  for await (const event of parseSse(pieces())) events.push(event);
  return events;
}

test('any text, in any pieces and with any line ends, comes out as it went in', async () => {
  const event = fc.record({ id: fc.stringMatching(/^[0-9.]{1,8}$/), value: fc.jsonValue() });
  await fc.assert(
    fc.asyncProperty(fc.array(event), fc.array(fc.nat()), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), async (events, cuts, end, beats) => {
      const frames = events.map(({ id, value }) => [`id: ${id}`, `data: ${JSON.stringify(value)}`, ...(beats ? [': heartbeat'] : []), '', ''].join(end));
      const seen = await parse(`retry: 1000${end}${end}${frames.join('')}${beats ? '\n' : ''}`, cuts);
      // A lone CR at the very end may be half of CRLF, so the last event may still wait for more.
      const want = events.map(({ id, value }) => ({ id, data: JSON.stringify(value) }));
      expect(end === '\r' && !beats && seen.length < want.length ? [...seen, want.at(-1)] : seen).toEqual(want);
    }),
  );
});

test('data of several lines is joined; an id stays; an unfinished event is dropped', async () => {
  expect(await parse('id: 7\ndata: a\ndata:b\ndata\n\ndata: c\n\nevent: x\n\ndata: lost', [])).toEqual([
    { id: '7', data: 'a\nb\n' },
    { id: '7', data: 'c' },
  ]);
});
