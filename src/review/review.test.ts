// Every check is silent on a default home and speaks on a bad one. What is true of this machine is put aside.
import { describe, expect, test } from 'vitest';
import { type Config, configSchema } from '../core/config.ts';
import type { Facts, FileFact } from './facts.ts';
import { checks, findAll } from './review.ts';

const day = 24 * 60 * 60_000;
const now = Date.UTC(2026, 10, 25);
const home = '/home/ana/.local/share/copaw';
const file = (path: string, mode: number, more: Partial<FileFact> = {}): FileFact => ({ path, kind: 'file', mode, sticky: false, owner: 1000, ...more });
const folder = (path: string, mode: number, more: Partial<FileFact> = {}): FileFact => file(path, mode, { kind: 'directory', ...more });
const config = (settings: object): Config => configSchema.parse(settings);

const good: Facts = {
  now,
  home,
  temporary: '/tmp',
  platform: 'linux',
  node: '24.15.0',
  user: 1000,
  container: false,
  sandbox: { kind: 'full' },
  running: false,
  runFile: undefined,
  files: [
    folder(home, 0o700),
    folder(`${home}.secret`, 0o700),
    file(`${home}/config.json`, 0o600),
    file(`${home}/copaw.db`, 0o600),
    folder(`${home}/logs`, 0o700),
    file(`${home}/logs/copaw.log`, 0o600),
    file(`${home}.secret/vault.key`, 0o600),
  ],
  parents: [folder('/home/ana/.local/share', 0o755), folder('/home', 0o755, { owner: 0 }), folder('/tmp', 0o777, { sticky: true, owner: 0 })],
  texts: [{ path: 'workspaces/main/AGENTS.md', text: 'Be kind. Tokens are counted; the password is never asked for.', holdsSecret: false }],
  config: config({}),
  configFile: `${home}/config.json`,
  unknownKeys: [],
  problems: {},
  secrets: [],
  isSet: () => false,
  devices: [{ id: 'd', name: 'browser', createdAt: now - 300 * day, seenAt: now - day }],
  grants: [{ id: 'g', agentId: 'main', scope: 'always', template: 'argv ["git","status"] cwd "." network false', createdAt: now - day }],
  skills: [{ name: 'weather', state: 'enabled', findings: [] }],
  tools: ['run_command', 'read_file'],
  audit: { ok: true, records: 5 },
  refusedLogins: [],
  newestRecord: now - 1,
};
const account = (more: object) => ({ channels: { telegram: { main: { enabled: true, ...more } } } });
const provider = (more: object) => ({ models: { default: 'p/gpt-5', providers: { p: { kind: 'openai', ...more } } } });
const skill = (more: object): Pick<Facts, 'skills'> => ({ skills: [{ name: 'weather', state: 'enabled', findings: [], ...more }] });
const high = { id: 'pipe-to-shell', severity: 'high' as const, path: 'SKILL.md', line: 1, detail: 'x' };
const grant = (template: string, createdAt = now) => ({ id: 'g', agentId: 'main', scope: 'always' as const, template, createdAt });
const device = (createdAt: number, seenAt: number, id = 'd') => ({ id, name: id, createdAt, seenAt });

