// Each thing that the scan of a skill finds is said in Chinese too on the page of skills, and nothing else is.
import { expect, test } from 'vitest';
import { findingsZh } from '../../console/src/pages/skills/finding-words.ts';
import { scanArtifact } from '../../src/review/scan-artifact.ts';
import { textRules } from '../../src/review/scan-rules.ts';

test('every finding has its words', () => {
  const files = [[0x7f, 0x45, 0x4c, 0x46], [0x50, 0x4b, 3, 4], [0, 1], Buffer.alloc(3_000_000, 'a ')].map((data, index) => ({
    path: `${index}.md`,
    data: Uint8Array.from(data),
  }));
  const found = new Set([...textRules, ...scanArtifact(files)].map(({ id }) => id));
  expect([...found].sort()).toEqual(Object.keys(findingsZh).sort());
});
