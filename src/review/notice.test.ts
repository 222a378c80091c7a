// The notice says all of R3 under anchors that do not change, and SECURITY.md says the same words.
import { expect, test } from 'vitest';
import { noticePoints, noticeSha256, noticeText } from './notice.ts';
import { securityPolicy } from './security-policy.ts';

test('covers every point under its stable anchor', () => {
  expect(noticePoints.map(({ anchor }) => anchor)).toEqual([
    'single-operator',
    'shared-authority',
    'allowlists',
    'separate-boundaries',
    'least-privilege',
    'secrets',
    'capable-model',
    'review',
  ]);
  for (const { title, text } of noticePoints) {
    expect(noticeText).toContain(title);
    expect(noticeText).toContain(text);
    expect(securityPolicy()).toContain(text);
  }
  expect(noticeSha256).toMatch(/^[0-9a-f]{64}$/u);
});

test('SECURITY.md is what securityPolicy() writes; `vitest run --project unit src/review -u` writes it anew', async () => {
  await expect(securityPolicy()).toMatchFileSnapshot('../../SECURITY.md');
});
