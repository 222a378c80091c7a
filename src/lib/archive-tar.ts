// Tar files: POSIX with pax headers, GNU long names, the old form. Whatever two readers could take for two things is refused.
import { type ArchiveCaps, type ArchiveEntry, createMeter, fault, nameOf, relativePath } from './archive-entry.ts';

const block = 512;
/** A pax header or long name beyond this says nothing a path needs. */
const mostHeader = 64 * 1024;
const empty = new Uint8Array();

export function readTar(bytes: Uint8Array, caps: ArchiveCaps): ArchiveEntry[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meter = createMeter(caps);
  const found: ArchiveEntry[] = [];
  let longName: string | undefined;
  let headers = 0;
  for (let at = 0; ; ) {
    if (at + block > view.length) throw fault('is cut short');
    const header = view.subarray(at, at + block);
    if (isZero(header)) {
      if (longName !== undefined) throw fault('ends after a name without an entry');
      if (view.length < at + 2 * block || !isZero(view.subarray(at))) throw fault('has something after its end, or is cut short');
      return found;
    }
    if (sumOf(header) !== octal(header, 148, 8)) throw fault('has a damaged header');
    const size = octal(header, 124, 12);
    const type = String.fromCharCode(header[156] ?? 0);
    const from = at + block;
    at = from + Math.ceil(size / block) * block;
    if (at > view.length) throw fault('is cut short');
    if ('xgLK'.includes(type)) {
      if (++headers > 2 * caps.entries || size > mostHeader) throw fault('has more headers than entries need');
      const text = view.subarray(from, from + size);
      const name = type === 'L' ? nameOf(text.subarray(0, endOf(text))) : type === 'x' ? paxPath(text) : undefined;
      if (type === 'g') refuseGlobal(text);
      if (name !== undefined && longName !== undefined) throw fault('names one entry twice');
      longName = name ?? longName;
      continue;
    }
    const name = longName ?? shortName(header);
    longName = undefined;
    const kind = kindOf(type, name);
    if (kind === 'directory' && size !== 0) throw fault('has a folder with content');
    const path = relativePath(name, kind);
    meter(path ?? '', size);
    if (path === undefined) continue;
    const executable = kind === 'file' && (octal(header, 100, 8) & 0o111) !== 0;
    found.push({ path, kind, executable, data: kind === 'file' ? view.subarray(from, from + size) : empty });
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

/** An octal number, closed by spaces or NULs. The binary form exists for sizes far beyond the caps. */
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

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
