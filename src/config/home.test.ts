// A home is made whole or not at all, is closed to others, and a directory that is not ours is left alone.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { isAccepted, readAcceptance, writeAcceptance } from './acceptance.ts';
import { openConfig } from './config-file.ts';
import { createHome, type HomeContents, homePath, inspectHome } from './home.ts';
import { lockHome } from './lock.ts';
import { readRunFile, removeRunFile, writeRunFile } from './run-file.ts';

const sha256 = 'ab'.repeat(32);
const contents: HomeContents = {
  language: 'zh',
  timezone: 'Asia/Shanghai',
  persona: { 'AGENTS.md': '# How you work\n' },
  acceptance: { sha256, version: '1.2.3', time: '2026-01-05T08:00:00.000Z', how: 'terminal' },
};

let folder: TempFolder;
let home: string;
beforeEach(() => {
  folder = tempFolder();
  home = join(folder.path, 'data', 'copaw');
});
afterEach(() => folder.remove());

describe('homePath', () => {
  const person = { HOME: '/home/ana' };
  test.each([
    ['--home before everything', { ...person, COPAW_HOME: '/srv/a' }, '/srv/b/', '/srv/b'],
    ['COPAW_HOME', { ...person, COPAW_HOME: '/srv/a', XDG_DATA_HOME: '/srv/x' }, undefined, '/srv/a'],
    ['XDG_DATA_HOME', { ...person, XDG_DATA_HOME: '/srv/x' }, undefined, '/srv/x/copaw'],
    ['a relative XDG_DATA_HOME does not count', { ...person, XDG_DATA_HOME: 'x' }, undefined, '/home/ana/.local/share/copaw'],
    ['an empty COPAW_HOME does not count', { ...person, COPAW_HOME: '' }, undefined, '/home/ana/.local/share/copaw'],
  ])('%s', (_name, environment, override, expected) => expect(homePath(environment, override)).toBe(expected));

  test.each(['/', homedir()])('%s cannot be a home', (path) => {
    expect(() => homePath({}, path)).toThrow(expect.objectContaining({ code: 'home-foreign' }));
  });
});

describe('createHome', () => {
  test('makes everything private, and a configuration that is valid', () => {
    createHome(home, contents);
    expect(inspectHome(home)).toBe('ours');
    for (const entry of readdirSync(home, { withFileTypes: true, recursive: true }))
      expect([entry.name, statSync(join(entry.parentPath, entry.name)).mode & 0o077]).toEqual([entry.name, 0]);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(`${home}.secret`).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(home)).sort()).toEqual(['copaw', 'copaw.secret']);
    const warnings: unknown[] = [];
    const config = openConfig(home, { onWarning: (warning) => warnings.push(warning) });
    expect(config.current()).toMatchObject({ language: 'zh', timezone: 'Asia/Shanghai' });
    expect(warnings).toEqual([]);
    expect(JSON.parse(readFileSync(join(home, 'config.schema.json'), 'utf8'))).toHaveProperty('properties.server');
    expect(readFileSync(join(home, 'workspaces', 'main', 'AGENTS.md'), 'utf8')).toBe('# How you work\n');
  });

  test('uses an empty directory, and refuses a home that is there already', () => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    expect(inspectHome(home)).toBe('empty');
    createHome(home, contents);
    expect(inspectHome(home)).toBe('ours');
    expect(() => createHome(home, contents)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  test('leaves nothing behind when it fails', () => {
    mkdirSync(dirname(home), { mode: 0o700 });
    expect(() => createHome(home, { ...contents, persona: { 'no/such/folder.md': '' } })).toThrow(expect.objectContaining({ code: 'home-unsafe' }));
    expect(() => createHome(home, { ...contents, timezone: 'Mars/Olympus' })).toThrow(expect.objectContaining({ code: 'invalid' }));
    expect(readdirSync(dirname(home))).toEqual([]);
  });
});

