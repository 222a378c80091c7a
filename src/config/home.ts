// The home: where it is, whether a directory may be used as one (R5), and how a new one is made, whole or not at all.
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import { isTimezone } from '../core/timezone.ts';
import { writeFileAtomic } from '../lib/atomic-file.ts';
import { type Acceptance, acceptanceFile, acceptanceText } from './acceptance.ts';
import { configSchemaText, newConfigText } from './new-config.ts';

/** Marker of a home: which product made it and how its files are laid out. */
const markerFile = 'copaw.json';
const marker = z.object({ product: z.literal('copaw'), layout: z.int().positive() });
const layout = 1;

export interface HomeContents {
  readonly language: 'en' | 'zh';
  /** IANA time zone of the operator. */
  readonly timezone: string;
  /** Files of the first agent's workspace: plain names and their text. */
  readonly persona: Readonly<Record<string, string>>;
  readonly acceptance: Acceptance;
}

/** `override` (from --home), else COPAW_HOME, else the platform's directory for application data. Absolute, without a trailing slash. */
export function homePath(environment: Readonly<Record<string, string | undefined>>, override?: string): string {
  const chosen = override ?? (environment.COPAW_HOME || undefined);
  if (chosen === '') throw new CoPawError('usage', '--home names no directory.');
  if (chosen !== undefined) return checked(resolve(chosen));
  if (process.platform === 'win32') return join(environment.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'copaw');
  const xdg = environment.XDG_DATA_HOME;
  const person = environment.HOME || homedir();
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(person, '.local', 'share'), 'copaw');
}

/** A home has a sibling for its secrets, and neither may be a place everything else lives in. */
function checked(path: string): string {
  if (dirname(path) === path || path === homedir() || path === tmpdir())
    throw new CoPawError('home-foreign', `${path} cannot be a home of its own.`, {
      next: `Name a directory below it, for example ${join(path, 'copaw')}.`,
      rule: 'R5',
    });
  return path;
}

/** What stands at `home`. Throws `home-unsafe` for a directory others could write, `home-foreign` for one that is not CoPaw's. */
export function inspectHome(home: string): 'missing' | 'empty' | 'ours' {
  const secret = `${home}.secret`;
  if (inspectDirectory(secret, 0o077) && !existsSync(home) && readdirSync(secret).length > 0)
    throw new CoPawError('home-foreign', `${secret} holds secrets of a home that is gone.`, { next: 'Move it away, or choose another --home.', rule: 'R5' });
  if (!inspectDirectory(home, 0o022)) return 'missing';
  if (readdirSync(home).length === 0) return 'empty';
  const next = 'Choose another directory with --home.';
  let found: { readonly layout: number };
  try {
    found = marker.parse(JSON.parse(readFileSync(join(home, markerFile), 'utf8')));
  } catch (error) {
    throw new CoPawError('home-foreign', `${home} is not empty and was not made by this CoPaw.`, { next, rule: 'R5', cause: error });
  }
  if (found.layout > layout)
    throw new CoPawError('home-foreign', `${home} was made by a newer CoPaw (layout ${found.layout}; this one knows ${layout}).`, {
      next: 'Update CoPaw, or choose another --home.',
    });
  return 'ours';
}

/** False where nothing is. `forbidden` are the permission bits nobody but the owner may have. */
function inspectDirectory(path: string, forbidden: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return false;
  const unsafe = (message: string, next: string): CoPawError => new CoPawError('home-unsafe', message, { next, rule: 'R5' });
  if (stat.isSymbolicLink()) throw unsafe(`${path} is a symbolic link.`, 'Name the directory it points to with --home.');
  if (!stat.isDirectory()) throw new CoPawError('home-foreign', `${path} is not a directory.`, { next: 'Choose another directory with --home.', rule: 'R5' });
  const user = process.getuid?.();
  if (user !== undefined && stat.uid !== user)
    throw unsafe(`${path} belongs to another user (uid ${stat.uid}; CoPaw runs as ${user}).`, 'Run CoPaw as its owner, or choose another --home.');
  if (process.platform !== 'win32' && (stat.mode & forbidden) !== 0)
    throw unsafe(`${path} is open to other users (mode ${(stat.mode & 0o777).toString(8)}).`, `Close it with: chmod 700 ${path}`);
  return true;
}

/** The folder of an agent, with what its persona says. */
export function makeWorkspace(home: string, id: string, persona: HomeContents['persona']): void {
  const workspace = join(home, 'workspaces', id);
  mkdirSync(workspace, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(persona)) writeFileAtomic(join(workspace, name), text);
}

/** Makes a home where nothing or an empty directory stands: built beside it, then renamed. On a failure nothing is left behind. */
export function createHome(home: string, contents: HomeContents): void {
  if (inspectHome(home) === 'ours') throw new CoPawError('conflict', `${home} is a home already.`, { retryable: false });
  checkTimezone(contents.timezone);
  mkdirSync(dirname(home), { recursive: true, mode: 0o700 });
  const secret = `${home}.secret`;
  const madeSecret = !existsSync(secret);
  const building = mkdtempSync(`${home}.new-`); // mode 0700
  try {
    makeWorkspace(building, 'main', contents.persona);
    writeFileAtomic(join(building, 'config.schema.json'), configSchemaText());
    writeFileAtomic(join(building, 'config.json'), newConfigText(contents));
    writeFileAtomic(join(building, acceptanceFile), acceptanceText(contents.acceptance));
    writeFileAtomic(join(building, markerFile), `${JSON.stringify({ product: 'copaw', layout })}\n`);
    mkdirSync(secret, { recursive: true, mode: 0o700 });
    if (existsSync(home)) rmdirSync(home);
    renameSync(building, home);
    syncDirectory(dirname(home));
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    if (madeSecret) rmSync(secret, { recursive: true, force: true });
    throw error instanceof CoPawError
      ? error
      : new CoPawError('home-unsafe', `The home ${home} could not be made: ${error instanceof Error ? error.message : String(error)}`, {
          next: 'Choose a directory you may write, with --home.',
          cause: error,
        });
  }
}

function checkTimezone(timezone: string): void {
  if (!isTimezone(timezone))
    throw new CoPawError('invalid', `"${timezone}" is not an IANA time zone.`, { next: 'Name one like Europe/Berlin or Asia/Shanghai.' });
}

function syncDirectory(path: string): void {
  if (process.platform === 'win32') return; // directories cannot be opened there
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
