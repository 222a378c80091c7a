// Edits change what they name and nothing else: values are as a plain object would have them, comments and unknown keys stay.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfigChange } from '../core/config.ts';
import { editJsonText, parseJsonText } from './json-edit.ts';

type Tree = { [key: string]: Tree | number | string | boolean | readonly number[] };

const key = fc.constantFrom('a', 'b', 'c', 'd e', '__proto__', 'ключ', '"q"', '//');
const leaf = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('', 'text', '// no comment', '/* nor this */', 'a,b', '}'),
  fc.array(fc.nat(9), { maxLength: 3 }),
);
const { tree } = fc.letrec<{ tree: Tree; value: Tree[string] }>((tie) => ({
  tree: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }).map((object) => Object.fromEntries(Object.entries(object))),
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('tree')),
}));
const change = fc.record({ path: fc.array(key, { minLength: 1, maxLength: 3 }), value: fc.oneof(leaf, tree, fc.constant(undefined)) });

/** Writes an object as a person would: a numbered comment above and behind every key. `comments` collects their paths. */
function write(
  object: Tree,
  style: { readonly eol: string; readonly trailing: boolean },
  comments: Map<string, readonly string[]>,
  path: readonly string[] = [],
): string {
  const keys = Object.keys(object);
  const pad = '  '.repeat(path.length + 1);
  const lines = keys.flatMap((name, index) => {
    const here = [...path, name];
    const value = Object.getOwnPropertyDescriptor(object, name)?.value;
    const text = typeof value === 'object' && !Array.isArray(value) ? write(value, style, comments, here) : JSON.stringify(value);
    const number = comments.size;
    comments.set(`// above ${number}.`, path);
    comments.set(`/* behind ${number}. */`, path);
    const comma = index < keys.length - 1 || style.trailing ? ',' : '';
    return [`${pad}// above ${number}.`, `${pad}${JSON.stringify(name)}: ${text}${comma} /* behind ${number}. */`];
  });
  return `{${style.eol}${lines.map((line) => `${line}${style.eol}`).join('')}${'  '.repeat(path.length)}}`;
}

/** The same change on plain objects; undefined where the path leads through a plain value. */
function apply(object: Tree, [name, ...rest]: readonly string[], value: Tree[string] | undefined): Tree | undefined {
  if (name === undefined) return undefined;
  const entries = Object.entries(object);
  const old = entries.find(([known]) => known === name)?.[1];
  let next = value;
  if (rest.length > 0) {
    if (old === undefined && value === undefined) return object;
    const inner = old ?? {};
    if (typeof inner !== 'object' || Array.isArray(inner)) return value === undefined ? object : undefined;
    next = apply(inner as Tree, rest, value);
    if (next === undefined) return undefined;
  }
  if (next === undefined) return Object.fromEntries(entries.filter(([known]) => known !== name));
  return Object.fromEntries(old === undefined ? [...entries, [name, next]] : entries.map(([known, item]) => [known, known === name ? next : item]));
}

const below = (path: readonly string[], root: readonly (string | number)[]): boolean => root.every((segment, index) => path[index] === segment);

describe('editJsonText', () => {
  test('random edits keep every comment and every other value', () => {
    fc.assert(
      fc.property(tree, fc.array(change, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), (start, changes, eol, trailing) => {
        const comments = new Map<string, readonly string[]>();
        let text = `// head.${eol}${write(start, { eol, trailing }, comments)}${eol}// foot.${eol}`;
        let model = start;
        for (const { path, value } of changes) {
          const expected = apply(model, path, value);
          if (expected === undefined) {
            expect(() => editJsonText(text, { path, value })).toThrow('cannot be set');
            continue;
          }
          text = editJsonText(text, { path, value });
          model = expected;
          for (const [comment, place] of comments) if (below(place, path)) comments.delete(comment);
        }
        const parsed = parseJsonText(text);
        expect('value' in parsed ? parsed.value : parsed).toEqual(model);
        for (const comment of ['// head.', '// foot.', ...comments.keys()]) expect(text).toContain(comment);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, string, ConfigChange, string]>([
    [
      'a comment behind the neighbour stays',
      '{\n  "a": 1, // about a\n  // about b\n  "b": 2\n}\n',
      { path: ['b'], value: undefined },
      '{\n  "a": 1 // about a\n  // about b\n}\n',
    ],
    ['the first of two', '{\n  "a": 1,\n  "b": 2\n}\n', { path: ['a'], value: undefined }, '{\n  "b": 2\n}\n'],
    ['an element of a list', '{ "a": [1, /* two */ 2, 3] }', { path: ['a', 1], value: undefined }, '{ "a": [1, /* two */  3] }'],
    ['what is not there', '{ "a": 1 }', { path: ['x', 'y'], value: undefined }, '{ "a": 1 }'],
    ['a value in place', '{ "a": 1 /* one */ }', { path: ['a'], value: 2 }, '{ "a": 2 /* one */ }'],
  ])('%s', (_name, before, edit, after) => {
    expect(editJsonText(before, edit)).toBe(after);
  });
});

describe('parseJsonText', () => {
  test('names the line of a value, and of the nearest parent of one that is missing', () => {
    const parsed = parseJsonText('{\n  "a": {\n    "b": [\n      1,\n      2\n    ]\n  }\n}');
    if (!('value' in parsed)) throw new Error(parsed.fault);
    expect(parsed.lineOf(['a', 'b', 1])).toBe(5);
    expect(parsed.lineOf(['a', 'nothing'])).toBe(2);
    expect(parsed.lineOf([])).toBe(1);
  });

  test.each([
    ['{ "a": 1,\n "a": 2 }', 'the key "a" is given twice', 2],
    ['{\n\n "a": }', 'value expected', 3],
    ['', 'value expected', 1],
    ['{ "a": 1 } trailing', 'invalid symbol', 1],
  ])('refuses %j', (text, fault, line) => {
    expect(parseJsonText(text)).toEqual({ fault, line });
  });
});
