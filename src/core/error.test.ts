// What the system and SQLite say of a machine that takes no more has codes and a next step; everything else stays what it is.
import { expect, test } from 'vitest';
import { CoPawError, errorCatalogue, machineError, toCoPawError } from './error.ts';

const system = (code: string): Error => Object.assign(new Error(`${code}: it failed`), { code });
const sqlite = (errcode: number): Error => Object.assign(new Error('it failed'), { code: 'ERR_SQLITE_ERROR', errcode });

test.each([
  ['disk-full', system('ENOSPC')],
  ['disk-full', system('EDQUOT')],
  ['disk-full', sqlite(13)],
  ['disk-full', sqlite(778)],
  ['disk-full', sqlite(4874)],
  ['disk-read-only', system('EROFS')],
  ['disk-read-only', sqlite(8)],
  ['disk-read-only', sqlite(1032)],
  ['files-exhausted', system('EMFILE')],
] as const)('%s', (code, thrown) => {
  expect(machineError(thrown)).toMatchObject({ code, retryable: true, next: expect.any(String), cause: thrown });
  expect(toCoPawError(thrown).code).toBe(code);
});

test('nothing else is one', () => {
  for (const thrown of [system('ENOENT'), system('constructor'), sqlite(5), sqlite(266), new Error('ENOSPC'), 'ENOSPC', undefined])
    expect(machineError(thrown)).toBeUndefined();
  const known = new CoPawError('busy', 'Wait.');
  expect(toCoPawError(known)).toBe(known);
  expect([errorCatalogue['disk-full'].status, errorCatalogue['disk-read-only'].status]).toEqual([507, 503]);
});
