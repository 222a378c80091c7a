// What a restore needs of an archive, on the disk until it is done: the database by itself, all other files one behind the other in one file, so that
// no name that somebody else chose is a name here.
import { rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { archiveCaps, type BackupManifest, refused } from './backup-archive.ts';
import { needRoom, piecesOf } from './backup-file.ts';
import type { ArchiveSource } from './backup-open.ts';

export interface Staging extends Required<Pick<ArchiveSource, 'onManifest' | 'keep'>> {
  /** Of a member that is held in memory; undefined where there was none. */
  text(path: string): string | undefined;
  /** Of a member that lies on the disk. */
  read(path: string): AsyncIterable<Uint8Array>;
  /** All members have come: from here on the database is SQLite's alone. */
  filled(): Promise<void>;
  close(): Promise<void>;
}

const databaseName = 'copaw.db';

/**
 * `database`: where the database goes; it stays there. `rest`: where all members below `folders` go, private and gone with `close`; undefined: they are not
 * kept. `texts`: members that are held in memory.
 */
export async function openStaging(parts: {
  readonly database: string;
  readonly rest: string | undefined;
  readonly folders: readonly string[];
  readonly texts: readonly string[];
}): Promise<Staging> {
  const { database, rest, folders } = parts;
  const places = new Map<string, { readonly from: number; readonly bytes: number }>();
  const texts = new Map<string, Buffer[]>();
  let end = 0;
  const wanted = (path: string): boolean => path === databaseName || (rest !== undefined && folders.some((folder) => path.startsWith(`${folder}/`)));
  const databaseFile = await open(database, 'wx', 0o600);
  let restFile: FileHandle | undefined;
  try {
    if (rest !== undefined) restFile = await open(rest, 'wx+', 0o600);
  } catch (error) {
    await databaseFile.close();
    throw error;
  }
  return {
    async onManifest({ members }: BackupManifest) {
      if (!members.some(({ path }) => path === databaseName)) throw refused('It holds no database.');
      const bytes = members.reduce((sum, member) => (wanted(member.path) ? sum + member.bytes : sum), 0);
      await needRoom(dirname(database), bytes, 'what is in this backup');
    },
    keep({ path, bytes }) {
      if (parts.texts.includes(path)) {
        if (bytes > archiveCaps.textBytes) throw refused(`${path} has ${bytes} bytes; that is too much.`);
        const pieces: Buffer[] = [];
        texts.set(path, pieces);
        return async (piece) => void pieces.push(Buffer.from(piece));
      }
      if (!wanted(path)) return undefined;
      if (path === databaseName) return (piece) => databaseFile.writeFile(piece);
      places.set(path, { from: end, bytes });
      end += bytes;
      return async (piece) => restFile?.writeFile(piece);
    },
    text(path) {
      const pieces = texts.get(path);
      return pieces && new TextDecoder().decode(Buffer.concat(pieces));
    },
    read(path) {
      const place = places.get(path);
      if (!restFile || !place) throw new Error(`${path} is not there.`);
      return piecesOf(restFile, place.from, place.bytes);
    },
    filled: () => databaseFile.close(),
    async close() {
      await databaseFile.close();
      await restFile?.close();
      if (rest !== undefined) rmSync(rest, { force: true });
    },
  };
}
