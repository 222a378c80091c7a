// What a person gets who installs the published package: packed as npm packs it, installed without development dependencies.
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function installFootprint(directory: string): { readonly packages: number; readonly megabytes: number } {
  const root = join(import.meta.dirname, '..');
  const target = join(directory, 'install');
  mkdirSync(target);
  const packed: { filename: string }[] = JSON.parse(npm(root, ['pack', '--json', '--ignore-scripts', '--pack-destination', target]));
  writeFileSync(join(target, 'package.json'), '{ "private": true }');
  npm(target, ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', join(target, packed[0]?.filename ?? '')]);
  const lock: { packages: Record<string, object> } = JSON.parse(readFileSync(join(target, 'node_modules/.package-lock.json'), 'utf8'));
  return { packages: Object.keys(lock.packages).length, megabytes: sizeOf(join(target, 'node_modules')) / 2 ** 20 };
}

function npm(cwd: string, args: readonly string[]): string {
  const run = spawnSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (run.status !== 0) throw new Error(`npm ${args[0]} failed: ${run.stderr.trim().slice(-300)}`);
  return run.stdout;
}

/** Bytes on disk below a directory; links are not followed. */
function sizeOf(directory: string): number {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => lstatSync(join(entry.parentPath, entry.name)))
    .reduce((sum, file) => sum + (file.blocks > 0 ? file.blocks * 512 : file.size), 0);
}
