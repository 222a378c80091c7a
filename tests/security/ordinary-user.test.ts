// The attacks on commands and paths once more, as an ordinary user: where the suite runs as root, in a child that is "nobody".
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const nobody = 65_534;
const root = join(import.meta.dirname, '../..');

test.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('commands and paths, as nobody', { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'copaw-nobody-'));
  try {
    chownSync(folder, nobody, nobody);
    const report = join(folder, 'report.json');
    const words = ['run', '--project', 'security', '--configLoader', 'native', '--reporter=json', `--outputFile=${report}`];
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), ...words, 'tests/security/commands.test.ts', 'tests/security/paths.test.ts'],
      {
        ...{ cwd: root, uid: nobody, gid: nobody, stdio: 'ignore' },
        env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder },
      },
    );
    await once(child, 'close');
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      testResults: { assertionResults: { status: string; title: string }[] }[];
    };
    expect(testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title))).toEqual([]);
    expect(numFailedTests).toBe(0);
    expect(numPassedTests).toBeGreaterThan(40);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