/** By check: what is wrong, on top of a good home. */
const bad: Readonly<Record<string, Partial<Facts>>> = {
  'server-exposed': { config: config({ server: { host: '0.0.0.0' } }) },
  'server-any-host': { config: config({ server: { hosts: ['*'] } }) },
  'server-more-hosts': { config: config({ server: { hosts: ['copaw.example'] } }) },
  'device-never-used': { devices: [device(now - 40 * day, now - 40 * day)] },
  'device-old': { devices: [device(now - 300 * day, now - 100 * day)] },
  'devices-many': { devices: Array.from({ length: 11 }, (_, at) => device(now - day, now, `d${at}`)) },
  'logins-refused': { refusedLogins: Array.from({ length: 20 }, () => now - day) },
  'dangerous-option': { config: config(account({ operators: ['1'], dangerouslyAllowEveryone: true })) },
  'several-humans': { config: config(account({ allow: ['1', '2'] })) },
  'channel-for-nobody': { config: config(account({ pairing: false })) },
  'home-open': { files: [folder(home, 0o755)] },
  'secret-directory-open': { files: [folder(`${home}.secret`, 0o750)] },
  'secret-file-open': { files: [file(`${home}.secret/vault.key`, 0o644)] },
  'config-open': { files: [file(`${home}/config.json`, 0o644)] },
  'database-open': { files: [file(`${home}/copaw.db-wal`, 0o640)] },
  'log-open': { files: [file(`${home}/logs/copaw.log`, 0o644)] },
  'backup-open': { files: [file(`${home}/backups/config-last-good.json`, 0o644)] },
  'file-of-another-user': { files: [file(`${home}/copaw.db`, 0o600, { owner: 0 })] },
  'control-file-linked': { files: [file(`${home}/config.json`, 0o777, { kind: 'link' })] },
  'home-synced': { home: '/home/ana/Dropbox/copaw' },
  'home-temporary': { home: '/tmp/copaw' },
  'parent-writable': { parents: [folder('/srv/shared', 0o777)] },
  'config-corrupt': { config: undefined, problems: { config: 'line 3: not readable' } },
  'store-unreadable': { problems: { store: 'not a database' } },
  'vault-unreadable': { problems: { vault: 'the key is missing' } },
  'skills-unreadable': { problems: { skills: 'not JSON' } },
  'config-unknown-key': { unknownKeys: ['limts'] },
  'route-to-nobody': { config: config({ routes: [{ channel: 'telegram', agent: 'ghost' }] }) },
  'audit-broken': { audit: { ok: false, records: 3, brokenAt: 2 } },
  'audit-short': { config: config({ audit: { days: 7 } }) },
  'run-file-left': { runFile: `${home}.secret/run.json` },
  'skill-drifted': skill({ state: 'drifted' }),
  'skill-unlisted': skill({ state: 'unlisted' }),
  'skill-grave-finding': skill({ findings: [high] }),
  'skill-not-scanned': skill({ findings: [{ ...high, id: 'not-scanned' }] }),
  'known-secret-in-text': { texts: [{ path: 'workspaces/main/a.md', text: 'x', holdsSecret: true }] },
  'secret-in-workspace': { texts: [{ path: 'workspaces/main/.env', text: `A=1\nKEY=ghp_${'a1B2'.repeat(9)}\n`, holdsSecret: false }] },
  'secret-in-config': { texts: [{ path: `${home}/config.json`, text: '{"x": "-----BEGIN OPENSSH PRIVATE KEY-----"}', holdsSecret: false }] },
  'secret-for-many': {
    secrets: [
      { name: 's', use: { origins: Array.from({ length: 6 }, (_, at) => `https://h${at}.example`), header: 'Authorization', format: 'Bearer {secret}' } },
    ],
  },
  'rule-unknown-effect': { config: config({ rules: [{ effect: 'fly', verdict: 'deny' }] }) },
  'rule-unknown-tool': { config: config({ rules: [{ tool: 'run_comand', verdict: 'deny' }] }) },
  'rule-changes-nothing': { config: config({ rules: [{ tool: 'read_file', verdict: 'allow' }] }) },
  'rule-covered': {
    config: config({
      rules: [
        { effect: 'run', verdict: 'deny' },
        { effect: 'run', origin: 'group', verdict: 'ask' },
      ],
    }),
  },
  'known-host-wide': { config: config({ agents: { main: { knownHosts: ['*.github.io'] } } }) },
  'grant-broad': { grants: [grant('argv ["make"] cwd "." network true unsandboxed')] },
  'grant-old': { grants: [grant('host docs.example', now - 200 * day)] },
  'grants-many': { grants: Array.from({ length: 51 }, () => grant('host docs.example')) },
  'budget-huge': { config: config({ limits: { dayCost: 100_000 } }) },
  'turn-unlimited': { config: config({ agents: { main: { stepLimit: 400 } } }) },
  'approval-long': { config: config({ limits: { approvalMinutes: 5_000 } }) },
  'model-unknown': { config: config({ models: { default: 'gone/x' } }) },
  'model-weak-with-tools': { config: config({ models: { default: 'p/qwen2.5:7b', providers: { p: { kind: 'openai' } } } }) },
  'provider-not-encrypted': { config: config(provider({ baseUrl: 'http://models.example/v1' })) },
  'provider-key-in-headers': { config: config(provider({ headers: { 'x-api-key': 'abc' } })) },
  'provider-key-in-address': { config: config(provider({ baseUrl: 'https://models.example/v1?api_key=abc' })) },
  'provider-key-missing': { config: config(provider({ key: { env: 'NOT_SET' } })) },
  'running-as-root': { user: 0 },
  'in-container': { container: true },
  'node-unsupported': { node: '20.1.0' },
  'clock-wrong': { newestRecord: now + 3 * day },
  'sandbox-missing': { sandbox: { kind: 'none', reason: 'bubblewrap is not installed' } },
  'sandbox-partial': { sandbox: { kind: 'no-proc' } },
  'sandbox-uncapped': { sandbox: { kind: 'full', reason: 'root without control groups: the number of processes has no cap' } },
  'sandbox-reads-much': { config: config({ sandbox: { readOnly: ['/home/ana'] } }) },
  'sandbox-writes-much': { config: config({ agents: { main: { sandbox: { writable: [home] } } } }) },
  'sandbox-writes-outside': { config: config({ sandbox: { writable: ['/data/project'] } }) },
  'network-unasked': { config: config({ sandbox: { network: { hosts: ['example.org'], unasked: true } } }) },
  'network-private-hosts': { config: config({ sandbox: { network: { privateHosts: ['nas.example'] } } }) },
};

