// The hash of a folder stands for every byte, name and executable bit in it, and for nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArchiveEntry } from './archive.ts';
import { treeHash } from './tree-hash.ts';

const file = (path: string, data = 'x'): ArchiveEntry => ({ path, kind: 'file', data: Buffer.from(data), executable: false });

describe('the tree hash', () => {
  const entry = fc.record({
    path: fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?$/),
    data: fc.uint8Array({ maxLength: 20 }),
    executable: fc.boolean(),
    kind: fc.constant('file' as const),
  });
  const tree = fc.uniqueArray(entry, { minLength: 1, maxLength: 6, selector: ({ path }) => path });

  test('does not depend on order', () => {
    fc.assert(
      fc.property(tree, fc.infiniteStream(fc.nat()), (entries, order) => {
        const shuffled = entries.map((one) => [order.next().value ?? 0, one] as const).sort(([a], [b]) => a - b);
        expect(treeHash(shuffled.map(([, one]) => one))).toBe(treeHash(entries));
      }),
    );
  });

  test('any change changes it', () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.constantFrom('byte', 'longer', 'mode', 'path', 'added', 'removed'), (entries, pick, how) => {
        const index = pick % entries.length;
        const changed = entries.flatMap((one, place) => {
          if (place !== index) return [one];
          if (how === 'removed') return [];
          if (how === 'added') return [one, { ...one, path: `${one.path}.new` }];
          if (how === 'mode') return [{ ...one, executable: !one.executable }];
          if (how === 'path') return [{ ...one, path: `${one.path}.` }];
          if (how === 'longer' || one.data.length === 0) return [{ ...one, data: Uint8Array.from([...one.data, 0]) }];
          return [{ ...one, data: one.data.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) }];
        });
        expect(treeHash(changed)).not.toBe(treeHash(entries));
      }),
    );
  });

  test('content cannot move from one file to another, nor a path into a content', () => {
    expect(treeHash([file('a', 'b'), file('c', 'd')])).not.toBe(treeHash([file('a', 'd'), file('c', 'b')]));
    expect(treeHash([file('a","b', 'x')])).not.toBe(treeHash([file('a', 'x'), file('b', 'x')]));
  });
});
