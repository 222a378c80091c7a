// `copaw secrets`, `copaw security` and what the command line prints, as a person runs them on a real home.
import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from './command-line.ts';

const machine = new Set(['running-as-root', 'in-container', 'sandbox-missing', 'sandbox-partial', 'sandbox-uncapped', 'home-temporary', 'parent-writable']);
const canary = 'canary-command-line-5f1e';

let here: CommandHome;
beforeEach(() => {
  here = openCommandHome({});
});
afterEach(() => here.close());

/** With a value on stdin. */
function piped(input: string, ...words: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/copaw.js'), ...words, '--home', here.home]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}
const review = async (...words: string[]) => {
  const { code, stdout } = await here.run('security', 'audit', ...words, '--json');
  const { findings, ...rest } = JSON.parse(stdout) as {
    findings: { id: string; where: string }[];
    since?: { added: string[]; gone: string[] };
    fixed: string[];
  };
  return { code, ids: findings.map(({ id }) => id).filter((id) => !machine.has(id)), ...rest };
};

test('a default home is clean; what is wrong is found, told apart from the last review, and mended where that is safe', { timeout: 90_000 }, async () => {
  expect((await review()).ids).toEqual([]);
  await piped(canary, 'secrets', 'set', 'api', '--stdin', '--origin', 'https://api.example.org');
  writeFileSync(join(here.workspace, 'notes.md'), `the key is ${canary}\n`);
  writeFileSync(join(here.home, 'config.json'), JSON.stringify({ version: 1, limts: {}, server: { host: '0.0.0.0' } }));
  chmodSync(join(here.home, 'config.json'), 0o644);
  chmodSync(here.home, 0o755);
  const found = await review('--since-last-review');
  expect(found.code).toBe(12);
  expect([...found.ids].sort()).toEqual(['config-open', 'config-unknown-key', 'home-open', 'known-secret-in-text', 'server-exposed']);
  expect(found.since?.added).toContain('known-secret-in-text workspaces/main/notes.md');
  const mended = await review('--fix', '--since-last-review');
  expect(mended.fixed).toEqual([`home-open ${here.home}`, `config-open ${join(here.home, 'config.json')}`]);
  expect(statSync(here.home).mode & 0o777).toBe(0o700);
  expect(mended.since?.gone).toContain(`home-open ${here.home}`);
  expect((await here.run('doctor')).stdout).toMatch(/warning {2}security: .*known-secret-in-text/u);
  expect((await here.run('audit', 'tail', '--kind', 'review-fix')).stdout.trim().split('\n')).toHaveLength(2);
});

test('a home that is refused is reviewed and mended all the same', { timeout: 90_000 }, async () => {
  chmodSync(`${here.home}.secret`, 0o777);
  expect(await here.run('secrets', 'list')).toMatchObject({ code: 3 });
  expect((await review()).ids).toEqual(['secret-directory-open']);
  expect((await review('--fix')).fixed).toEqual([`secret-directory-open ${here.home}.secret`]);
  expect(await here.run('secrets', 'list')).toMatchObject({ code: 0 });
  writeFileSync(join(here.home, 'config.json'), '{ "version": 1,');
  expect(await review()).toMatchObject({ code: 12, ids: ['config-corrupt'] });
});

test('a value goes in by stdin and comes out of no command', { timeout: 90_000 }, async () => {
  const set = await piped(`${canary}\n`, 'secrets', 'set', 'api', '--stdin', '--origin', 'https://api.example.org', '--env', 'API_KEY');
  expect(set).toMatchObject({ code: 0 });
  const outputs = [
    set.output,
    ...(
      await Promise.all([
        here.run('secrets', 'list'),
        here.run('secrets', 'set', 'other', '--origin', canary, '--stdin'),
        here.run('secrets', 'delete', canary),
        here.run('ask', `say ${canary}`),
      ])
    ).map(({ stdout, stderr }) => stdout + stderr),
    ...(await Promise.all([here.run('audit', 'tail'), here.run('security', 'report')])).map(({ stdout, stderr }) => stdout + stderr),
  ];
  // What was typed into a command line is the person's own; what CoPaw keeps and prints of it later is not.
  for (const [at, text] of outputs.entries()) if (at !== 2 && at !== 3) expect(text, String(at)).not.toContain(canary);
  expect(await piped('', 'secrets', 'set', 'empty', '--stdin')).toMatchObject({ code: 2 });
  expect(await here.run('secrets', 'delete', 'api')).toMatchObject({ code: 0 });
});

test('a report is put together from a file, without the home, and is complete only when it is', { timeout: 90_000 }, async () => {
  const file = join(here.home, '../report.md');
  const parts = {
    Title: 'T',
    Severity: 'S',
    Impact: `I saw ${here.home}/config.json`,
    'Affected component': 'gate',
    'Exact path': 'src/security/gate.ts check() lines 1-2',
    'Demonstrated impact': 'Crosses tool policy.',
    Remediation: 'R',
    'In scope because': 'B',
    'Likely duplicates': 'none found',
  };
  const write = (more: object): void =>
    writeFileSync(
      file,
      Object.entries({ ...parts, ...more })
        .map(([title, text]) => `## ${title}\n${text}\n`)
        .join('\n'),
    );
  write({});
  const half = await here.run('security', 'report', '--from', file);
  expect(half).toMatchObject({ code: 1, stderr: expect.stringContaining('missing: Reproduction') });
  write({ Reproduction: 'Run it.' });
  const { code, stdout } = await here.run('security', 'report', '--from', file);
  expect(code).toBe(0);
  expect(stdout).toContain('I saw <home>/config.json');
  expect(stdout).not.toContain(here.home);
  expect(stdout).toContain(`commit ${JSON.parse((await here.run('version', '--json')).stdout).commit}`);
  expect(readFileSync(file, 'utf8')).toContain(here.home);
});
