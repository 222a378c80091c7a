// `npm test`: every suite that can run here, one after the other. The last line counts them all.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const onCi = process.env.CI === 'true';
const suites = [
  { name: 'unit', workers: '100%' },
  { name: 'architecture' },
  { name: 'app' },
  { name: 'escape', needs: '/usr/bin/bwrap' },
  { name: 'security' },
  { name: 'crash' },
  { name: 'browser', needs: '/usr/bin/chromium' },
];

const reports = mkdtempSync(join(tmpdir(), 'copaw-test-'));
let passed = 0;
let failed = 0;
try {
  for (const { name, needs, workers } of suites) {
    console.log(`\n== ${name}`);
    if (needs !== undefined && !existsSync(needs)) {
      console.log(`skipped: ${name} needs ${needs}`);
      if (onCi) failed++;
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
      console.log(`${name}: the runner stopped with code ${run.status}`);
      failed++;
      continue;
    }
    const report = JSON.parse(readFileSync(file, 'utf8'));
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    if (report.numPendingTests + report.numTodoTests > 0) {
      console.log(`${name}: ${report.numPendingTests + report.numTodoTests} tests skipped`);
      if (onCi) failed++;
    }
    if (onCi && report.numTotalTests === 0) failed++;
    if (run.status !== 0 && report.numFailedTests === 0) failed++;
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
