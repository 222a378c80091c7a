// Tar files: POSIX with pax headers, GNU long names, the old form. Whatever two readers could take for two things is refused.
import { type ArchiveCaps, type ArchiveEntry, createMeter, fault, nameOf, relativePath } from './archive-entry.ts';

export const tarBlock = 512;
/** A pax header or long name beyond this says nothing a path needs. */
const mostHeader = 64 * 1024;
const empty = new Uint8Array();

/** What a header announces: an entry, of which the root itself is not told; words about the next entry; or the end. `size` bytes follow it, filled up to a block. */
export type TarHeader =
  | { readonly is: 'entry'; readonly size: number; readonly entry: Omit<ArchiveEntry, 'data'> | undefined }
  | { readonly is: 'words'; readonly size: number }
  | { readonly is: 'end' };

export interface TarParser {
  header(bytes: Buffer): TarHeader;
  /** The words that a header announced. */
  words(text: Buffer): void;
}

/** Reads header after header; whoever has the bytes brings them. Throws `ArchiveFault`. */
export function createTarParser(caps: ArchiveCaps): TarParser {
  const meter = createMeter(caps);
  let longName: string | undefined;
  let type = '';
  let headers = 0;
  return {
    header(bytes) {
      if (isZero(bytes)) {
        if (longName !== undefined) throw fault('ends after a name without an entry');
        return { is: 'end' };
      }
      if (sumOf(bytes) !== octal(bytes, 148, 8)) throw fault('has a damaged header');
      const size = sizeOf(bytes);
      type = String.fromCharCode(bytes[156] ?? 0);
      if ('xgLK'.includes(type)) {
        if (++headers > 2 * caps.entries || size > mostHeader) throw fault('has more headers than entries need');
        return { is: 'words', size };
      }
      const name = longName ?? shortName(bytes);
      longName = undefined;
      const kind = kindOf(type, name);
      if (kind === 'directory' && size !== 0) throw fault('has a folder with content');
      const path = relativePath(name, kind);
      meter(path ?? '', size);
      const executable = kind === 'file' && (octal(bytes, 100, 8) & 0o111) !== 0;
      return { is: 'entry', size, entry: path === undefined ? undefined : { path, kind, executable } };
    },
    words(text) {
      const name = type === 'L' ? nameOf(text.subarray(0, endOf(text))) : type === 'x' ? paxPath(text) : undefined;
      if (type === 'g') refuseGlobal(text);
      if (name !== undefined && longName !== undefined) throw fault('names one entry twice');
      longName = name ?? longName;
    },
  };
}

export function readTar(bytes: Uint8Array, caps: ArchiveCaps): ArchiveEntry[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parser = createTarParser(caps);
  const found: ArchiveEntry[] = [];
  for (let at = 0; ; ) {
    if (at + tarBlock > view.length) throw fault('is cut short');
    const from = at + tarBlock;
    const next = parser.header(view.subarray(at, from));
    if (next.is === 'end') {
      if (view.length < from + tarBlock || !isZero(view.subarray(from))) throw fault('has something after its end, or is cut short');
      return found;
    }
    at = from + next.size + fillOf(next.size);
    if (at > view.length) throw fault('is cut short');
    const data = view.subarray(from, from + next.size);
    if (next.is === 'words') parser.words(data);
    else if (next.entry) found.push({ ...next.entry, data: next.entry.kind === 'file' ? data : empty });
  }
}

function kindOf(type: string, name: string): ArchiveEntry['kind'] {
  if (type === '5') return 'directory';
  if (type === '1' || type === '2') return 'link';
  if (type !== '0' && type !== '\0' && type !== '7') return 'other';
  // The old form knew folders by their name alone.
  if (!name.endsWith('/')) return 'file';
  if (type === '\0') return 'directory';
  throw fault('has a file that is named like a folder');
}

function shortName(header: Buffer): string {
  const name = nameOf(header.subarray(0, endOf(header.subarray(0, 100))));
  // GNU keeps other things where POSIX has the first part of a path.
  const posix = header.subarray(257, 265).toString('latin1') === 'ustar\x0000';
  const prefix = posix ? nameOf(header.subarray(345, 345 + endOf(header.subarray(345, 500)))) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The path of a pax header, if it gives one. Records are "<length> <key>=<value>\n", length counting all of it. */
function paxPath(text: Buffer): string | undefined {
  let path: string | undefined;
  for (const [key, value] of paxRecords(text)) {
    // Another size than the header's, or a file with holes: two readers would not agree where the next entry is.
    if (key === 'size' || key.startsWith('GNU.sparse')) throw fault('gives a size in a pax header');
    if (key !== 'path') continue;
    if (path !== undefined) throw fault('names one entry twice');
    path = value;
  }
  return path;
}

/** Global headers carry comments, as those of git do; what they would say about every entry is refused. */
function refuseGlobal(text: Buffer): void {
  for (const [key] of paxRecords(text)) if (key === 'path' || key === 'size' || key === 'linkpath') throw fault(`gives one ${key} for all entries`);
}

function* paxRecords(text: Buffer): Generator<readonly [string, string]> {
  for (let at = 0; at < text.length; ) {
    const space = text.indexOf(0x20, at);
    const digits = space === -1 ? '' : text.subarray(at, space).toString('latin1');
    const length = /^[1-9]\d{0,5}$/u.test(digits) ? Number(digits) : 0;
    const record = text.subarray(space + 1, at + length);
    const equals = record.indexOf(0x3d);
    if (length === 0 || at + length > text.length || equals < 1 || record.at(-1) !== 0x0a) throw fault('has a damaged pax header');
    const key = nameOf(record.subarray(0, equals));
    // Only what is used is held against UTF-8: attributes may be anything.
    yield [key, key === 'path' ? nameOf(record.subarray(equals + 1, -1)) : ''];
    at += length;
  }
}

/** Bytes between the end of so many and the next block. */
export function fillOf(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock;
}

/** From here on a size is written in binary, for it has no room in octal. */
export const binarySize = 8 ** 11;

/** Octal, or in binary where octal has no room: no size has two forms. */
function sizeOf(header: Buffer): number {
  if (header[124] !== 0x80) return octal(header, 124, 12);
  const size = header.readBigUInt64BE(128);
  if (!isZero(header.subarray(125, 128)) || size < binarySize || size > Number.MAX_SAFE_INTEGER) throw fault('has a damaged header');
  return Number(size);
}

/** An octal number, closed by spaces or NULs. */
function octal(header: Buffer, at: number, length: number): number {
  const digits = /^ *([0-7]*)[ \0]*$/u.exec(header.subarray(at, at + length).toString('latin1'))?.[1];
  if (digits === undefined) throw fault('has a damaged header');
  return Number.parseInt(digits || '0', 8);
}

/** The header's bytes added up, its own sum taken as spaces. */
function sumOf(header: Buffer): number {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return sum;
}

function endOf(text: Buffer): number {
  const end = text.indexOf(0);
  return end === -1 ? text.length : end;
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
