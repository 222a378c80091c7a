// `npm test`: the suites that tell within minutes, one after the other; `npm test -- --all`: the long ones too. The last line counts them all.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const onCi = process.env.CI === 'true';
const all = process.argv.includes('--all');
const suites = [
  { name: 'unit', workers: '100%' },
  { name: 'contract', workers: '100%' },
  { name: 'architecture' },
  { name: 'app' },
  { name: 'escape', needs: ['/usr/bin/bwrap'] },
  { name: 'security', long: true },
  { name: 'crash', workers: '100%', long: true },
  {
    name: 'channels',
    needs: [
      '/usr/sbin/mosquitto',
      '/usr/sbin/ngircd',
      '/usr/sbin/inspircd',
      '/usr/bin/atheme-services',
      '/usr/bin/prosody',
      '/usr/sbin/dovecot',
      '/usr/lib/python3/dist-packages/aiosmtpd',
    ],
    long: true,
  },
  { name: 'browser', needs: ['/usr/bin/chromium'], long: true },
];

const reports = mkdtempSync(join(tmpdir(), 'copaw-test-'));
let passed = 0;
/** What failed, one line each: said again at the end, where the long output has been scrolled away or cut off. */
const failures = [];
try {
  for (const { name, needs = [], workers, long } of suites) {
    console.log(`\n== ${name}`);
    if (long && !all) {
      console.log(`left out: ${name} takes long; npm run test:${name}, or npm test -- --all`);
      continue;
    }
    const missing = needs.filter((path) => !existsSync(path));
    if (missing.length > 0) {
      console.log(`skipped: ${name} needs ${missing.join(', ')}`);
      if (onCi) failures.push(`${name}: skipped`);
      continue;
    }
    const file = join(reports, `${name}.json`);
    const run = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--project',
        name,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
        ...(workers === undefined ? [] : [`--maxWorkers=${workers}`]),
      ],
      {
        cwd: root,
        stdio: 'inherit',
      },
    );
    if (!existsSync(file)) {
      failures.push(`${name}: the runner stopped with code ${run.status}`);
      continue;
    }
    const report = JSON.parse(readFileSync(file, 'utf8'));
    passed += report.numPassedTests;
    const wrong = report.testResults.flatMap(({ name: path, assertionResults }) =>
      assertionResults
        .filter((test) => test.status === 'failed')
        .map((test) => `${relative(root, path)}: ${test.fullName}: ${test.failureMessages[0]?.split('\n')[0] ?? ''}`),
    );
    failures.push(...wrong);
    if (report.numPendingTests + report.numTodoTests > 0) {
      console.log(`${name}: ${report.numPendingTests + report.numTodoTests} tests skipped`);
      if (onCi) failures.push(`${name}: tests were skipped`);
    }
    if (onCi && report.numTotalTests === 0) failures.push(`${name}: no test was found`);
    if (run.status !== 0 && wrong.length === 0) failures.push(`${name}: an error outside any test (code ${run.status}), above`);
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
for (const line of failures) console.log(`failed: ${line}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length > 0 || passed === 0 ? 1 : 0);
