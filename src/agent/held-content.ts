// What is at a path of a workspace now, seen through the path door, for whoever keeps it or compares it.
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import { sha256 } from '../lib/canonical-json.ts';

/** Of a larger file no earlier content is kept. */
export const mostKept = 10 * 1024 * 1024;
/** A larger file is not even compared: the door does not read it whole. */
export const mostCompared = 64 * 1024 * 1024;
/** Of a folder with more in it nothing is kept: only the trash has it. */
const folderEntries = 200;

export interface HeldContent {
  readonly kind: 'absent' | 'file' | 'directory';
  /** As in FileChange: a hash, "absent", or "unkept" for what was not read. */
  readonly hash: string;
  readonly content?: Uint8Array;
}

/** Reads at most `most` bytes. Throws what the door says: for links, devices and whatever goes through one. */
export async function heldAt(files: Files, path: string, most: number): Promise<HeldContent> {
  const info = await files.stat(path);
  if (info === undefined) return { kind: 'absent', hash: 'absent' };
  if (info.kind === 'directory') return { kind: 'directory', hash: 'unkept' };
  if (info.kind === 'file' && info.size > most) return { kind: 'file', hash: 'unkept' };
  try {
    const content = await files.read(path);
    return { kind: 'file', hash: sha256(content), content };
  } catch (error) {
    if (error instanceof CoPawError) throw error;
    return { kind: 'file', hash: 'unkept' }; // the system does not let CoPaw read it
  }
}

/** The files of a folder, when all of it can be kept: neither much nor anything but files and folders. */
export async function filesBelow(files: Files, path: string): Promise<readonly string[] | undefined> {
  const found = await files.list(path, { recursive: true, limit: folderEntries + 1 });
  const bytes = found.reduce((sum, { size }) => sum + size, 0);
  if (found.length > folderEntries || bytes > mostKept || found.some(({ kind }) => kind === 'other')) return undefined;
  return found.filter(({ kind }) => kind === 'file').map((info) => info.path);
}
