// Each key of config.json has a name and a purpose in both languages on the page of settings, and none is named that does not exist; what is wrong with a value is told in both.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { keysEn } from '../../console/src/pages/settings/keys-en.ts';
import { keysZh } from '../../console/src/pages/settings/keys-zh.ts';
import { type Node, wordKeys } from '../../console/src/pages/settings/schema.ts';
import { said } from '../../console/src/text/zh/said/said.ts';
import { inspectConfig } from '../../src/config/inspect-config.ts';
import { configSchema } from '../../src/core/config.ts';

interface Key {
  readonly path: readonly string[];
  readonly node: Node;
}

function keysOf(node: Node, path: readonly string[]): readonly Key[] {
  const named = Object.entries(node.properties ?? {}).flatMap(([key, below]) => [{ path: [...path, key], node: below }, ...keysOf(below, [...path, key])]);
  const held = [node.additionalProperties, node.items].flatMap((below) => (below === undefined ? [] : keysOf(below, [...path, '*'])));
  return [...named, ...held, ...(node.anyOf ?? []).flatMap((below) => keysOf(below, path))];
}

const left = new Set(['$schema', 'version']);
const keys = keysOf(z.toJSONSchema(configSchema, { io: 'input' }) as Node, []).filter(({ path }) => !left.has(path[0] ?? ''));

test('every key has its words', () => {
  expect(keys.length).toBeGreaterThan(80);
  const dumb = keys.filter(({ path, node }) => {
    const [en, zh] = [keysEn, keysZh].map((table) => wordKeys(path).find((key) => Object.hasOwn(table, key)));
    return en === undefined || zh === undefined || (node.description !== undefined && keysZh[zh]?.[1] === undefined);
  });
  expect(dumb.map(({ path }) => path.join('.'))).toEqual([]);
});

test('no words are left over', () => {
  const used = new Set(keys.flatMap(({ path }) => wordKeys(path)));
  expect([...Object.keys(keysEn), ...Object.keys(keysZh)].filter((key) => !used.has(key))).toEqual([]);
});

const dumb = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => {
    const { faults } = inspectConfig(text);
    expect(faults, text).not.toEqual([]);
    return faults.filter((fault) => !/\p{Script=Han}/u.test(said(fault.text) ?? '')).map((fault) => fault.text);
  });

test('whatever is wrong with a text or a name is told in Chinese', () => {
  const texts = [
    '',
    ' ',
    '{ oops }',
    '{ "a" 1 }',
    '{ "a": 1',
    '{ "a": "',
    '{ "a": [1 2',
    '{ "a": 1, "a": 2 }',
    '{} 1',
    '{ "a": }',
    '{ : 1 }',
    '{ "a": 1e }',
    '{ "a": "\\x" }',
    '{ "a": "\\u1" }',
    '{ "a": "\t" }',
    '{ /* }',
    '5',
    '[]',
  ];
  const names = [
    { identities: { ' ana': ['x'] }, transcription: { model: 'a/b', language: 'German' }, rules: {} },
    { models: { providers: { 'My One': { kind: 'openai' } } }, channels: { telegram: { one: { allow: [' 7', '*'] } } } },
    { sandbox: { network: { hosts: ['10.0.0.1'] } }, agents: { 'No name': {} } },
  ];
  expect(dumb([...texts, ...names.map((value) => JSON.stringify(value))])).toEqual([]);
});

test('whatever is wrong with the value of a key is told in Chinese', () => {
  const wrong = [
    null,
    true,
    '',
    ' ',
    'x y',
    '*',
    'ftp://x',
    -1,
    0,
    1.5,
    1e300,
    {},
    { ' ': 1 },
    [],
    [1],
    ['', ''],
    'a'.repeat(9000),
    Array.from({ length: 2000 }, () => 'a'),
  ];
  /** A star is a name in a record, or a place in a list. */
  const held = (path: readonly string[], value: unknown): readonly unknown[] => {
    const [key, ...rest] = path;
    if (key === undefined) return [value];
    return held(rest, value).flatMap((below): readonly unknown[] => (key === '*' ? [{ one: below }, [below]] : [{ [key]: below }]));
  };
  const texts = keys.flatMap(({ path }) => wrong.flatMap((value) => held(path, value).map((config) => JSON.stringify(config))));
  expect([...new Set(dumb(texts.filter((text) => inspectConfig(text).faults.length > 0)))]).toEqual([]);
});
