// A form over the JSON Schema of a kind: what is typed becomes settings and secrets, and what is emptied is taken out.
import { expect, test } from 'vitest';
import { draftOf, fieldsOf, isFirst, shown } from './fields.ts';

const fields = fieldsOf({
  secrets: ['token'],
  settings: {
    required: ['token', 'host'],
    properties: {
      token: { anyOf: [], secret: true, description: 'From the page.' },
      host: { type: 'string' },
      mode: { type: 'string', enum: ['poll', 'push'], default: 'poll' },
      tls: { type: 'boolean', default: true },
      port: { type: 'integer', default: 443 },
      rooms: { type: 'array', items: { type: 'string' } },
      extra: { type: 'object' },
      odd: 7,
      user: { type: 'string', asked: true },
    },
  },
});

test('each member is a field of its kind', () =>
  expect(fields.map(({ name, kind, required }) => `${name} ${kind}${required ? '!' : ''}`)).toEqual([
    ...['token secret!', 'host text!', 'mode choice', 'tls switch', 'port number', 'rooms list', 'extra json', 'odd json', 'user text'],
  ]));

test('what is needed, secret or asked for stands first', () => expect(fields.filter(isFirst).map(({ name }) => name)).toEqual(['token', 'host', 'user']));

test('what is typed becomes a draft', () => {
  const typed: Record<string, string> = { token: ' s3cret ', host: 'example.org', mode: '', port: '8443', rooms: 'a, b,', extra: '{"x":1}', odd: 'not json' };
  const form = (given: Record<string, string>) => draftOf(fields, new Map(Object.entries(given)), {});
  expect(form(typed)).toEqual({
    settings: { host: 'example.org', tls: false, port: 8443, rooms: ['a', 'b'], extra: { x: 1 }, odd: 'not json' },
    secrets: { token: { value: 's3cret' } },
  });
  // A switch that is as it is without being set is not written; what was there and is emptied goes.
  expect(draftOf(fields, new Map([['tls', 'on']]), { host: 'x', mode: 'push' })).toEqual({ settings: { host: null, mode: null }, secrets: {} });
  expect(draftOf(fields, new Map([['tls', 'on']]), { tls: false })).toEqual({ settings: { tls: null }, secrets: {} });
  expect(draftOf(fields, new Map([['tls', 'on']]), { tls: true })).toEqual({ settings: {}, secrets: {} });
  expect(draftOf(fields, new Map(), { tls: true })).toEqual({ settings: { tls: false }, secrets: {} });
});

test('what is set is shown as it can be typed', () =>
  expect([shown('x'), shown(7), shown(['a', 'b']), shown({ x: 1 }), shown(undefined)]).toEqual(['x', '7', 'a, b', '{"x":1}', '']));
