// bin/copaw.js in a made-up package: which code it runs, with which Node, and how it ends.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../../src/testing/temp-home.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = tempFolder();
  file('package.json', '{ "type": "module" }');
  file('bin/copaw.js', '');
  copyFileSync(join(import.meta.dirname, '../../bin/copaw.js'), join(folder.path, 'bin/copaw.js'));
});
afterEach(() => folder.remove());

/** `age`: seconds before now the file was changed. */
function file(path: string, text: string, age = 0): void {
  mkdirSync(dirname(join(folder.path, path)), { recursive: true });
  writeFileSync(join(folder.path, path), text);
  const at = Date.now() / 1000 - age;
  utimesSync(join(folder.path, path), at, at);
}

const says = (name: string): string => `export const main = (argv) => console.log(${JSON.stringify(name)}, ...argv);`;
// Makes this Node say that it is another one, in the launcher only.
const asNode = (version: string): string =>
  `--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
const launch = (...flags: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, join(folder.path, 'bin/copaw.js'), 'a', 'b c'], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('a checkout that was never built runs its sources', () => {
  file('src/main.ts', says('src'));
  expect(launch()).toEqual({ status: 0, stdout: 'src a b c\n', stderr: '' });
});

test('a build that is current is used, and one that is not is passed by', () => {
  file('src/main.ts', says('src'), 60);
  file('src/deep/er.ts', '', 60);
  file('dist/main.js', says('dist'), 30);
  file('dist/.stamp', '', 30);
  expect(launch().stdout).toBe('dist a b c\n');
  file('src/deep/er.ts', '', 10);
  expect(launch().stdout).toBe('src a b c\n');
});

test('a build without a stamp is not trusted', () => {
  file('src/main.ts', says('src'), 60);
  file('dist/main.js', says('dist'));
  expect(launch().stdout).toBe('src a b c\n');
});

test('an installed package has no sources', () => {
  file('dist/main.js', says('dist'));
  expect(launch().stdout).toBe('dist a b c\n');
});

test.each(['20.20.2', '24.14.1'])('Node %s is told what to install', (version) => {
  file('dist/main.js', says('dist'));
  const told = `error: CoPaw needs Node 24.15 or newer; this is ${version}.\nnext: `;
  expect(launch(asNode(version))).toEqual({ status: 3, stdout: '', stderr: expect.stringContaining(told) });
});

test.each(['24.15.0', '26.0.0'])('Node %s will do', (version) => {
  file('dist/main.js', says('dist'));
  expect(launch(asNode(version)).stdout).toBe('dist a b c\n');
});

test.each(['--version', '-V', 'version'])('%s is answered by any Node, and loads nothing', (argument) => {
  file('package.json', '{ "type": "module", "version": "9.8.7" }');
  const run = spawnSync(process.execPath, [asNode('18.0.0'), join(folder.path, 'bin/copaw.js'), argument], { encoding: 'utf8' });
  expect([run.status, run.stdout]).toEqual([0, '9.8.7\n']);
});

test('an old Node hands over to the one of the checkout, with arguments and exit code', () => {
  file('dist/main.js', 'export const main = (argv) => { console.log(process.version, ...argv); process.exitCode = 7; };');
  file('node_modules/node/bin/keep', '');
  symlinkSync(process.execPath, join(folder.path, 'node_modules/node/bin/node'));
  expect(launch(asNode('20.20.2'))).toEqual({ status: 7, stdout: `${process.version} a b c\n`, stderr: '' });
});

test('a signal to the launcher ends what it runs', async () => {
  file(
    'dist/main.js',
    `export const main = () => { setInterval(() => {}, 1000); process.once('SIGTERM', () => { console.log('bye'); process.exit(5); }); console.log('up'); };`,
  );
  file('node_modules/node/bin/keep', '');
  symlinkSync(process.execPath, join(folder.path, 'node_modules/node/bin/node'));
  const child = spawn(process.execPath, [asNode('20.20.2'), join(folder.path, 'bin/copaw.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output === 'up\n') child.kill('SIGTERM');
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, output }).toEqual({ code: 5, output: 'up\nbye\n' });
});
