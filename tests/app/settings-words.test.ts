// Each key of config.json has a name and a purpose in both languages on the page of settings, and none is named that does not exist.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { keysEn } from '../../console/src/pages/settings/keys-en.ts';
import { keysZh } from '../../console/src/pages/settings/keys-zh.ts';
import { type Node, wordKeys } from '../../console/src/pages/settings/schema.ts';
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
