// Backup files in and out, in pieces, whole and private: a file has its name only when it is whole.
import { createReadStream, existsSync, fstatSync, linkSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { CoPawError, machineError } from '../core/error.ts';
import { systemCode } from '../lib/system-error.ts';
import { refused } from './backup-archive.ts';
import { halfWrittenName } from './passing-files.ts';
import { syncFolder } from './verified-copy.ts';

const mebibyte = 1024 * 1024;

/** A backup file the operator named, held open: what is read twice is the same file both times. */
export interface BackupSource {
  /** A database, of which SQLite wants the path. */
  readonly isDatabase: boolean;
  /** From the beginning, each time. */
  readonly read: () => AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** `signal` ends what is read of it. */
export async function openBackupFile(path: string, signal?: AbortSignal): Promise<BackupSource> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw machineError(error) ?? new CoPawError('not-found', `${path} cannot be read.`, { next: 'See what there is: copaw backup list', cause: error });
  }
  try {
    if (!(await handle.stat()).isFile()) throw refused(`${path} is not a file.`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    const isDatabase = buffer.toString('latin1', 0, bytesRead) === 'SQLite format 3\0';
    return { isDatabase, read: () => unlessEnded(piecesOf(handle), signal), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const pieceBytes = 256 * 1024;

async function* unlessEnded(pieces: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    yield piece;
  }
}

/** `length` bytes from `from` on, or as many as there are. */
export async function* piecesOf(handle: FileHandle, from = 0, length = Number.MAX_SAFE_INTEGER): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(Math.min(pieceBytes, length - at)), 0, null, from + at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** A file of our own, from the beginning each time. */
export async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    yield* piecesOf(handle);
  } finally {
    await handle.close();
  }
}

/** So much stays free for a CoPaw that runs on the same disk. */
const keptFree = 64 * mebibyte;
const lookEach = 32 * mebibyte;

/** Throws `disk-full` where `wanted` bytes more would not leave enough. `what` completes "There is no room for …". */
export async function needRoom(folder: string, wanted: number, what: string): Promise<void> {
  const room = await roomIn(folder);
  if (wanted > room)
    throw new CoPawError('disk-full', `There is no room for ${what}: ${inMebibytes(wanted)} MiB are wanted, ${inMebibytes(room)} are there.`, {
      next: 'Free some space on that disk; nothing was changed.',
    });
}

async function roomIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.max(0, bavail * bsize - keptFree);
}

function noRoomLeft(cause?: unknown): CoPawError {
  return new CoPawError('disk-full', 'There is no room left for this backup; nothing of it was kept.', {
    next: 'Free some space on that disk, or write it to another one with --out.',
    cause,
  });
}

const inMebibytes = (bytes: number): number => Math.ceil(bytes / mebibyte);

/** Never over a file that exists; how many bytes there were. Where it ends in an error nothing of it is left. */
export async function writeBackupFile(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  if (existsSync(path)) throw taken(path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const half = halfWrittenName(path);
  rmSync(half, { force: true });
  try {
    const handle = await open(half, 'wx', 0o600);
    let bytes = 0;
    try {
      let looked = -lookEach;
      for await (const chunk of chunks) {
        if (bytes - looked >= lookEach) {
          if ((await roomIn(dirname(path))) < lookEach) throw noRoomLeft();
          looked = bytes;
        }
        await handle.writeFile(chunk);
        bytes += chunk.length;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    giveName(half, path);
    syncFolder(dirname(path));
    return bytes;
  } catch (error) {
    throw machineError(error)?.code === 'disk-full' ? noRoomLeft(error) : error;
  } finally {
    rmSync(half, { force: true });
  }
}

/** A file has its name only when it is whole, and never another one's. */
function giveName(half: string, path: string): void {
  try {
    linkSync(half, path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST' || existsSync(path)) throw taken(path, error);
    renameSync(half, path); // a disk without second names
  }
}

function taken(path: string, cause?: unknown): CoPawError {
  return new CoPawError('conflict', `${path} exists already.`, { next: 'Name another file.', cause, retryable: false });
}

/** The bytes of a backup as they are read, however many. */
export function streamBackup(path: string): { readonly bytes: number; readonly body: ReadableStream<Uint8Array> } {
  const handle = openSync(path, 'r');
  return { bytes: fstatSync(handle).size, body: Readable.toWeb(createReadStream(path, { fd: handle })) as ReadableStream<Uint8Array> };
}
