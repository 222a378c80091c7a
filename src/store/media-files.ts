// Files that wait for their message, in a private folder of the home: the bytes, and beside them a record. Bounded in size, number and time.
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import { type Attachment, voices } from '../core/inbound.ts';
import type { MediaStore, Upload, UploadLimits } from '../core/media.ts';
import { writeFileAtomic } from '../lib/atomic-file.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { mediaType, sniffBytes } from '../lib/media-type.ts';
import { once } from '../lib/once.ts';
import { portableName } from '../lib/portable-name.ts';
import { systemCode } from '../lib/system-error.ts';

/** Free bytes of the disk that uploads leave to everything else. */
const keptFree = 256 * 1024 * 1024;
/** Where they go in a workspace. */
const inbox = 'inbox';

const record = z.object({ name: z.string(), mediaType: z.string(), size: z.number(), at: z.number(), voice: z.enum(voices).exactOptional() });
type Held = z.output<typeof record>;

const isId = (id: string): boolean => /^file_[0-9a-z]{1,40}$/u.test(id);

export interface MediaParts {
  /** Nothing else is in it. */
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  limits(): UploadLimits;
}

export function createMediaFiles({ folder, clock, ids, limits }: MediaParts): MediaStore {
  /** Bytes of those that are coming in. */
  const coming = new Map<string, number>();
  const bytesOf = (id: string): string => join(folder, id);
  const recordOf = (id: string): string => join(folder, `${id}.json`);
  const partOf = (id: string): string => join(folder, `${id}.part`);
  const drop = async (id: string): Promise<void> => {
    for (const path of [recordOf(id), bytesOf(id), partOf(id)]) await rm(path, { force: true });
  };
  /** Whatever a crash left half is removed. One process holds the home, so nothing else changes it meanwhile. */
  const waiting = once(async (): Promise<Map<string, Held>> => {
    const names = new Set(await readdir(folder).catch(nothingYet));
    const found: [string, Held][] = [];
    for (const name of names) {
      const kept = isId(name) && names.has(`${name}.json`) ? await readRecord(recordOf(name)) : undefined;
      if (kept) found.push([name, kept]);
    }
    const whole = new Set(found.flatMap(([id]) => [id, `${id}.json`]));
    for (const name of names) if (!whole.has(name)) await rm(join(folder, name), { recursive: true, force: true });
    return new Map(found.sort(([, one], [, other]) => one.at - other.at));
  });
  const expire = async (): Promise<number> => {
    const held = await waiting();
    const old = [...held].filter(([, { at }]) => clock.now() >= at + limits().waitMs);
    for (const [id] of old) {
      held.delete(id);
      await drop(id);
    }
    return old.length;
  };
  const shown = (id: string, { mediaType: type, at, ...held }: Held): Upload => ({ id, mediaType: type, ...held, expiresAt: at + limits().waitMs });

  /** Whether the file that comes in under this id may have so many bytes. */
  const checkRoom = async (own: string, size: number): Promise<void> => {
    const { fileBytes, waitingBytes, waitMs } = limits();
    if (size > fileBytes)
      throw new CoPawError('too-large', `A file may have ${inMegabytes(fileBytes)}.`, { next: 'Send a smaller one, or put it into the workspace yourself.' });
    const others = [...coming].map(([id, bytes]) => (id === own ? 0 : bytes));
    const used = [...[...(await waiting()).values()].map((held) => held.size), ...others].reduce((sum, bytes) => sum + bytes, 0);
    if (used + size > waitingBytes)
      throw new CoPawError('busy', `Files that wait for a message may have ${inMegabytes(waitingBytes)} together.`, { next: makeRoom(waitMs) });
  };

  /** All of it is on the disk when it resolves. */
  const receive = async (id: string, handle: FileHandle, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) => {
    const head: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of bytes) {
      signal?.throwIfAborted();
      await checkRoom(id, size + chunk.byteLength);
      if (size < sniffBytes) head.push(chunk.slice(0, sniffBytes));
      size += chunk.byteLength;
      coming.set(id, size);
      for (let at = 0; at < chunk.byteLength; ) at += (await handle.write(chunk, at)).bytesWritten;
    }
    signal?.throwIfAborted();
    await handle.sync();
    return { size, head: Buffer.concat(head) };
  };

  return {
    limits: async () => limits(),
    list: async () => {
      await expire();
      return [...(await waiting())].map(([id, held]) => shown(id, held));
    },
    async add({ name: given, bytes, size: told, voice }, signal) {
      await expire();
      const held = await waiting();
      const { waitingFiles, waitMs } = limits();
      if (held.size + coming.size >= waitingFiles)
        throw new CoPawError('busy', `${waitingFiles} files wait for a message already.`, { next: makeRoom(waitMs) });
      const id = ids('file');
      coming.set(id, 0);
      try {
        await checkRoom(id, told ?? 0);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await checkDisk(folder, told ?? 0);
        const handle = await open(partOf(id), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0), 0o600);
        const { size, head } = await receive(id, handle, bytes, signal).finally(() => handle.close());
        const name = portableName(given);
        const kept: Held = { name, mediaType: mediaType(name, head), size, at: clock.now(), ...(voice === undefined ? {} : { voice }) };
        await rename(partOf(id), bytesOf(id));
        writeFileAtomic(recordOf(id), JSON.stringify(kept));
        held.set(id, kept);
        return shown(id, kept);
      } catch (error) {
        await drop(id);
        if (signal?.aborted === true) throw new CoPawError('cancelled', 'The upload was cancelled.', { cause: error });
        throw error;
      } finally {
        coming.delete(id);
      }
    },
    async remove(id) {
      const held = await waiting();
      if (!held.delete(id)) return false;
      await drop(id);
      return true;
    },
    async take(wanted, workspace) {
      const { messageFiles } = limits();
      if (wanted.length > messageFiles)
        throw new CoPawError('too-large', `A message may have ${messageFiles} files.`, { next: 'Send the others with the next one.' });
      await expire();
      const held = await waiting();
      const found = [...new Set(wanted)].map((id): readonly [string, Held] => {
        const one = held.get(id);
        if (one) return [id, one];
        throw new CoPawError('not-found', 'A file of this message is not kept any more.', { next: 'Attach it again.' });
      });
      const taken: Attachment[] = [];
      for (const [id, { at, ...file }] of found) {
        // The last letters of an id are random; with the day they are a folder of its own.
        const path = `${inbox}/${new Date(at).toISOString().slice(0, 10)}-${id.slice(-8)}/${file.name}`;
        await workspace.write(path, piecesOf(bytesOf(id)));
        taken.push({ ...file, path });
      }
      return taken;
    },
    async letGo(taken) {
      const held = await waiting();
      for (const id of taken) if (held.delete(id)) await drop(id);
    },
    expire,
  };
}

async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    yield* handle.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 });
  } finally {
    await handle.close();
  }
}

async function readRecord(path: string): Promise<Held | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || systemCode(error) !== undefined) return undefined;
    throw error;
  }
}

async function checkDisk(folder: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize - size >= keptFree) return;
  throw new CoPawError('disk-full', 'There is too little space left for files.', { next: 'Free some space on the disk that holds the home.' });
}

const makeRoom = (waitMs: number): string => `Send or remove some; what no message takes is gone after ${Math.ceil(waitMs / 3_600_000)} hours.`;

const inMegabytes = (bytes: number): string => `${Math.floor(bytes / 1024 ** 2)} MB`;

/** Before the first file there is no folder. */
function nothingYet(error: unknown): string[] {
  if (systemCode(error) === 'ENOENT') return [];
  throw error;
}
