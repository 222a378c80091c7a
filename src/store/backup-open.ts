// A backup archive read from one end to the other: every member is held against the manifest while it passes, and what a restore needs is put on the disk.
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CoPawError } from '../core/error.ts';
import { ArchiveFault } from '../lib/archive-entry.ts';
import { entriesFault } from '../lib/artifact-rules.ts';
import { createByteReader } from '../lib/byte-flow.ts';
import { sameText } from '../lib/same-text.ts';
import { isSealed, openStream, SealFault } from '../lib/sealed-stream.ts';
import { systemCode } from '../lib/system-error.ts';
import { readTarStream, type TarMember } from '../lib/tar-stream.ts';
import { archiveCaps, type BackupManifest, manifestFile, manifestSchema, nameOf, refused, sign, signatureFile } from './backup-archive.ts';

/** A member that is what the manifest says. */
export interface ArchivedFile {
  readonly path: string;
  readonly executable: boolean;
  readonly bytes: number;
  readonly sha256: string;
}

export interface OpenedArchive {
  readonly manifest: BackupManifest;
  /** Signed with the key that was given. */
  readonly madeHere: boolean;
  /** What the manifest lists, in its order. */
  readonly members: readonly ArchivedFile[];
}

export interface ArchiveSource {
  /** From the beginning, each time. */
  readonly read: () => AsyncIterable<Uint8Array>;
  readonly key: Uint8Array | undefined;
  readonly passphrase: string | undefined;
  /** Is asked before the first member, with all that are listed. A throw ends it. */
  readonly onManifest: (manifest: BackupManifest) => Promise<void>;
  /** Takes a member in; undefined: it is only looked at. Nothing may be made of it before all have come. */
  readonly keep: (member: { readonly path: string; readonly bytes: number }) => ((piece: Uint8Array) => Promise<void>) | undefined;
}

const most = Number.MAX_SAFE_INTEGER;
/** Lengths are bounded by the manifest, and what it lists by the disk. */
const tarCaps = { archiveBytes: most, totalBytes: most, fileBytes: most, ratio: most, entries: archiveCaps.entries + 2, depth: archiveCaps.depth };

/** Throws `artifact-refused` with what is wrong. Names are those every system can keep; links and upward steps are refused. */
export async function openArchive(source: ArchiveSource): Promise<OpenedArchive> {
  try {
    const gunzip = createGunzip({ chunkSize: 256 * 1024 });
    let packed = 0;
    const count = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        packed += chunk.length;
        yield chunk;
      }
    };
    const opened = await pipeline(count(await unsealed(source)), gunzip, (plain) => readMembers(plain, source));
    if (gunzip.bytesWritten !== packed) throw new ArchiveFault('has something after its end');
    return opened;
  } catch (error) {
    if (error instanceof ArchiveFault) throw refused(`The archive ${error.message}.`);
    if (error instanceof SealFault) throw refused('The passphrase is another one, or the file was damaged.', error);
    if (systemCode(error)?.startsWith('Z_') === true) throw refused('The archive is cut short or damaged.', error);
    throw error;
  }
}

async function unsealed({ read, passphrase }: ArchiveSource): Promise<AsyncIterable<Uint8Array>> {
  const beginning = await createByteReader(read()).take(64);
  if (isSealed(beginning)) {
    if (passphrase === undefined) throw new CoPawError('usage', 'The backup is encrypted.', { next: 'Give its passphrase with --passphrase-stdin.' });
    return openStream(read, passphrase);
  }
  if (beginning[0] !== 0x1f || beginning[1] !== 0x8b) throw refused('It is neither a database nor an archive that CoPaw made.');
  return read();
}

async function readMembers(plain: AsyncIterable<Uint8Array>, source: ArchiveSource): Promise<OpenedArchive> {
  const tar = readTarStream(createByteReader(plain), tarCaps);
  const text = await wordsOf((await tar.next()).value, manifestFile);
  const signature = await wordsOf((await tar.next()).value, signatureFile);
  const manifest = readManifest(text);
  const madeHere = source.key !== undefined && manifest.key === nameOf(source.key);
  if (madeHere && !sameText(signature.toString('latin1').trim(), sign(source.key, text))) throw refused('Its manifest was changed after this home signed it.');
  const fault = entriesFault(
    manifest.members.map(({ path, bytes }): Parameters<typeof entriesFault>[0][number] => ({ path, kind: 'file', data: { length: bytes } })),
    { ...tarCaps, entries: archiveCaps.entries },
  );
  if (fault !== undefined) throw refused(fault);
  await source.onManifest(manifest);
  const waiting = new Map(manifest.members.map((member) => [member.path, member]));
  const executable = new Set<string>();
  for await (const member of tar) {
    const said = waiting.get(member.path);
    if (said === undefined || !waiting.delete(member.path)) throw refused('It does not hold what its manifest lists.');
    if (member.kind !== 'file' || member.bytes !== said.bytes || (await hashOf(member.data, source.keep(said))) !== said.sha256)
      throw refused(`${JSON.stringify(member.path)} is not what its manifest says.`);
    if (member.executable) executable.add(member.path);
  }
  if (waiting.size > 0) throw refused('It does not hold what its manifest lists.');
  return { manifest, madeHere, members: manifest.members.map((member) => ({ ...member, executable: executable.has(member.path) })) };
}

/** sha256 in hex of what goes by; `keep` gets each piece. */
export async function hashOf(pieces: AsyncIterable<Uint8Array>, keep?: (piece: Uint8Array) => Promise<void>): Promise<string> {
  const sum = createHash('sha256');
  for await (const piece of pieces) {
    sum.update(piece);
    await keep?.(piece);
  }
  return sum.digest('hex');
}

async function wordsOf(member: TarMember | undefined, path: string): Promise<Buffer> {
  if (member?.path !== path || member.bytes > archiveCaps.manifestBytes) throw refused('It is no backup of CoPaw.');
  const pieces: Uint8Array[] = [];
  for await (const piece of member.data) pieces.push(piece);
  return Buffer.concat(pieces);
}

function readManifest(data: Uint8Array): BackupManifest {
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data)));
  } catch (error) {
    throw refused('Its manifest cannot be read; a newer CoPaw may have made it.', error);
  }
}
