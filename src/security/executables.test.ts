// What a command name means, and that a changed program has another hash.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { hashFile, resolveExecutable, resolveScripts } from './executables.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
let folder: TempFolder;
let one: string;
let two: string;
let workspace: string;

beforeEach(() => {
  folder = tempFolder();
  one = join(folder.path, 'one');
  two = join(folder.path, 'two');
  workspace = join(folder.path, 'workspace');
  for (const path of [one, two, workspace, join(workspace, 'sub')]) mkdirSync(path);
});
afterEach(() => folder.remove());

function program(path: string, text: string, mode = 0o755): string {
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('resolving a command', () => {
  test('a plain name is looked up in the host path, first folder first', () => {
    const first = program(join(one, 'tool'), 'first');
    program(join(two, 'tool'), 'second');
    expect(resolveExecutable('tool', `${one}:${two}`, workspace, '.')).toEqual({ path: first, sha256: sha256('first') });
    expect(resolveExecutable('absent', `${one}:${two}`, workspace, '.')).toBeUndefined();
    expect(resolveExecutable('tool', '', workspace, '.')).toBeUndefined();
  });

  test('folders and files without the executable bit are passed over', () => {
    mkdirSync(join(one, 'tool'));
    const real = program(join(two, 'tool'), 'real');
    program(join(one, 'data'), 'data', 0o644);
    expect(resolveExecutable('tool', `${one}:${two}`, workspace, '.')?.path).toBe(real);
    expect(resolveExecutable('data', `${one}:${two}`, workspace, '.')).toBeUndefined();
  });

  test('attack: a program planted in the workspace does not stand for a system command', () => {
    program(join(workspace, 'git'), 'planted');
    program(join(workspace, 'sub', 'git'), 'planted');
    expect(resolveExecutable('git', `.:${one}`, workspace, '.')).toBeUndefined();
    expect(resolveExecutable('git', `sub:${one}:`, workspace, 'sub')).toBeUndefined();
  });

  test('a name with a slash is meant from the folder the command runs in', () => {
    const script = program(join(workspace, 'sub', 'run.sh'), 'script');
    expect(resolveExecutable('./run.sh', one, workspace, 'sub')).toEqual({ path: script, sha256: sha256('script') });
    expect(resolveExecutable('sub/run.sh', one, workspace, '.')?.path).toBe(script);
    expect(resolveExecutable('./run.sh', one, workspace, '.')).toBeUndefined();
  });

  test('an absolute name is the file itself; the workspace as the sandbox shows it is the real one', () => {
    const tool = program(join(one, 'tool'), 'tool');
    const script = program(join(workspace, 'sub', 'run.sh'), 'script');
    expect(resolveExecutable(tool, '', workspace, '.')?.path).toBe(tool);
    expect(resolveExecutable('/workspace/sub/run.sh', '', workspace, '.')?.path).toBe(script);
  });

  test('attack: a link that is pointed at another program after the yes has another hash', () => {
    program(join(two, 'good'), 'good');
    program(join(two, 'evil'), 'evil');
    symlinkSync(join(two, 'good'), join(one, 'tool'));
    const approved = resolveExecutable('tool', one, workspace, '.');
    expect(approved).toEqual({ path: join(one, 'tool'), sha256: sha256('good') });
    rmSync(join(one, 'tool'));
    symlinkSync(join(two, 'evil'), join(one, 'tool'));
    expect(hashFile(join(one, 'tool'))).toBe(sha256('evil'));
  });

  test('attack: a folder of the PATH that is swapped for a link to another after the yes has another hash', () => {
    const folderOnPath = join(folder.path, 'bin');
    program(join(one, 'tool'), 'good');
    program(join(two, 'tool'), 'evil');
    symlinkSync(one, folderOnPath);
    const approved = resolveExecutable('tool', folderOnPath, workspace, '.');
    expect(approved?.sha256).toBe(sha256('good'));
    rmSync(folderOnPath);
    symlinkSync(two, folderOnPath);
    expect(hashFile(approved?.path ?? '')).toBe(sha256('evil'));
  });

  test('attack: a program that is renamed over the approved one, with size and times the same, has another hash', () => {
    const known = new Map<string, string>();
    const path = program(join(one, 'tool'), 'good');
    utimesSync(path, 1, 1);
    expect(hashFile(path, known)).toBe(sha256('good'));
    const other = program(join(one, 'other'), 'evil');
    utimesSync(other, 1, 1);
    renameSync(other, path);
    expect(hashFile(path, known)).toBe(sha256('evil'));
  });

  test('attack: a script of the workspace that is a hard link, changed through its other name, has another hash', () => {
    const script = program(join(workspace, 'run.sh'), 'good');
    linkSync(script, join(workspace, 'sub/other.sh'));
    const [approved] = resolveScripts(['sh', 'run.sh'], workspace, '.');
    writeFileSync(join(workspace, 'sub/other.sh'), 'evil');
    expect(hashFile(approved?.path ?? '')).not.toBe(approved?.sha256);
  });

  test('what cannot be read has no hash', () => {
    expect(hashFile(join(one, 'absent'))).toBeUndefined();
    expect(hashFile(one)).toBeUndefined();
  });

  test('every argument that names a file of the workspace counts as a script', () => {
    const script = program(join(workspace, 'sub', 'run.py'), 'print(1)', 0o644);
    const hashed = [{ path: script, sha256: sha256('print(1)') }];
    expect(resolveScripts(['python3', '-u', 'run.py', 'data.txt'], workspace, 'sub')).toEqual(hashed);
    expect(resolveScripts(['python3', '/workspace/sub/run.py'], workspace, '.')).toEqual(hashed);
    expect(resolveScripts(['sed', '-n', '--file=run.py'], workspace, 'sub')).toEqual(hashed);
    expect(resolveScripts(['python3', '-c', 'print(1)', '../../x'], workspace, '.')).toEqual([]);
    expect(resolveScripts(['run.py'], workspace, 'sub')).toEqual([]);
  });

  test('attack: a file named like an option value does not hide the script behind it', () => {
    program(join(workspace, 'extglob'), '', 0o644);
    const script = program(join(workspace, 'job.sh'), 'echo', 0o644);
    expect(resolveScripts(['bash', '-O', 'extglob', 'job.sh'], workspace, '.').map(({ path }) => path)).toContain(script);
  });

  test('attack: a script that is rewritten in place, with its time set back, has another hash', () => {
    const known = new Map<string, string>();
    const script = program(join(workspace, 'run.py'), 'good');
    const before = statSync(script);
    expect(hashFile(script, known)).toBe(sha256('good'));
    expect(hashFile(script, known)).toBe(sha256('good'));
    expect(known.size).toBe(1);
    writeFileSync(script, 'evil');
    utimesSync(script, before.atime, before.mtime);
    expect(hashFile(script, known)).toBe(sha256('evil'));
  });

  test('a large file is not read, and has another hash once it was changed', () => {
    const path = program(join(workspace, 'big.tar'), '');
    truncateSync(path, 17 * 1024 * 1024);
    const before = hashFile(path);
    expect(before).toBe(hashFile(path));
    const handle = openSync(path, 'r+');
    writeSync(handle, 'x', 1000);
    closeSync(handle);
    expect(hashFile(path)).not.toBe(before);
  });

  test('attack: files outside the workspace are not looked at, whatever a command names', () => {
    const outside = program(join(one, 'secret'), 'secret', 0o600);
    expect(resolveScripts(['cat', outside, '../one/secret', '/etc/passwd', `--file=${outside}`], workspace, '.')).toEqual([]);
  });

  test('attack: a command that names the same or ever more files does not keep the machine reading', () => {
    const script = program(join(workspace, 'run.sh'), 'x');
    expect(resolveScripts(['cat', 'run.sh', './run.sh', script], workspace, '.')).toHaveLength(1);
    const names = Array.from({ length: 257 }, (_, at) => `f${at}`);
    for (const name of names) program(join(workspace, name), name, 0o644);
    expect(resolveScripts(['cat', ...names.slice(1)], workspace, '.')).toHaveLength(256);
    expect(() => resolveScripts(['cat', ...names], workspace, '.')).toThrow('at most 256 files');
  });

  test('attack: a pipe named as a script is not waited for', () => {
    execFileSync('mkfifo', [join(workspace, 'pipe')]);
    expect(hashFile(join(workspace, 'pipe'))).toBeUndefined();
    expect(resolveScripts(['python3', 'pipe'], workspace, '.')).toEqual([]);
  });
});
