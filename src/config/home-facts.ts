// What a review sees of a home on disk: modes, owners, links, texts; and the two things a review may mend.
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface FileFact {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly mode: number | undefined;
  readonly sticky: boolean;
  readonly owner: number;
}

const mostFiles = 2_000;
/** Folders whose files are counted. */
const mostCounted = 20_000;
const mostOfFile = 1024 * 1024;
const mostOfAll = 32 * 1024 * 1024;
/** Other people's files, and what no person wrote. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules', '.copaw', '.venv', '__pycache__']);

/** The home, its secret directory, and what is directly in these, in logs/ and in backups/. */
export function homeFiles(home: string): readonly FileFact[] {
  const secret = `${home}.secret`;
  const folders = [home, secret, join(home, 'logs'), join(home, 'backups')].filter((path) => existsSync(path));
  const paths = new Set([...folders, ...folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))]);
  return [...paths].flatMap((path) => factOf(path) ?? []);
}

/** Directories above the home, nearest first. */
export function homeParents(home: string): readonly FileFact[] {
  const found: FileFact[] = [];
  for (let path = dirname(home); ; path = dirname(path)) {
    const fact = factOf(path);
    if (fact) found.push(fact);
    if (dirname(path) === path) return found;
  }
}

function factOf(path: string): FileFact | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const kind = stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'directory' : stat.isFile() ? 'file' : 'other';
  const modes = process.platform !== 'win32';
  return { path, kind, mode: modes ? stat.mode & 0o777 : undefined, sticky: (stat.mode & 0o1000) !== 0, owner: modes ? stat.uid : -1 };
}

/** Text files of all workspaces, by their path from the home; links are not followed. Within bounds: a review must end. */
export function* workspaceTexts(home: string): Generator<{ readonly path: string; readonly text: string }> {
  const waiting = ['workspaces'];
  let left = mostOfAll;
  for (let files = 0; files < mostFiles && left > 0; ) {
    const folder = waiting.pop();
    if (folder === undefined) return;
    for (const entry of readable(join(home, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name)) waiting.push(path);
      if (!entry.isFile() || ++files > mostFiles) continue;
      const size = lstatSync(join(home, path), { throwIfNoEntry: false })?.size ?? 0;
      if (size > Math.min(mostOfFile, left)) continue;
      left -= size;
      const text = readText(join(home, path));
      if (text !== undefined) yield { path, text };
    }
  }
}

/** 0 for what is not there. */
export function fileSize(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Bytes of all files below; links are not followed. Of a folder with very many files it is less. */
export function folderSize(folder: string): number {
  const waiting = [folder];
  let bytes = 0;
  for (let seen = 0; seen < mostCounted; seen++) {
    const path = waiting.pop();
    if (path === undefined) break;
    for (const entry of readable(path)) {
      if (entry.isDirectory()) waiting.push(join(path, entry.name));
      else if (entry.isFile()) bytes += fileSize(join(path, entry.name));
    }
  }
  return bytes;
}

/** Undefined for what is gone, may not be read, or is not text. */
export function readText(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function readable(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Bytes that may still be written to the disk that holds `path`. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** Whether this process runs in a container, as far as its file system shows. */
export function inContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv') || (readText('/proc/1/cgroup') ?? '').includes('/kubepods');
}

/** Takes every right from group and others. Links are left alone. */
export function closeFile(path: string): void {
  const stat = lstatSync(path);
  if (!stat.isSymbolicLink()) chmodSync(path, stat.mode & 0o700);
}

export function removeFile(path: string): void {
  rmSync(path, { force: true });
}
