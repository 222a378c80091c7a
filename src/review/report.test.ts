// A report is complete only with reproduction, a demonstrated boundary and a remedy, and holds no secret.
import { describe, expect, test } from 'vitest';
import { type ReportFacts, writeReport } from './report.ts';
import { reportFields } from './report-fields.ts';
import { securityPolicy } from './security-policy.ts';

const facts: ReportFacts = {
  version: '1.2.3',
  commit: 'abc',
  node: '24.15.0',
  system: 'Linux 6.1 x64',
  runs: ['as an ordinary user'],
  sandbox: 'full',
  paths: [
    ['/home/ana/copaw', '<home>'],
    ['/home/ana', '~'],
  ],
  redact: (text) => text.replaceAll('canary', '[redacted]'),
};
const full = (changes: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    Title: 'A link leads out of the workspace',
    Severity: 'High: it reads any file.',
    Impact: 'Keys of the operator.',
    'Affected component': 'open-path',
    'Exact path': 'src/security/open-path.ts, openPath(), lines 40-60',
    Reproduction: 'Run `poc.sh` in /home/ana/copaw/workspaces.\n\n```sh\n# Impact\ncat canary\n```',
    'Demonstrated impact': 'It printed config.json: crosses host and configuration trust.',
    Remediation: 'Open with O_NOFOLLOW.',
    'In scope because': 'No enabled skill or dangerous option is involved.',
    'Likely duplicates': 'none found',
    ...changes,
  })
    .map(([title, text]) => `## ${title}\n${text}\n`)
    .join('\n');

describe('report', () => {
  test('fills in what CoPaw knows and says what is missing', () => {
    const { markdown, complete, missing } = writeReport(facts);
    expect(complete).toBe(false);
    expect(missing).toEqual(expect.arrayContaining(['Reproduction', 'Demonstrated impact', 'Remediation']));
    expect(missing).not.toContain('Environment');
    for (const text of ['1.2.3, commit abc', 'Linux 6.1 x64', 'Node 24.15.0', 'sandbox: full']) expect(markdown).toContain(text);
    for (const { title } of reportFields) expect(markdown).toContain(`## ${title}\n`);
  });
  test('complete with everything, and read back it stays so', () => {
    const first = writeReport(facts, full());
    expect(first).toMatchObject({ complete: true, missing: [], problems: [] });
    expect(writeReport(facts, first.markdown).complete).toBe(true);
    expect(first.markdown).toContain('# Impact\ncat [redacted]');
  });
  test.each(['Reproduction', 'Demonstrated impact', 'Remediation'])('not complete without %s', (title) => {
    for (const nothing of ['', '   ', '<!-- steps or a script -->'])
      expect(writeReport(facts, full({ [title]: nothing }))).toMatchObject({ complete: false, missing: [title] });
  });
  test('not complete where no boundary is named, or no lines', () => {
    expect(writeReport(facts, full({ 'Demonstrated impact': 'It looks bad.' })).problems).toHaveLength(1);
    expect(writeReport(facts, full({ 'Exact path': 'somewhere in the gate' })).problems).toHaveLength(1);
  });
  test('secrets, what looks like one, and paths of the home are taken out', () => {
    const { markdown } = writeReport(facts, full({ Impact: `canary ghp_${'a1B2'.repeat(9)} in /home/ana/copaw/config.json and /home/ana/.ssh` }));
    expect(markdown).toContain('[redacted] [redacted] in <home>/config.json and ~/.ssh');
  });
  test('SECURITY.md asks for the same fields', () => {
    for (const { title, holds } of reportFields) expect(securityPolicy()).toContain(`| ${title} | ${holds} |`);
  });
});
