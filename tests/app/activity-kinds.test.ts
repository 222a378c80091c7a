// Every kind of record that the source can write has words for people in the console, in both languages.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kinds } from '../../console/src/pages/activity/kinds.ts';

const source = join(import.meta.dirname, '../../src');

test('each kind has words', () => {
  const written = new Set<string>();
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.test.ts') || entry.parentPath.includes('testing')) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, kind = ''] of text.matchAll(/\baudit(?:\.append)?\(\s*'([a-z-]+)'/gu)) written.add(kind);
  }
  expect(written.size).toBeGreaterThan(25);
  for (const words of Object.values(kinds)) expect([...written].filter((kind) => !Object.hasOwn(words, kind))).toEqual([]);
  expect(Object.keys(kinds.zh)).toEqual(Object.keys(kinds.en));
});
