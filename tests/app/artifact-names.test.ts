// Which names of files may be installed. What is refused, and why, is tested at the door (src/security/install-artifact.test.ts).
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArchiveEntry } from '../../src/lib/archive.ts';
import { entriesFault } from '../../src/lib/artifact-rules.ts';

const file = (path: string): ArchiveEntry => ({ path, kind: 'file', data: Buffer.from('x'), executable: false });

test('ordinary names pass', () => {
  const names = [
    'SKILL.md',
    'LICENSE',
    'scripts/run it.py',
    'references/说明.md',
    '.gitignore',
    'assets/logo@2x.png',
    'a/b-c_d (1).txt',
    'console.md',
    'cafe\u0301',
  ];
  expect(entriesFault(names.map(file))).toBeUndefined();
});

test('a name that is accepted stays below its folder and is one place on every system', () => {
  const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.constantFrom('..', '.', '', 'a', 'A', 'con', 'é', 'e\u0301', 'a.', 'b '));
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(fc.array(path, { minLength: 1, maxLength: 4 }), (paths) => {
      if (entriesFault(paths.map(file)) !== undefined) return;
      for (const one of paths) {
        expect(join('/root', one)).toBe(`/root/${one}`);
        expect(one).not.toMatch(/[\\:\p{Cc}\p{Cf}]|(?:^|\/)\.{0,2}(?:\/|$)|[. ](?:\/|$)/u);
      }
      expect(new Set(paths.map((one) => one.normalize('NFC').toLowerCase())).size).toBe(paths.length);
    }),
    { numRuns: 200 },
  );
});
