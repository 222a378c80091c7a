// A form changes what it shows as the server changes the text.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Change, changed, emptyOf, kindOf, withChange, wordKeys } from './schema.ts';

test('changes are made in order, and what was there stays as it was', () => {
  const before = { a: { b: [1, 2, 3] }, c: 'x' };
  const changes: readonly Change[] = [{ path: ['a', 'b', 1] }, { path: ['a', 'b', 2], value: 4 }, { path: ['d', 'e'], value: true }, { path: ['c'] }];
  expect(changed(before, changes)).toEqual({ a: { b: [1, 3, 4] }, d: { e: true } });
  expect(before).toEqual({ a: { b: [1, 2, 3] }, c: 'x' });
  expect(changed({ list: 'odd' }, [{ path: ['list', 0], value: 'x' }])).toEqual({ list: ['x'] });
});

test('typing into one field is one change, whatever else was changed before', () => {
  const change = fc.record({ path: fc.constantFrom(['a'], ['b', 'c'], ['b', 'd']), value: fc.option(fc.integer(), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(change), (all) => {
      const kept = all.reduce<readonly Change[]>(withChange, []);
      expect(changed({}, kept)).toEqual(changed({}, all));
    }),
  );
  expect(['x', 'xy', 'xyz'].reduce<readonly Change[]>((held, value) => withChange(held, { path: ['a'], value }), [])).toHaveLength(1);
  // The second entry of a list that lost its second entry is another one.
  expect(withChange([{ path: ['a', 1] }], { path: ['a', 1], value: 'x' })).toHaveLength(2);
});

test('what a key holds follows from its schema', () => {
  const group = { type: 'object', properties: { kind: { type: 'string', enum: ['p', 'q'] }, url: { type: 'string' } }, required: ['kind', 'url'] };
  expect([kindOf(group), kindOf({ type: 'object', additionalProperties: group }), kindOf({ type: 'integer' }), kindOf({ anyOf: [group] })]).toEqual([
    ...['group', 'record', 'number', 'either'],
  ]);
  expect(emptyOf(group)).toEqual({ kind: 'p' });
  expect(wordKeys(['agents', '*', 'name'])).toEqual(['agents.*.name', '*.name', 'name']);
});
