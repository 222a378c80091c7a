#!/usr/bin/env node
// Starts CoPaw: finds a Node that can run it, then dist/ when it is built and current, else src/. Plain JS that any Node can read.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The oldest Node that runs CoPaw: major and minor, as `engines` in package.json says. */
const needed = [24, 15];
const args = process.argv.slice(2);

if (args.length === 1 && ['--version', '-V', 'version'].includes(args[0])) console.log(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
else if (isEnough(process.versions.node)) {
  const { main } = await import(pathToFileURL(entry()).href);
  await main(args);
} else {
  const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) await runWith(own);
  else {
    console.error(`error: CoPaw needs Node ${needed.join('.')} or newer; this is ${process.versions.node}.`);
    console.error('next: Install the current LTS from https://nodejs.org, or in a checkout run: npm ci');
    process.exit(3);
  }
}

function isEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

/** dist/main.js where it is current or all there is; src/main.ts in a checkout that was changed or never built. */
function entry() {
  const built = join(root, 'dist', 'main.js');
  const source = join(root, 'src', 'main.ts');
  if (!existsSync(source)) return built;
  const stamp = join(root, 'dist', '.stamp');
  return existsSync(built) && existsSync(stamp) && statSync(stamp).mtimeMs >= newest(join(root, 'src')) ? built : source;
}

/** Newest modification time below a directory, in milliseconds. */
function newest(directory) {
  let latest = 0;
  for (const item of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, item.name);
    latest = Math.max(latest, item.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

/** Runs this same command with another Node and ends as it ends. */
async function runWith(node) {
  const [{ spawn }, { constants }] = await Promise.all([import('node:child_process'), import('node:os')]);
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; passing it on would count as a second one.
  const atTerminal = Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
  process.on('SIGINT', () => atTerminal || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    console.error(`error: ${node} could not be started: ${error.message}`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
