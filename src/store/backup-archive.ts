// The format of `copaw backup create`: a tar.gz whose first members are a manifest and its signature, sealed where there is a passphrase. Here it is written.
import { createHash, createHmac } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import { CoPawError, machineError } from '../core/error.ts';
import { regroup } from '../lib/byte-flow.ts';
import { sealStream } from '../lib/sealed-stream.ts';
import { systemCode } from '../lib/system-error.ts';
import { type TarFile, writeTar } from '../lib/tar-stream.ts';

const mebibyte = 1024 * 1024;
/**
 * What is held in memory is bounded: the list of members, and texts that are read as one. How large a member and how large the whole is, is not: it passes
 * through in pieces.
 */
export const archiveCaps = { entries: 60_000, depth: 24, manifestBytes: 64 * mebibyte, textBytes: 8 * mebibyte } as const;

export const manifestFile = 'manifest.json';
export const signatureFile = 'manifest.hmac';
const hash = z.string().regex(/^[0-9a-f]{64}$/u);
export const manifestSchema = z.strictObject({
  product: z.literal('copaw-backup'),
  format: z.literal(1),
  /** Of CoPaw. */
  version: z.string(),
  time: z.iso.datetime(),
  /** Stands for the key that signed it. */
  key: hash,
  members: z.array(z.strictObject({ path: z.string(), bytes: z.int().nonnegative(), sha256: hash })),
  leftOut: z.array(z.strictObject({ path: z.string(), why: z.string() })),
});

export type BackupManifest = z.output<typeof manifestSchema>;

/** A file that goes into an archive. */
export interface Member {
  readonly path: string;
  readonly executable: boolean;
  /** From the beginning, each time: once for its hash, once or more for itself. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

interface KnownMember extends Member {
  readonly bytes: number;
  readonly sha256: string;
}

export interface ArchiveParts {
  /** Most likely to change first: they are known last and written first, so that little time lies between. */
  readonly members: readonly Member[];
  readonly leftOut: BackupManifest['leftOut'];
  readonly version: string;
  readonly at: number;
  readonly key: Uint8Array;
  readonly passphrase: string | undefined;
  /** Takes the bytes as they come and gives them their name once they are whole; how many there were. A throw leaves nothing. */
  readonly write: (chunks: AsyncIterable<Uint8Array>) => Promise<number>;
  /** Ends it, and leaves nothing. */
  readonly signal: AbortSignal | undefined;
  readonly onStep: (step: 'files' | 'packing' | 'writing', files: number) => void;
}

const pieceBytes = mebibyte / 4;
const toldEach = 50;
/** A member is written again so often, and the whole. */
const mostReads = 3;
const mostTries = 10;

/** A member was not what it had been when its hash was made. */
class MemberChanged extends Error {
  readonly path: string;
  constructor(path: string) {
    super(`${path} changed.`);
    this.path = path;
  }
}

/** What cannot be read, or is another thing each time it is read, is left out and said so. */
export async function packArchive(
  parts: ArchiveParts,
): Promise<{ readonly bytes: number; readonly files: number; readonly leftOut: BackupManifest['leftOut'] }> {
  const { onStep } = parts;
  const known = new Map<string, KnownMember | undefined>(parts.members.map(({ path }) => [path, undefined]));
  const leftOut = [...parts.leftOut];
  const changes = new Map<string, number>();
  const know = async (member: Member): Promise<void> => {
    const found = await measure(member, parts.signal);
    if (typeof found === 'object') known.set(member.path, found);
    else {
      known.delete(member.path);
      leftOut.push({ path: member.path, why: found });
    }
  };
  for (const [index, member] of parts.members.toReversed().entries()) {
    if (index % toldEach === 0) onStep('files', index);
    await know(member);
  }
  for (let tries = 1; ; tries++) {
    const members = [...known.values()].filter((member) => member !== undefined);
    try {
      return { bytes: await write(members, leftOut, parts), files: members.length, leftOut };
    } catch (error) {
      const member = error instanceof MemberChanged && parts.members.find(({ path }) => path === error.path);
      if (!member) throw error;
      if (tries === mostTries)
        throw new CoPawError('busy', `Files change faster than they can be read, the last one was ${member.path}.`, {
          next: 'Try again when less is written there.',
          cause: error,
        });
      const count = (changes.get(member.path) ?? 0) + 1;
      changes.set(member.path, count);
      if (count < mostReads) await know(member);
      else {
        known.delete(member.path);
        leftOut.push({ path: member.path, why: 'changed each time it was read' });
      }
    }
  }
}

