// Builds dist/ (the package) and console/dist (the web console), each only when stale unless --force. --types: also what an importer of the package needs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isStale } from './freshness.js';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const at = (path) => join(root, path);
const force = process.argv.includes('--force');
const node = at('node_modules/node/bin/node');

function step(what, stamp, sources, run) {
  if (!force && !isStale(at(stamp), sources.map(at))) return;
  console.log(`copaw: building ${what} …`);
  const start = Date.now();
  run();
  mkdirSync(join(at(stamp), '..'), { recursive: true });
  writeFileSync(at(stamp), '');
  console.log(`copaw: built ${what} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

function tool(script, args, cwd) {
  execFileSync(existsSync(node) ? node : process.execPath, [at(script), ...args], { cwd, stdio: 'inherit' });
}

step('dist', 'dist/.stamp', ['src', 'scripts/bundle.js', 'scripts/without-power.js', 'scripts/licences.js', 'package-lock.json'], () => {
  tool('scripts/bundle.js', [], root);
  writeCommit();
});
if (process.argv.includes('--types'))
  step('the types', 'dist/types/.stamp', ['src', 'tsconfig.json', 'tsconfig.build.json'], () =>
    tool('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json'], root),
  );
if (existsSync(at('console/vite.config.ts'))) {
  step('the console', 'console/dist/.stamp', ['console', 'scripts/licences.js', 'src/http/contract.ts', 'src/core'], () =>
    tool('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'warn'], at('console')),
  );
}

/** The published package carries the commit it was built from. */
function writeCommit() {
  try {
    writeFileSync(at('dist/commit'), execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    // no git here: `copaw version` says "unknown"
  }
}