describe('a directory that must not be used (R5)', () => {
  const refused = (code: string) => expect(() => inspectHome(home)).toThrow(expect.objectContaining({ code }));

  test('other files in it', () => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(join(home, 'thesis.txt'), '');
    refused('home-foreign');
    expect(() => createHome(home, contents)).toThrow(expect.objectContaining({ code: 'home-foreign' }));
    expect(readdirSync(home)).toEqual(['thesis.txt']);
  });

  test('a marker of another product or a newer layout', () => {
    createHome(home, contents);
    writeFileSync(join(home, 'copaw.json'), '{"product":"copaw","layout":2}');
    refused('home-foreign');
    writeFileSync(join(home, 'copaw.json'), '{"product":"other","layout":1}');
    refused('home-foreign');
  });

  test('a link to a home', () => {
    const real = join(folder.path, 'real');
    createHome(real, contents);
    mkdirSync(dirname(home));
    symlinkSync(real, home);
    refused('home-unsafe');
  });

  test.each([0o770, 0o702, 0o777])('others may write it (mode %o)', (mode) => {
    createHome(home, contents);
    chmodSync(home, mode);
    refused('home-unsafe');
  });

  test('its secrets are readable by others, or a link', () => {
    createHome(home, contents);
    chmodSync(`${home}.secret`, 0o750);
    refused('home-unsafe');
  });

  test('the secrets of a home that is gone are not taken over', () => {
    mkdirSync(`${home}.secret`, { recursive: true, mode: 0o700 });
    writeFileSync(join(`${home}.secret`, 'vault'), '');
    refused('home-foreign');
  });

  test.runIf(process.getuid?.() === 0)('it belongs to another user', () => {
    createHome(home, contents);
    chownSync(home, 12_345, 12_345);
    refused('home-unsafe');
  });
});

describe('the lock (R5)', () => {
  test('refuses a second holder, in the same process too, and says which process holds it', () => {
    createHome(home, contents);
    const lock = lockHome(home);
    writeRunFile(home, { pid: 4_321, port: 8_088, token: 'secret' });
    expect(() => lockHome(home)).toThrow(expect.objectContaining({ code: 'home-locked', message: expect.stringContaining('4321') }));
    expect(() => lockHome(home)).toThrow(expect.objectContaining({ code: 'home-locked' }));
    lock.release();
    lockHome(home).release();
  });

  test('is dropped by the kernel when its holder is killed', () => {
    createHome(home, contents);
    const holder = `const { lockHome } = await import(${JSON.stringify(new URL('lock.ts', import.meta.url).href)}); lockHome(${JSON.stringify(home)}); process.kill(process.pid, 'SIGKILL');`;
    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', holder], { stdio: 'ignore' })).toThrow(
      expect.objectContaining({ signal: 'SIGKILL' }),
    );
    lockHome(home).release();
  });
});

describe('the acceptance (R2)', () => {
  test('counts for the notice with the same hash only', () => {
    createHome(home, contents);
    expect(isAccepted(home, sha256)).toBe(true);
    expect(isAccepted(home, 'cd'.repeat(32))).toBe(false);
    writeAcceptance(home, { ...contents.acceptance, sha256: 'cd'.repeat(32), version: '9' });
    expect(isAccepted(home, 'cd'.repeat(32))).toBe(true);
    expect(readAcceptance(home)).toMatchObject({ version: '9', how: 'terminal' });
  });

  test('a damaged file is refused, not read as "never accepted"', () => {
    createHome(home, contents);
    writeFileSync(join(home, 'acceptance.json'), '{"sha256":');
    expect(() => isAccepted(home, sha256)).toThrow(expect.objectContaining({ code: 'config-corrupt' }));
  });
});

test('the run file is private and only its own run removes it', () => {
  createHome(home, contents);
  expect(readRunFile(home)).toBeUndefined();
  writeRunFile(home, { pid: 1, port: 8_088, token: 'one' });
  expect(statSync(join(`${home}.secret`, 'run.json')).mode & 0o777).toBe(0o600);
  removeRunFile(home, 'two');
  expect(readRunFile(home)).toEqual({ pid: 1, port: 8_088, token: 'one' });
  removeRunFile(home, 'one');
  expect(readRunFile(home)).toBeUndefined();
});