async function measure(member: Member, signal: AbortSignal | undefined): Promise<KnownMember | string> {
  const sum = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of member.read()) {
      signal?.throwIfAborted();
      sum.update(piece);
      bytes += piece.length;
    }
    return { ...member, bytes, sha256: sum.digest('hex') };
  } catch (error) {
    if (machineError(error) || !isUnreadable(error)) throw error;
    return 'could not be read';
  }
}

/** Gone meanwhile, refused by the path door, or not readable for this user. */
function isUnreadable(error: unknown): boolean {
  return error instanceof CoPawError ? error.code.startsWith('path-') : systemCode(error) !== undefined;
}

async function write(members: readonly KnownMember[], leftOut: BackupManifest['leftOut'], parts: ArchiveParts): Promise<number> {
  const { at, key, passphrase, signal, onStep } = parts;
  const manifest: BackupManifest = {
    product: 'copaw-backup',
    format: 1,
    version: parts.version,
    time: new Date(at).toISOString(),
    key: nameOf(key),
    members: members.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    leftOut: [...leftOut],
  };
  const text = Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`);
  function* files(): Generator<TarFile> {
    yield fileOf(manifestFile, text);
    yield fileOf(signatureFile, Buffer.from(`${sign(key, text)}\n`));
    for (const [index, member] of members.entries()) {
      if (index % toldEach === 0) onStep('packing', index);
      const { path, executable, bytes } = member;
      yield { path, executable, bytes, data: unchanged(member, signal) };
    }
    onStep('writing', members.length);
  }
  const tar = regroup(writeTar(files(), at), pieceBytes);
  const finish = (packed: AsyncIterable<Uint8Array>): Promise<number> => parts.write(passphrase === undefined ? packed : sealStream(packed, passphrase));
  return pipeline(tar, createGzip({ chunkSize: pieceBytes }), finish);
}

/** Throws `MemberChanged` before it gives more bytes than are known, and at the end where they were others. */
async function* unchanged({ path, bytes, sha256, read }: KnownMember, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const sum = createHash('sha256');
  let left = bytes;
  try {
    for await (const piece of read()) {
      signal?.throwIfAborted();
      left -= piece.length;
      if (left < 0) break;
      sum.update(piece);
      yield piece;
    }
  } catch (error) {
    if (machineError(error) || !isUnreadable(error)) throw error;
    throw new MemberChanged(path);
  }
  if (left !== 0 || sum.digest('hex') !== sha256) throw new MemberChanged(path);
}

function fileOf(path: string, data: Buffer): TarFile {
  return { path, executable: false, bytes: data.length, data: inOne(data) };
}

/** Bytes that are in memory anyway. */
export async function* inOne(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}

export const sign = (key: Uint8Array, text: Uint8Array): string => createHmac('sha256', key).update('manifest\n').update(text).digest('hex');
export const nameOf = (key: Uint8Array): string => createHmac('sha256', key).update('name of this key').digest('hex');

export function refused(message: string, cause?: unknown): CoPawError {
  return new CoPawError('artifact-refused', message, {
    rule: 'R20',
    next: 'Take another backup: copaw backup list',
    ...(cause === undefined ? {} : { cause }),
  });
}
