// What of a home goes into an archive: every file through the door that it is read by otherwise, in pieces. Secrets are in none (R23).

import { parseSkillLock } from './config/skill-lock.ts';
import type { LeftOut } from './core/backup.ts';
import { CoPawError } from './core/error.ts';
import type { FileInfo, Files } from './core/files.ts';
import { foldedName, nameFault } from './lib/portable-name.ts';
import { archiveCaps, inOne, type Member } from './store/backup-archive.ts';

/** Files of all workspaces together; the rest is for skills. */
const mostFiles = archiveCaps.entries - 10_000;
const mostLeftOut = 1_000;
const mostDepth = 20;
const pieceBytes = 1024 * 1024;
/** Can be made again, or is other programs' business. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules', '.venv', '__pycache__']);

export interface Gathered {
  readonly members: readonly Member[];
  /** What does not go in, as far as a list of a thousand tells. */
  readonly leftOut: readonly LeftOut[];
}

/** The whole of a file in pieces. It may change meanwhile. */
export async function* readFile(files: Files, path: string): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ; offset += pieceBytes) {
    const piece = await files.read(path, { offset, length: pieceBytes });
    if (piece.length > 0) yield piece;
    if (piece.length < pieceBytes) return;
  }
}

export async function gather(parts: {
  readonly config: string;
  readonly lock: string | undefined;
  readonly skills: Files;
  readonly workspaces: Files;
  /** Names and executable bits of an installed skill. Throws a CoPawError where it cannot be read. */
  readonly skillFiles: (name: string) => Promise<readonly Pick<Member, 'path' | 'executable'>[]>;
}): Promise<Gathered> {
  const { config, lock, skills, workspaces } = parts;
  const text = (path: string, words: string): Member => ({ path, executable: false, read: () => inOne(Buffer.from(words)) });
  const members = [text('config.json', config)];
  const leaving = createLeaving();
  if (lock !== undefined) members.push(text('skills.lock.json', lock));
  for (const name of lock === undefined ? [] : parseSkillLock(lock).keys()) {
    try {
      for (const { path, executable } of await parts.skillFiles(name))
        members.push({ path: `skills/${name}/${path}`, executable, read: () => readFile(skills, `${name}/${path}`) });
    } catch (error) {
      if (!(error instanceof CoPawError)) throw error;
      leaving.add(`skills/${name}`, 'could not be read');
    }
  }
  const found = await listWorkspaces(workspaces, leaving.add);
  found.sort((one, other) => other.modifiedAt - one.modifiedAt);
  members.push(...found.map(({ path }): Member => ({ path: `workspaces/${path}`, executable: false, read: () => readFile(workspaces, path) })));
  return { members, leftOut: leaving.all() };
}

function createLeaving(): { add(path: string, why: string): void; all(): readonly LeftOut[] } {
  const told: LeftOut[] = [];
  let more = 0;
  return {
    add(path, why) {
      if (told.length < mostLeftOut) told.push({ path, why });
      else more += 1;
    },
    all: () => (more === 0 ? told : [...told, { path: 'workspaces', why: `holds ${more} more that are left out` }]),
  };
}

/** Regular files with names every system can keep, however large. */
async function listWorkspaces(files: Files, leave: (path: string, why: string) => void): Promise<FileInfo[]> {
  const found: FileInfo[] = [];
  const spelled = new Map<string, string>();
  const walk = async (folder: string): Promise<void> => {
    for (const info of await files.list(folder, { limit: mostFiles + 1 })) {
      const { path, kind } = info;
      const name = path.split('/').at(-1) ?? '';
      const clash = spelled.get(foldedName(path));
      const why = skipped.has(name)
        ? 'can be made again'
        : kind === 'other'
          ? 'is a link or a device'
          : nameFault(name) !== undefined || path.split('/').length > mostDepth
            ? 'has a name or place that not every system can keep'
            : clash !== undefined
              ? `differs from ${clash} in case or spelling alone`
              : kind === 'file' && found.length >= mostFiles
                ? `is one more than the ${mostFiles} files that go into an archive`
                : undefined;
      if (why !== undefined) {
        leave(`workspaces/${path}`, why);
        continue;
      }
      spelled.set(foldedName(path), path);
      if (kind === 'directory') await walk(path);
      else found.push(info);
    }
  };
  await walk('');
  return found;
}
