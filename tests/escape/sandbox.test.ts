// Attacks on the command sandbox with real bubblewrap: what must not be seen, changed, reached, exhausted or left behind.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ProcessDoor, ProcessPlan } from '../../src/core/process.ts';
import type { CommandState } from '../../src/core/tool.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createIds } from '../../src/lib/ids.ts';
import { createProcessDoor, probeSandbox } from '../../src/security/process.ts';
import { boundFolders, sandboxPath } from '../../src/security/sandbox.ts';

const canary = 'canary-7f3a91';
const limits = { memoryMb: 256, processes: 64, outputBytes: 20_000 };
const sandbox = await probeSandbox();
const asRoot = process.getuid?.() === 0;
/** Control groups hold for root only; an ordinary user has rlimits, which end a command without naming the cause. */
const capped = asRoot && sandbox.reason === undefined;

const top = mkdtempSync(join(tmpdir(), 'copaw-escape-'));
const home = join(top, 'home');
const workspace = join(home, '.copaw/workspaces/main');
const hostPath = [
  join(home, '.copaw/bin'),
  join(home, 'bin'),
  join(home, '.copaw.secret/bin'),
  join(top, 'tool/bin'),
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
].join(':');
const secrets = ['.ssh/id_ed25519', '.copaw/config.json', '.copaw/copaw.db', '.copaw/workspaces/other/notes.md', '.copaw.secret/vault.json'];
let door: ProcessDoor;

const newDoor = (extra: Partial<Parameters<typeof createProcessDoor>[0]> = {}): ProcessDoor =>
  createProcessDoor({ sandbox, clock: systemClock, ids: createIds(() => systemClock.now()), limits, hostPath, proxy: () => '', ...extra });
const plan = (what: string | readonly string[], more: Partial<ProcessPlan> = {}): ProcessPlan => ({
  ...{ workspace, cwd: '', network: false, sandboxed: true, timeoutMs: 30_000 },
  ...(typeof what === 'string' ? { command: what } : { argv: what }),
  ...more,
});
const run = (what: string | readonly string[], more: Partial<ProcessPlan> = {}): Promise<CommandState> =>
  door.run(plan(what, more), new AbortController().signal);

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}

/** Host processes whose command line holds the marker. */
function alive(marker: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(marker);
      } catch {
        return false;
      }
    });
}

function leftGroups(): readonly string[] {
  const roots = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup/memory', '/sys/fs/cgroup'];
  const found = (path: string): readonly string[] => {
    try {
      return readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => new RegExp(`copaw-${process.pid}-cmd_[^/]*$`).test(name));
    } catch {
      return [];
    }
  };
  return roots.flatMap(found);
}

/** Resolves when the background command has printed the text. */
async function printed(id: string, text: string): Promise<void> {
  await expect.poll(() => door.poll(id).output, { timeout: 10_000, interval: 20 }).toContain(text);
}

