// R28: what is shipped for containers and services. No engine runs here: the same confinement is made with bubblewrap, and the files are read.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeSandbox } from '../../src/security/process.ts';

const root = join(import.meta.dirname, '../..');
const text = (name: string): string => readFileSync(join(root, name), 'utf8');
const user = 10_001;
const asRoot = process.getuid?.() === 0;
const boxed = (await probeSandbox()).kind === 'full';

describe('the files', () => {
  const dockerfile = text('Dockerfile');
  const compose = text('compose.yaml');
  const unit = text('deploy/copaw.service');

  test('Dockerfile: Node 24 by major, from the lock file in stages, a user without rights, a health check', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gmu)].map(([, base]) => base);
    expect(bases).toEqual(['node:24-bookworm-slim', 'node:24-bookworm-slim', 'node:24-bookworm-slim']);
    expect(dockerfile).toMatch(/COPY package\.json package-lock\.json/u);
    expect(dockerfile.match(/npm (?:ci|install|i)\b/gu)).toEqual(['npm ci', 'npm ci']);
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM'));
    expect(last).toMatch(/^USER 10001:10001$/mu);
    expect(last.indexOf('USER')).toBeLessThan(last.indexOf('ENTRYPOINT'));
    expect(last).toMatch(/HEALTHCHECK[\s\S]*\/api\/ready/u);
    expect(last).toMatch(/-m 0700 \/data \/data\/copaw\.secret/u);
    expect(dockerfile).not.toMatch(/^ADD |curl|wget|--privileged|chmod 777|COPAW_.*(?:TOKEN|KEY)|--accept-security/mu);
  });
  test('the build context holds no history, no modules, no built files', () => {
    expect(text('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['.git', '**/node_modules', '**/dist']));
  });
  test('compose: every hardening key, the port on loopback, and what it means for commands', () => {
    for (const line of [
      'user: "10001:10001"',
      'read_only: true',
      'cap_drop:\n      - ALL',
      '- no-new-privileges:true',
      '- copaw-data:/data\n',
      '- copaw-secret:/data/copaw.secret\n',
      '- "127.0.0.1:8088:8088"',
      'pids_limit: 512',
      'mem_limit: 2g',
    ])
      expect(compose, line).toContain(line);
    expect(compose).toMatch(/tmpfs:\n\s+- \/tmp:rw,nosuid,nodev,size=/u);
    expect(compose).toContain('every command asks');
    expect(compose).not.toMatch(/privileged: true|cap_add|network_mode: host|pid: host|docker\.sock|seccomp[=:]unconfined|SYS_ADMIN/u);
  });
  test('unit: the same hardening, and the state directory for its owner alone', () => {
    const lines = [
      'User=copaw',
      'NoNewPrivileges=yes',
      'CapabilityBoundingSet=',
      'AmbientCapabilities=',
      'ProtectSystem=strict',
      'ProtectHome=yes',
      'PrivateTmp=yes',
      'PrivateDevices=yes',
      'StateDirectoryMode=0700',
      'UMask=0077',
      'RestrictSUIDSGID=yes',
      'ProtectKernelModules=yes',
      'SystemCallArchitectures=native',
      'TasksMax=512',
    ];
    for (const line of lines) expect(unit.split('\n'), line).toContain(line);
    expect(unit).not.toMatch(/User=root|--accept-security|PrivateUsers=no/u);
  });
  test.skipIf(spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status !== 0)(
    'unit: systemd reads it and grades its exposure below medium',
    () => {
      const { stdout, stderr } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', join(root, 'deploy/copaw.service')], {
        encoding: 'utf8',
      });
      const grade = /Overall exposure level[^:]*: ([\d.]+)/u.exec(stdout)?.[1];
      expect(stderr).not.toMatch(/Unknown|Failed to parse|ignoring/iu);
      expect(Number(grade)).toBeLessThan(4);
    },
  );
  test('the documentation names what was never run', () => expect(text('docs/deploy.md')).toMatch(/Never run: the image was never built/u));
});

