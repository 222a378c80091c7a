// Archives as entries: zip, tar, tar.gz, told apart by their bytes. Everything odd is refused with a reason, as a value; nothing is guessed.
import { gunzipSync } from 'node:zlib';
import { type ArchiveCaps, type ArchiveEntry, ArchiveFault, fault, inflated, unpackedAtMost } from './archive-entry.ts';
import { readTar } from './archive-tar.ts';
import { readZip } from './archive-zip.ts';

export type { ArchiveCaps, ArchiveEntry } from './archive-entry.ts';

export interface Archive {
  readonly kind: 'zip' | 'tar' | 'tar.gz';
  readonly entries: readonly ArchiveEntry[];
}

/** `refused` completes the sentence "The archive …". */
export function readArchive(bytes: Uint8Array, caps: ArchiveCaps): Archive | { readonly refused: string } {
  try {
    if (bytes.length > caps.archiveBytes) throw fault(`has more than ${caps.archiveBytes} bytes`);
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) return { kind: 'zip', entries: readZip(bytes, caps) };
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return { kind: 'tar.gz', entries: readTar(gunzip(bytes, caps), caps) };
    if (Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar') return { kind: 'tar', entries: readTar(bytes, caps) };
    throw fault('is neither zip nor tar nor tar.gz');
  } catch (error) {
    if (error instanceof ArchiveFault) return { refused: error.message };
    throw error;
  }
}

/** One gzip member, whole, under a hard cap. */
function gunzip(bytes: Uint8Array, caps: ArchiveCaps): Uint8Array {
  // A tar adds headers, long names and padding to each file.
  const most = Math.min(caps.totalBytes + (caps.entries + 20) * 2048, unpackedAtMost(bytes.length, caps));
  let result: object;
  try {
    result = gunzipSync(bytes, { maxOutputLength: most, info: true });
  } catch (error) {
    if (error instanceof RangeError) throw fault(`unpacks to more than ${most} bytes`);
    throw fault('is cut short or damaged');
  }
  const { data, consumed } = inflated(result);
  if (consumed !== bytes.length) throw fault('has something after its end');
  return data;
}
