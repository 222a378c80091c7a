// The format of `copaw backup create`: a tar.gz whose first members are a manifest and its signature, sealed where there is a passphrase.
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import { type ArchiveCaps, type ArchiveEntry, readArchive } from '../lib/archive.ts';
import { writeTar } from '../lib/archive-write.ts';
import { entriesFault } from '../lib/artifact-rules.ts';
import { sha256 } from '../lib/canonical-json.ts';
import { sameText } from '../lib/same-text.ts';
import { isSealed, openBytes, sealBytes } from '../lib/sealed-bytes.ts';

const mebibyte = 1024 * 1024;
/** The whole is in memory, packed and unpacked. */
export const archiveCaps: ArchiveCaps = {
  archiveBytes: 512 * mebibyte,
  totalBytes: 512 * mebibyte,
  fileBytes: 256 * mebibyte,
  entries: 20_000,
  depth: 24,
  ratio: 1_000,
};

const manifestFile = 'manifest.json';
const signatureFile = 'manifest.hmac';
const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const manifestSchema = z.strictObject({
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

export interface OpenedArchive {
  readonly manifest: BackupManifest;
  /** What the manifest lists, each with the hash it says. */
  readonly members: readonly ArchiveEntry[];
  /** Signed with the key that was given. */
  readonly madeHere: boolean;
}

export async function packArchive(
  members: readonly ArchiveEntry[],
  about: Pick<BackupManifest, 'version' | 'leftOut'> & { readonly at: number; readonly key: Uint8Array; readonly passphrase?: string },
): Promise<Buffer> {
  const { at, key, passphrase } = about;
  const manifest: BackupManifest = {
    product: 'copaw-backup',
    format: 1,
    version: about.version,
    time: new Date(at).toISOString(),
    key: nameOf(key),
    members: members.map(({ path, data }) => ({ path, bytes: data.length, sha256: sha256(data) })),
    leftOut: about.leftOut,
  };
  const text = Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`);
  const total = members.reduce((sum, { data }) => sum + data.length, text.length);
  if (total > archiveCaps.totalBytes || members.some(({ data }) => data.length > archiveCaps.fileBytes))
    throw new CoPawError(
      'too-large',
      `This home is larger than one archive may be (${archiveCaps.totalBytes / mebibyte} MiB, ${archiveCaps.fileBytes / mebibyte} for a file).`,
      {
        next: 'Copy the newest database of its backups folder and the workspaces folder by other means.',
      },
    );
  const file = (path: string, data: Uint8Array): ArchiveEntry => ({ path, kind: 'file', data, executable: false });
  const packed = gzipSync(writeTar([file(manifestFile, text), file(signatureFile, Buffer.from(`${sign(key, text)}\n`)), ...members], at));
  return passphrase === undefined ? packed : sealBytes(packed, passphrase);
}

/** Throws `artifact-refused` with what is wrong. Names are those every system can keep; links and upward steps are refused. */
export async function openArchive(bytes: Uint8Array, key: Uint8Array | undefined, passphrase: string | undefined): Promise<OpenedArchive> {
  const archive = readArchive(await unsealed(bytes, passphrase), archiveCaps);
  if ('refused' in archive) throw refused(`The archive ${archive.refused}.`);
  const [first, second, ...members] = archive.entries;
  if (first?.path !== manifestFile || second?.path !== signatureFile) throw refused('It is no backup of CoPaw.');
  const fault = entriesFault(archive.entries, archiveCaps);
  if (fault !== undefined) throw refused(fault);
  const manifest = readManifest(first.data);
  const listed = new Map(manifest.members.map((member) => [member.path, member]));
  if (listed.size !== members.length || manifest.members.length !== members.length) throw refused('It does not hold what its manifest lists.');
  for (const { path, kind, data } of members) {
    const said = listed.get(path);
    if (kind !== 'file' || said?.bytes !== data.length || said.sha256 !== sha256(data)) throw refused(`${JSON.stringify(path)} is not what its manifest says.`);
  }
  const ours = key !== undefined && manifest.key === nameOf(key);
  if (ours && !sameText(Buffer.from(second.data).toString('latin1').trim(), sign(key, first.data)))
    throw refused('Its manifest was changed after this home signed it.');
  return { manifest, members, madeHere: ours };
}

async function unsealed(bytes: Uint8Array, passphrase: string | undefined): Promise<Uint8Array> {
  if (!isSealed(bytes)) return bytes;
  if (passphrase === undefined) throw new CoPawError('usage', 'The backup is encrypted.', { next: 'Give its passphrase with --passphrase-stdin.' });
  const opened = await openBytes(bytes, passphrase);
  if (!opened) throw refused('The passphrase is another one, or the file was damaged.');
  return opened;
}

function readManifest(data: Uint8Array): BackupManifest {
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data)));
  } catch (error) {
    throw refused('Its manifest cannot be read; a newer CoPaw may have made it.', error);
  }
}

const sign = (key: Uint8Array, text: Uint8Array): string => createHmac('sha256', key).update('manifest\n').update(text).digest('hex');
const nameOf = (key: Uint8Array): string => createHmac('sha256', key).update('name of this key').digest('hex');

export function refused(message: string, cause?: unknown): CoPawError {
  return new CoPawError('artifact-refused', message, {
    rule: 'R20',
    next: 'Take another backup: copaw backup list',
    ...(cause === undefined ? {} : { cause }),
  });
}
