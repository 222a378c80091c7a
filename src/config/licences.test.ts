// What the build writes is what is read: each package once, with its whole text.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { licencesOf } from '../../scripts/licences.js';
import { tempFolder } from '../testing/temp-home.ts';
import { readLicences } from './licences.ts';

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

test('licences of both bundles, each package once, found by the modules that are in a bundle', () => {
  const folder = tempFolder();
  closing.push(() => folder.remove());
  const root = pathToFileURL(`${folder.path}/`);
  expect(readLicences(root)).toEqual([]);
  const pack = (name: string, more: object = {}): string => {
    const at = join(folder.path, 'node_modules', name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version: '1.2.3', license: 'MIT', ...more }));
    writeFileSync(join(at, name === 'plain' ? 'license' : 'LICENSE.md'), `Text of ${name}\r\n=====\n\nwith two parts\n`);
    return join(at, 'lib/index.js');
  };
  const [scoped, plain] = [pack('@a/scoped', { license: 'Apache-2.0' }), pack('plain')];
  for (const [place, modules] of Object.entries({ dist: [scoped, `\0${plain}`, scoped], 'console/dist': [plain, join(folder.path, 'src/own.ts')] })) {
    mkdirSync(join(folder.path, place), { recursive: true });
    writeFileSync(join(folder.path, place, 'LICENSES.txt'), licencesOf(modules));
  }
  const text = (name: string): string => `Text of ${name}\n=====\n\nwith two parts`;
  expect(readLicences(root)).toEqual([
    { name: '@a/scoped', version: '1.2.3', licence: 'Apache-2.0', text: text('@a/scoped') },
    { name: 'plain', version: '1.2.3', licence: 'MIT', text: text('plain') },
  ]);
  pack('plain', { license: undefined });
  expect(() => licencesOf([plain])).toThrow('plain has no licence file.');
});
