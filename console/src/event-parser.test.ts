// Events come out whole, wherever the pieces were cut.
import { expect, test } from 'vitest';
import { createEventParser } from './event-parser.ts';

const stream =
  'retry: 1000\n: connected\n\nid: 7\ndata: {"a":"é 你 \u2028"}\n\n: heartbeat\n\nid: 8.1\r\ndata:one\r\ndata: two: 2\r\n\r\ndata\ndata:  x\n\nid: 9\n\nevent: odd\rdata: y\r\rid: 10\ndata: unfinished\n';
const events = [
  { id: '7', data: '{"a":"é 你 \u2028"}' },
  { id: '8.1', data: 'one\ntwo: 2' },
  { id: '8.1', data: '\n x' },
  { id: '9', data: 'y' },
];

function parsed(pieces: Iterable<string>): unknown[] {
  const seen: unknown[] = [];
  const parse = createEventParser((event) => seen.push(event));
  for (const piece of pieces) parse(piece);
  return seen;
}

test('in one piece, and letter by letter', () => {
  expect(parsed([stream])).toEqual(events);
  expect(parsed(stream.split(''))).toEqual(events);
});

test('cut anywhere', () => {
  for (let at = 0; at <= stream.length; at++) expect(parsed([stream.slice(0, at), stream.slice(at)])).toEqual(events);
});

test('one that throws is not told twice', () => {
  const seen: string[] = [];
  const parse = createEventParser(({ data }) => {
    seen.push(data);
    if (data === 'bad') throw new Error('bad');
  });
  expect(() => parse('data: bad\n\n')).toThrow('bad');
  parse('data: good\n\n');
  expect(seen).toEqual(['bad', 'good']);
});
