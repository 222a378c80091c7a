// A path comes out of a shell as it went in.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

test('whatever is in a path, a shell takes it as one word', () => {
  const character = fc.constantFrom(...'ab/ .\'"\\$`!*?~;&|<>(){}[]#\t\n%=-é猫');
  const paths = fc.sample(fc.string({ unit: character, minLength: 1, maxLength: 30 }), { numRuns: 300, seed: 7 });
  const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${paths.map(shellWord).join(' ')}`], { encoding: 'utf8' });
  expect(printed.split('\0').slice(0, -1)).toEqual(paths);
});

test('an ordinary path stays as it is', () => expect(shellWord('/home/ana/backups/copaw-1.tar.gz')).toBe('/home/ana/backups/copaw-1.tar.gz'));