beforeAll(() => {
  mkdirSync(workspace, { recursive: true });
  for (const path of secrets) write(join(home, path), canary);
  for (const folder of ['.copaw/bin', 'bin', '.copaw.secret/bin']) mkdirSync(join(home, folder), { recursive: true });
  write(join(top, 'tool/bin/greet'), `#!/bin/sh\ncat ${join(top, 'tool/share/greeting')}\n`, 0o755);
  write(join(top, 'tool/share/greeting'), 'hello from the tool\n');
  door = newDoor();
});
afterEach(async () => {
  await door.stopAll();
  expect(leftGroups()).toEqual([]);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

describe.skipIf(sandbox.kind === 'none')('reading what is not the workspace', () => {
  test.each([
    ...secrets.map((path): [string, string] => [`~/${path}`, join(home, path)]),
    ...['/etc/shadow', '/etc/ssh', '/proc/1/root/etc/shadow', '/var/lib', '/sys/fs/cgroup'].map((path): [string, string] => [path, path]),
    ['the home of who runs CoPaw', userInfo().homedir],
  ])('direct path %s', async (_name, path) => {
    const state = await run(['/bin/sh', '-c', 'cat "$1" || ls -A "$1"', 'sh', path]);
    expect(state.exitCode).not.toBe(0);
    expect(state.output).not.toContain(canary);
  });

  test('a search of everything visible finds no canary', async () => {
    const state = await run(
      `for f in /*; do case $f in /bin | /sbin | /lib* | /usr | /proc | /dev) ;; *) grep -rls ${canary} $f /dev/shm ;; esac; done; echo searched`,
    );
    expect(state.output).toBe('searched\n');
  });

  test('links in the workspace that lead out', async () => {
    symlinkSync(join(home, '.ssh'), join(workspace, 'keys'));
    symlinkSync('/etc/shadow', join(workspace, 'shadow'));
    const state = await run('cat keys/id_ed25519 shadow');
    expect(state.exitCode).toBe(1);
    expect(state.output).not.toContain(canary);
    expect((await run('ls', { cwd: 'keys' })).exitCode).not.toBe(0);
  });

  test('a working folder outside of the workspace is refused', async () => {
    for (const cwd of ['..', 'a/../../other', '/etc']) await expect(run('ls', { cwd })).rejects.toMatchObject({ code: 'process-refused', rule: 'R16' });
  });

  test('environments and command lines of the host', async () => {
    const other = spawn('/bin/sleep', ['300'], { env: { CANARY: canary }, stdio: 'ignore' });
    try {
      const state = await run('cat /proc/1/environ /proc/*/environ /proc/*/cmdline 2>/dev/null | tr "\\0" "\\n"; env');
      expect(state.output).not.toContain(canary);
      expect(state.output).not.toContain(`/${userInfo().username}/`);
      const names = (await run('env | cut -d= -f1 | sort')).output.trim().split('\n');
      expect(names.filter((name) => !['_', 'OLDPWD', 'PWD', 'SHLVL'].includes(name))).toEqual(['HOME', 'LANG', 'PATH', 'TERM', 'TZ']);
    } finally {
      other.kill('SIGKILL');
    }
  });

  test('descriptors inherited from the host', async () => {
    const script = join(top, 'inherit.ts');
    const source = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
    writeFileSync(
      script,
      `import { createProcessDoor } from ${source('security/process.ts')};
       import { systemClock } from ${source('lib/clock.ts')};
       const door = createProcessDoor({ sandbox: ${JSON.stringify(sandbox)}, clock: systemClock, ids: () => 'inherit', limits: ${JSON.stringify(limits)}, proxy: () => '', hostPath: '/usr/bin:/bin' });
       const keep = setInterval(() => {}, 1000);
       const plan = { workspace: ${JSON.stringify(workspace)}, cwd: '', argv: ['/bin/sh', '-c', 'ls /proc/self/fd; cat /proc/self/fd/200'], network: false, sandboxed: true, timeoutMs: 20000 };
       console.log((await door.run(plan, new AbortController().signal)).output);
       clearInterval(keep);`,
    );
    const child = spawn('/bin/bash', ['-c', `exec 200<"$1"; exec "$2" "$3"`, 'bash', join(home, secrets[0] ?? ''), process.execPath, script]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    await new Promise((resolve) => child.once('close', resolve));
    expect(said).toMatch(/^0\n1\n2\n/);
    expect(said).not.toMatch(/^200$/m);
    expect(said).not.toContain(canary);
  });
});

describe.skipIf(sandbox.kind === 'none')('changing what is not the workspace', () => {
  test.each(['/probe', '/usr/probe', '/etc/probe', '/dev/probe', '/etc/passwd', '/usr/bin/env'])('writing %s', async (path) => {
    expect((await run(['/bin/sh', '-c', ': >> "$1"', 'sh', path])).exitCode).not.toBe(0);
  });

  test.skipIf(!asRoot)('kernel settings, which the mapped root user would own', async () => {
    const state = await run('for f in /proc/sys/vm/swappiness /proc/sys/kernel/core_pattern; do cat $f > $f && echo changed; done');
    expect(state.output).not.toContain('changed');
  });

  test.skipIf(!asRoot)('modes of host devices, which the mapped root user would own', async () => {
    const devices = ['/dev/full', '/dev/zero'];
    const modes = (): readonly number[] => devices.map((path) => statSync(path).mode & 0o7777);
    const before = modes();
    const state = await run(['chmod', '600', ...devices]);
    const after = modes();
    devices.forEach((path, index) => void chmodSync(path, before[index] ?? 0o666));
    expect(state.exitCode).not.toBe(0);
    expect(after).toEqual(before);
    expect((await run('echo x > /dev/null && head -c 4 /dev/urandom | wc -c')).output.trim()).toBe('4');
  });

  test('no capability, no new privileges, no mount, no nested namespace', async () => {
    expect((await run('grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status')).output.replaceAll('\t', '')).toBe(
      'CapEff:0000000000000000\nCapBnd:0000000000000000\nNoNewPrivs:1\n',
    );
    expect((await run('mount -t tmpfs none /tmp')).exitCode).not.toBe(0);
    expect((await run('unshare -Urm mount -o remount,rw /proc')).exitCode).not.toBe(0);
  });

  test('/tmp is private and gone afterwards', async () => {
    await run('echo one > /tmp/one; echo two > /dev/shm/two');
    expect((await run('ls /tmp/one /dev/shm/two')).exitCode).toBe(2);
  });

  test('signals to host processes', async () => {
    const other = spawn('/bin/sleep', ['300'], { stdio: 'ignore' });
    expect((await run(`kill -9 ${other.pid}`)).exitCode).not.toBe(0);
    expect(other.exitCode).toBeNull();
    expect(other.kill('SIGKILL')).toBe(true);
  });
});

describe.skipIf(sandbox.kind === 'none')('network', () => {
  test('a loopback server of the host is out of reach unless granted', async () => {
    let hits = 0;
    const server = createServer((_request, response) => response.end(`hit ${++hits}`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const call = `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`;
      expect((await run(['/bin/bash', '-c', call])).exitCode).not.toBe(0);
      expect(hits).toBe(0);
      expect((await run(['/bin/bash', '-c', call], { network: true })).output).toContain('hit 1');
    } finally {
      server.close();
    }
  });
});

describe.skipIf(sandbox.kind === 'none')('exhausting the host', () => {
  test('a fork bomb stops at the cap and leaves nothing', async () => {
    const count = await run(['/bin/sh', '-c', 'i=0; while [ $i -lt 500 ]; do sleep 300.77 & i=$((i+1)); echo $i; done'], { timeoutMs: 10_000 });
    const reached = Number(count.output.match(/^\d+$/gm)?.at(-1));
    expect(reached).toBeGreaterThan(8);
    expect(reached).toBeLessThanOrEqual(limits.processes);
    await run('bomb() { bomb | bomb & }; bomb; sleep 300.77', { timeoutMs: 1_500 });
    expect(alive('300.77')).toEqual([]);
  });

  test('a 2 GB allocation is stopped', async () => {
    const state = await run(['node', '-e', 'const all = []; for (let i = 0; i < 20; i++) all.push(Buffer.alloc(1e8, 1)); console.log("all of it")']);
    expect(state.output).not.toContain('all of it');
    expect(state.running).toBe(false);
    if (capped) expect(state).toMatchObject({ ended: 'memory' });
  });

  test('a 2 GB file in /tmp is stopped', async () => {
    expect((await run('head -c 2000000000 /dev/zero > /tmp/large')).exitCode).not.toBe(0);
  });

  test('endless output is cut in the middle and ended', async () => {
    const state = await run('echo first; yes äöü');
    expect(state).toMatchObject({ ended: 'output', truncated: true });
    expect(state.output.startsWith('first\n')).toBe(true);
    expect(Buffer.byteLength(state.output)).toBeLessThan(limits.outputBytes + 100);
    expect(state.output).not.toContain('\ufffd');
  });

  test('more commands at once than the table holds', async () => {
    const states = Array.from({ length: 32 }, () => door.start(plan(['sleep', '300.88'])));
    expect(() => door.start(plan(['sleep', '300.88']))).toThrow(expect.objectContaining({ code: 'busy' }));
    await door.stopAll();
    expect(states.map(({ id }) => door.poll(id).ended)).toEqual(states.map(() => 'killed'));
    expect(alive('300.88')).toEqual([]);
  });
});

describe.skipIf(sandbox.kind === 'none')('outliving the command', () => {
  const stubborn = (marker: string): string => `trap "" TERM HUP INT; setsid sleep ${marker} & (sleep ${marker} &) ; echo up; sleep ${marker}`;

  test('timeout', async () => {
    expect(await run(stubborn('301.11'), { timeoutMs: 700 })).toMatchObject({ running: false, ended: 'timeout', output: 'up\n' });
    expect(alive('301.11')).toEqual([]);
  });

  test('abort', async () => {
    const controller = new AbortController();
    const state = await door.run(plan(stubborn('301.22')), controller.signal, () => controller.abort());
    expect(state).toMatchObject({ running: false, ended: 'killed', output: 'up\n' });
    expect(alive('301.22')).toEqual([]);
    await expect(door.run(plan('true'), controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('kill', async () => {
    const { id, running } = door.start(plan(stubborn('301.33')));
    expect(running).toBe(true);
    await printed(id, 'up');
    expect(await door.kill(id)).toMatchObject({ running: false, ended: 'killed' });
    expect(alive('301.33')).toEqual([]);
    expect(door.poll(id)).toMatchObject({ running: false, ended: 'killed' });
  });

  test('a background child of a command that has ended', async () => {
    expect(await run('setsid sleep 301.44 & echo done')).toMatchObject({ exitCode: 0, output: 'done\n' });
    expect(alive('301.44')).toEqual([]);
  });

  test.skipIf(!capped)('a daemon of an unsandboxed command', async () => {
    expect(await run('(setsid sleep 301.55 &) ; echo done', { sandboxed: false })).toMatchObject({ exitCode: 0, output: 'done\n' });
    expect(alive('301.55')).toEqual([]);
  });
});

describe.skipIf(sandbox.kind === 'none')('ordinary work', () => {
  test('git, node, python, find, pipes, files', async () => {
    const git = 'git init -q . && echo hi > a.txt && git add a.txt && git -c user.name=a -c user.email=a@b.c commit -qm first && git log --format=%s';
    expect(await run(`mkdir -p project && cd project && ${git}`)).toMatchObject({ exitCode: 0, output: 'first\n' });
    expect(await run('git status --short', { cwd: 'project' })).toMatchObject({ exitCode: 0, output: '' });
    expect((await run(['node', '-e', 'console.log(1 + 1)'])).output).toBe('2\n');
    expect((await run('command -v python3 >/dev/null || { echo 3; exit; }; python3 -c "print(1 + 2)"')).output).toBe('3\n');
    expect((await run('find . -name "a.*" | sort', { cwd: 'project' })).output).toBe('./a.txt\n');
    expect((await run('printf "b\\na\\n" | sort | tr a-z A-Z > out.txt && cat out.txt')).output).toBe('A\nB\n');
    expect(readFileSync(join(workspace, 'out.txt'), 'utf8')).toBe('A\nB\n');
    expect((await run('whoami; pwd; echo $HOME; cat')).output).toBe('user\n/workspace\n/tmp\n');
  });

  test('both outputs in order, exit codes, live output, a program that is missing', async () => {
    const live: string[] = [];
    const state = await door.run(plan('echo one; echo two >&2; echo three; exit 3'), new AbortController().signal, (text) => live.push(text));
    expect(state).toMatchObject({ running: false, exitCode: 3, output: 'one\ntwo\nthree\n', truncated: false });
    expect(live.join('')).toBe('one\ntwo\nthree\n');
    expect((await run(['no-such-program'])).exitCode).not.toBe(0);
  });

  test('a folder in a home may be listed to change', async () => {
    const tool = join(home, '.cache/tool');
    mkdirSync(tool, { recursive: true });
    expect((await run(`echo x > ${tool}/x`, { folders: { readOnly: [], writable: [tool] } })).exitCode).toBe(0);
  });

  test('PATH: packages outside of homes work, everything around the workspace stays hidden', async () => {
    expect((await run(['greet'])).output).toBe('hello from the tool\n');
    const inside = sandboxPath(hostPath, { readOnly: [], writable: [] }, workspace);
    expect(inside.split(':')).not.toContain(join(home, '.copaw/bin'));
    expect(inside.split(':')).not.toContain(join(home, 'bin'));
    expect(inside.split(':')).toContain(join(top, 'tool/bin'));
    expect((await run('echo "$PATH"')).output.trim()).toBe(inside);
  });

  test('readOnly adds a folder, never one around the workspace', async () => {
    const folders = { readOnly: [join(home, '.ssh'), join(home, '.copaw.secret'), home, top, '/', '/etc', userInfo().homedir], writable: [] };
    expect((await run(['cat', join(home, '.ssh/id_ed25519')], { folders })).output).toBe(canary);
    for (const path of [join(home, '.copaw/config.json'), join(home, '.copaw.secret/vault.json'), '/etc/shadow'])
      expect((await run(['cat', path], { folders })).exitCode).not.toBe(0);
    expect((await run(`echo x > ${join(home, '.ssh/new')}`, { folders })).exitCode).not.toBe(0);
  });
});

describe.skipIf(sandbox.kind === 'none')('folders the operator lists to change', () => {
  const cache = join(top, 'cache');
  const listed = (...writable: string[]) => ({ folders: { readOnly: [], writable } });
  beforeAll(() => mkdirSync(cache, { recursive: true }));

  test('one is changed at its own path, and only while it is listed', async () => {
    expect(await run(`echo kept > ${cache}/a && cat ${cache}/a`, listed(cache))).toMatchObject({ exitCode: 0, output: 'kept\n' });
    expect(readFileSync(join(cache, 'a'), 'utf8')).toBe('kept\n');
    expect((await run(`echo more >> ${cache}/a`)).exitCode).not.toBe(0);
    expect((await run(`echo more >> ${cache}/a`, { folders: { readOnly: [cache], writable: [] } })).exitCode).not.toBe(0);
  });

  test.each([
    ['a home', userInfo().homedir],
    ['what holds a home', join(userInfo().homedir, '..')],
    ['the root', '/'],
    ['a system folder', '/usr/local/lib'],
    ['configuration of the system', '/etc'],
    ['all temporary files', '/tmp'],
    ['control state', join(home, '.copaw')],
    ['the secrets', join(home, '.copaw.secret')],
    ['what holds control state', home],
    ['the workspace of another agent', join(home, '.copaw/workspaces/other')],
    ['what the host runs', join(top, 'tool/bin')],
    ['what holds what the host runs', join(top, 'tool')],
    ['something inside what the host runs', join(top, 'tool/bin/sub')],
    ['a path that climbs', `${cache}/../home/.copaw`],
    ['a relative path', 'cache'],
  ])('attack: %s is not', async (_name, path) => {
    mkdirSync(join(top, 'tool/bin/sub'), { recursive: true });
    const { writable } = boundFolders(hostPath, { readOnly: [], writable: [path] }, workspace);
    expect(writable).toEqual([]);
    const state = await run(['/bin/sh', '-c', 'echo x > "$1/escaped"', 'sh', path], listed(path));
    if (path !== '/tmp' && path.startsWith('/')) expect(state.exitCode).not.toBe(0);
  });

  test('attack: a link to control state, to a system folder or to what the host runs', () => {
    for (const [index, target] of [join(home, '.copaw'), '/usr/bin', '/etc', join(top, 'tool/bin'), userInfo().homedir].entries()) {
      const link = join(top, `link${index}`);
      symlinkSync(target, link);
      expect(boundFolders(hostPath, { readOnly: [], writable: [link] }, workspace).writable, target).toEqual([]);
    }
  });
});

test('without a sandbox a sandboxed command is refused, never run bare', async () => {
  const bare = newDoor({ sandbox: { kind: 'none', reason: 'none here' } });
  await expect(bare.run(plan('echo ran > ran.txt'), new AbortController().signal)).rejects.toMatchObject({ code: 'process-refused', rule: 'R16' });
  expect(() => bare.start(plan('echo ran > ran.txt'))).toThrow(expect.objectContaining({ code: 'process-refused' }));
  expect(readdirSync(workspace)).not.toContain('ran.txt');
});

test.each([[['']], [[]], [['-c', 'ls']], [['ls', 'a\0b']]])('a program name that is not one: %j', async (argv) => {
  await expect(run(argv)).rejects.toMatchObject({ code: 'process-refused' });
});
