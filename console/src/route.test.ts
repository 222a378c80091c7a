// The hash is the place: what is not a place leads home, and a code is never one.
import { expect, test } from 'vitest';
import { pageNames } from './page-names.ts';
import { chatHash, pageHash, parseHash } from './route.ts';

test('places', () => {
  for (const page of pageNames) expect(parseHash(pageHash(page))).toEqual({ page });
  expect(parseHash('#/models')).toEqual({ page: 'models' });
  expect(parseHash(chatHash('s_0a-Z'))).toEqual({ page: 'chat', sessionId: 's_0a-Z' });
  expect(['', '#', '#/', '#/s/', '#/s/a b', '#/s/../x', `#/s/${'x'.repeat(65)}`, '#code=abc'].map((hash) => parseHash(hash).page)).toEqual(
    Array(8).fill('home'),
  );
});
