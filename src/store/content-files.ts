// What files held, by hash: one compressed file each, private, in folders by the first two digits.
import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { sha256 } from '../lib/canonical-json.ts';
import { systemCode } from '../lib/system-error.ts';

/** A file takes whole blocks of the disk, however small it is. */
const block = 4096;
/** No content that is kept is larger when it is unpacked. */
const mostUnpacked = 64 * 1024 * 1024;

export interface PackedContent {
  readonly data: Uint8Array;
  /** What it takes on the disk. */
  readonly bytes: number;
}

/** Fast rather than small: a tool waits for it. */
export async function pack(content: Uint8Array): Promise<PackedContent> {
  const data = await promisify(gzip)(content, { level: 1 });
  return { data, bytes: Math.ceil(data.length / block) * block };
}

export function createContentFiles(directory: string) {
  const folderOf = (hash: string): string => join(directory, hash.slice(0, 2));
  const pathOf = (hash: string): string => join(folderOf(hash), hash);
  return {
    has: async (hash: string): Promise<boolean> =>
      stat(pathOf(hash)).then(
        (info) => info.isFile(),
        () => false,
      ),
    /** Of all that are there, also of half-written ones. */
    async hashes(): Promise<ReadonlySet<string>> {
      const names = await readdir(directory, { recursive: true });
      return new Set(names.flatMap((name) => /^[0-9a-f]{2}[/\\]([0-9a-f]{64})(?:\.tmp)?$/u.exec(name)?.[1] ?? []));
    },
    /** Whole or not at all, and durable when it resolves. */
    async write(hash: string, { data }: PackedContent): Promise<void> {
      await mkdir(folderOf(hash), { recursive: true, mode: 0o700 });
      const temporary = `${pathOf(hash)}.tmp`;
      try {
        const file = await open(temporary, 'w', 0o600);
        try {
          await file.writeFile(data);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, pathOf(hash));
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined); // the first error is the one to tell
        throw error;
      }
      if (process.platform === 'win32') return; // directories cannot be opened there
      const folder = await open(folderOf(hash), constants.O_RDONLY);
      await folder.sync().finally(() => folder.close());
    },
    /** Undefined when it is not there, or is not what it was. */
    async read(hash: string): Promise<Uint8Array | undefined> {
      try {
        const content = await promisify(gunzip)(await readFile(pathOf(hash)), { maxOutputLength: mostUnpacked });
        return sha256(content) === hash ? content : undefined;
      } catch (error) {
        if (systemCode(error) === 'ENOENT' || isDamage(error)) return undefined;
        throw error;
      }
    },
    /** With the folders that are empty then: a change that was refused leaves no trace. */
    remove: async (hash: string): Promise<void> => {
      for (const path of [pathOf(hash), `${pathOf(hash)}.tmp`]) {
        await rm(path, { force: true }).catch((error: unknown) => {
          if (systemCode(error) !== 'ENOTDIR') throw error;
        });
      }
      for (const folder of [folderOf(hash), directory]) await rmdir(folder).catch(() => undefined); // not empty, or not there
    },
  };
}

function isDamage(error: unknown): boolean {
  const code = systemCode(error) ?? '';
  return code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE';
}
