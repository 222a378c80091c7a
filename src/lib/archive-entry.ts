// What an archive holds and how much of it is read at most. Reasons for a refusal are values at the edge (archive.ts).

export interface ArchiveEntry {
  /** As the archive says, without a leading "./" and a directory's closing "/". Not checked: whoever writes it to disk does that. */
  readonly path: string;
  /** link: symbolic or hard. other: a device, FIFO or kind nobody writes today. */
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Empty but for files. */
  readonly data: Uint8Array;
  readonly executable: boolean;
}

/** Limits that are checked before anything is inflated or read beyond them. */
export interface ArchiveCaps {
  /** Bytes of the archive itself. */
  readonly archiveBytes: number;
  /** Bytes of all files together. */
  readonly totalBytes: number;
  readonly fileBytes: number;
  readonly entries: number;
  /** Components of one path. */
  readonly depth: number;
  /** Unpacked bytes for each packed one, beyond the first mebibyte. */
  readonly ratio: number;
}

/** Why an archive is not read. Thrown inside, returned as a value by `readArchive`. */
export class ArchiveFault extends Error {}

export function fault(reason: string): ArchiveFault {
  return new ArchiveFault(reason);
}

/** Counts entries against the caps while an archive is read. */
export function createMeter(caps: ArchiveCaps): (path: string, size: number) => void {
  let entries = 0;
  let total = 0;
  return (path, size) => {
    entries += 1;
    total += size;
    if (entries > caps.entries) throw fault(`holds more than ${caps.entries} entries`);
    if (path.split('/').length > caps.depth) throw fault(`nests deeper than ${caps.depth} folders`);
    if (size > caps.fileBytes) throw fault(`holds a file over ${caps.fileBytes} bytes`);
    if (total > caps.totalBytes) throw fault(`unpacks to more than ${caps.totalBytes} bytes`);
  };
}

/** Bytes that `packed` bytes may unpack to. */
export function unpackedAtMost(packed: number, caps: ArchiveCaps): number {
  return 1024 * 1024 + packed * caps.ratio;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function nameOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw fault('holds a name that is not UTF-8');
  }
}

/** Undefined for the entry of the root itself. */
export function relativePath(name: string, kind: ArchiveEntry['kind']): string | undefined {
  const path = name.startsWith('./') ? name.slice(2) : name;
  const bare = kind === 'directory' && path.endsWith('/') ? path.slice(0, -1) : path;
  return kind === 'directory' && (bare === '' || bare === '.') ? undefined : bare;
}

/** What zlib gives with `info`, which its types do not tell: the data, and how much of the input it took. */
export function inflated(result: object): { readonly data: Uint8Array; readonly consumed: number } {
  if ('buffer' in result && result.buffer instanceof Uint8Array && 'engine' in result && typeof result.engine === 'object' && result.engine !== null) {
    const { buffer: data, engine } = result;
    if ('bytesWritten' in engine && typeof engine.bytesWritten === 'number') return { data, consumed: engine.bytesWritten };
  }
  throw new TypeError('zlib says nothing about what it read.');
}