describe.skipIf(!boxed)('the same confinement around bin/copaw.js', () => {
  let folder: string;
  let data: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'copaw-exposure-'));
    data = join(folder, 'data');
    mkdirSync(join(data, 'copaw.secret'), { recursive: true, mode: 0o700 });
    // As the image has it: an account of this number.
    writeFileSync(join(folder, 'passwd'), `root:x:0:0::/root:/bin/sh\ncopaw:x:${user}:${user}::/data:/usr/sbin/nologin\n`, { mode: 0o644 });
    if (asRoot) for (const path of [folder, data, join(data, 'copaw.secret')]) chownSync(path, user, user);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Read-only root, a /tmp in memory, two writable places, no capabilities, no new privileges, no user namespaces inside. */
  const box = (program: readonly string[]): readonly string[] => [
    ...[
      '--unshare-user',
      '--uid',
      String(user),
      '--gid',
      String(user),
      '--disable-userns',
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--cap-drop',
      'ALL',
      '--die-with-parent',
    ],
    ...[
      '--ro-bind',
      '/',
      '/',
      '--dev',
      '/dev',
      '--proc',
      '/proc',
      '--ro-bind',
      join(folder, 'passwd'),
      '/etc/passwd',
      '--tmpfs',
      '/tmp',
      '--bind',
      data,
      data,
      '--bind',
      join(data, 'copaw.secret'),
      join(data, 'copaw.secret'),
    ],
    ...(root.startsWith('/tmp/') ? ['--ro-bind', root, root] : []),
    ...['--', ...program],
  ];
  const options = () => ({
    cwd: '/',
    env: { PATH: [dirname(process.execPath), '/usr/bin:/bin'].join(':'), HOME: '/tmp', XDG_CACHE_HOME: '/tmp/cache', COPAW_HOME: join(data, 'copaw') },
    ...(asRoot ? { uid: user, gid: user } : {}),
  });
  const inBox = (...program: string[]): string =>
    execFileSync('/usr/bin/bwrap', box(program), { ...options(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const copaw = (...words: string[]): string[] => [process.execPath, join(root, 'bin/copaw.js'), ...words];

  test('the box is what it says', () => {
    const status = inBox(
      '/bin/sh',
      '-c',
      'id -u; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status; touch /probe /etc/probe /var/probe 2>/dev/null && echo WRITABLE; unshare -Ur true 2>/dev/null && echo NAMESPACES; true',
    );
    expect(status).toContain(`${user}\n`);
    expect(status).toMatch(/CapEff:\s*0{16}\n/u);
    expect(status).toMatch(/NoNewPrivs:\s*1\n/u);
    expect(status).not.toMatch(/WRITABLE|NAMESPACES/u);
  });

  test('the home is made on the first volume, with its secrets on the second', () => {
    inBox(...copaw('init', '--accept-security', '--defaults'));
    expect(readdirSync(data).sort()).toEqual(['copaw', 'copaw.secret']);
    expect(existsSync(join(data, 'copaw/config.json'))).toBe(true);
  });

  test('it starts, answers health, says that commands ask, and has written nowhere else', async () => {
    const child = spawn('/usr/bin/bwrap', box(copaw('start', '--no-open', '--json', '--port', '0')), { ...options(), stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (part: string) => (said.out += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (said.err += part));
    const closed = once(child, 'close');
    try {
      await Promise.race([once(child.stdout, 'data'), closed]);
      const { url } = JSON.parse(said.out || JSON.stringify({ url: said.err })) as { url: string };
      const { origin } = new URL(url);
      expect(await (await fetch(`${origin}/api/health`)).json()).toMatchObject({ status: 'ok', setup: false });
      const { token } = JSON.parse(readFileSync(join(data, 'copaw.secret/run.json'), 'utf8')) as { token: string };
      const status = (await (await fetch(`${origin}/api/status`, { headers: { authorization: `Bearer ${token}` } })).json()) as { sandbox: string };
      expect(status.sandbox).toBe('none');
      const doctor = spawnSync('/usr/bin/bwrap', box(copaw('doctor')), { ...options(), encoding: 'utf8' });
      expect(doctor.stdout).toMatch(/sandbox.*\n?.*ask/iu);
    } finally {
      child.kill('SIGTERM'); // the box ends with it, and all that is inside
      await closed;
    }
    expect(said.err).not.toMatch(/EROFS|EACCES|EPERM/u);
    expect(readdirSync(data).sort()).toEqual(['copaw', 'copaw.secret']);
    expect(readdirSync(folder).sort()).toEqual(['data', 'passwd']);
  });
});
