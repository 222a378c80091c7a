// Runs before `npm start` and `npm test`: installs when the lock file changed, builds what is stale, and says so.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './freshness.js';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const stamp = join(root, 'node_modules/.copaw-setup');
const lock = hashOf(join(root, 'package-lock.json'));

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('copaw: installing dependencies (npm ci), about a minute the first time …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  writeFileSync(stamp, lock);
}
await import('./build.js');