test('a default home has no findings', () => {
  expect(findAll(good)).toEqual([]);
});

test('there are at least thirty checks, each with an id of its own, a reason, a remedy and a bad example', () => {
  const ids = checks.map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(30);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Object.keys(bad).sort()).toEqual([...ids].sort());
  for (const { id, why, fix } of checks) {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)+$/u);
    expect(`${why} ${fix}`, id).toMatch(/^[A-Zc].+\. .+[.:]?$/u);
  }
});

test.each(Object.entries(bad))('%s is found, and says where', (id, wrong) => {
  const found = findAll({ ...good, ...wrong });
  const own = found.filter((finding) => finding.id === id);
  expect(own, JSON.stringify(found)).not.toEqual([]);
  for (const { what, where } of own) expect([what, where].every((text) => text !== '' && !text.includes('undefined'))).toBe(true);
});

describe('no false alarm', () => {
  test.each([
    ['capable models with numbers in their names', { models: { default: 'p/claude-sonnet-4-5', providers: { p: { kind: 'anthropic' } } } }],
    ['a large local model', { models: { default: 'p/qwen3:235b', providers: { p: { kind: 'openai', baseUrl: 'http://127.0.0.1:11434/v1' } } } }],
    ['an ordinary toolchain', { sandbox: { readOnly: ['/opt/node', '/home/ana/.nvm/versions/node'] } }],
    ['one friend', account({ allow: ['1'], operators: ['2'] })],
    [
      'two strict rules that differ',
      {
        rules: [
          { tool: 'run_command', verdict: 'ask' },
          { tool: 'run_command', verdict: 'deny' },
        ],
      },
    ],
    ['an ordinary known host', { agents: { main: { knownHosts: ['docs.example.org', '*.example.org'] } } }],
  ])('%s', (_what, settings) => {
    expect(findAll({ ...good, config: config(settings) })).toEqual([]);
  });

  test('words that look a little like keys', () => {
    const text = 'sk-short, token: "short", password = "$PASSWORD_FROM_SOMEWHERE", the API key goes to copaw secrets set, 12:30, eyJ.eyJ.x';
    expect(findAll({ ...good, texts: [{ path: 'workspaces/main/a.md', text, holdsSecret: false }] })).toEqual([]);
  });
});

test('the gravest come first', () => {
  const severities = findAll({ ...good, sandbox: { kind: 'none' }, problems: { store: 'x' }, container: true }).map(({ severity }) => severity);
  expect(severities).toEqual(['critical', 'high', 'info']);
});
