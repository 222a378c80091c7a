// Zip files, read by their central directory and held against each local header. Readers disagree about odd ones, so those are refused.
import { crc32, inflateRawSync } from 'node:zlib';
import { type ArchiveCaps, type ArchiveEntry, createMeter, fault, inflated, nameOf, relativePath, unpackedAtMost } from './archive-entry.ts';

const endSize = 22;
const centralSize = 46;
const localSize = 30;
const mode = { type: 0o170000, file: 0o100000, directory: 0o040000, link: 0o120000 };
/** Encrypted, patched, strongly encrypted, names masked. */
const refusedFlags = 0x0001 | 0x0020 | 0x0040 | 0x2000;

interface Record {
  readonly name: Buffer;
  readonly kind: ArchiveEntry['kind'];
  readonly executable: boolean;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

export function readZip(bytes: Uint8Array, caps: ArchiveCaps): ArchiveEntry[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.readUInt16LE(end + 10);
  const size = view.readUInt32LE(end + 12);
  const start = view.readUInt32LE(end + 16);
  if (view.readUInt16LE(end + 4) !== 0 || view.readUInt16LE(end + 6) !== 0 || view.readUInt16LE(end + 8) !== count) throw fault('is one part of several');
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) throw fault('uses zip64, which only larger archives need');
  if (end >= 20 && view.readUInt32LE(end - 20) === 0x07064b50) throw fault('uses zip64, which only larger archives need');
  if (count > caps.entries) throw fault(`holds more than ${caps.entries} entries`);
  if (start + size !== end) throw fault('has something beside its entries');
  const records = readDirectory(view, start, end, count);
  // In the order of the file: entries that overlap would unpack the same bytes again and again, gaps would hide something.
  const inPlace = [...records].sort((one, other) => one.offset - other.offset);
  const meter = createMeter(caps);
  const names = new Set<string>();
  const found: ArchiveEntry[] = [];
  for (const record of inPlace) {
    const name = nameOf(record.name);
    if (names.has(name)) throw fault(`names ${JSON.stringify(name)} twice`);
    names.add(name);
    const path = relativePath(name, record.kind);
    meter(path ?? '', record.size);
    if (record.size > unpackedAtMost(record.packed, caps)) throw fault(`holds a file that unpacks to more than ${caps.ratio} times its size`);
  }
  for (const [index, record] of inPlace.entries()) {
    const from = checkLocal(view, record, inPlace[index + 1]?.offset ?? start, index === 0);
    const data = unpack(view.subarray(from, from + record.packed), record);
    const path = relativePath(nameOf(record.name), record.kind);
    if (path !== undefined) found.push({ path, kind: record.kind, executable: record.executable, data: record.kind === 'file' ? data : new Uint8Array() });
  }
  if (records.length === 0 && start !== 0) throw fault('has something beside its entries');
  return found;
}

/** Offset of the end record. It must be the last thing in the file, and the only thing that reads as one. */
function findEnd(view: Buffer): number {
  const found: number[] = [];
  for (let at = view.length - endSize; at >= Math.max(0, view.length - endSize - 0xffff); at--)
    if (view.readUInt32LE(at) === 0x06054b50 && at + endSize + view.readUInt16LE(at + 20) === view.length) found.push(at);
  const [end, second] = found;
  if (end === undefined) throw fault('is cut short, or has something after its end');
  if (second !== undefined) throw fault('has two ends');
  return end;
}

function readDirectory(view: Buffer, start: number, end: number, count: number): Record[] {
  const records: Record[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + centralSize > end || view.readUInt32LE(at) !== 0x02014b50) throw fault('has a damaged directory');
    const flags = view.readUInt16LE(at + 8);
    const method = view.readUInt16LE(at + 10);
    const nameLength = view.readUInt16LE(at + 28);
    const extraLength = view.readUInt16LE(at + 30);
    const next = at + centralSize + nameLength + extraLength + view.readUInt16LE(at + 32);
    if (next > end) throw fault('has a damaged directory');
    const record = {
      name: view.subarray(at + centralSize, at + centralSize + nameLength),
      flags,
      method,
      crc: view.readUInt32LE(at + 16),
      packed: view.readUInt32LE(at + 20),
      size: view.readUInt32LE(at + 24),
      offset: view.readUInt32LE(at + 42),
    };
    refuseZip64(view.subarray(at + centralSize + nameLength, at + centralSize + nameLength + extraLength));
    if (record.packed === 0xffffffff || record.size === 0xffffffff || record.offset === 0xffffffff) throw fault('uses zip64, which only larger archives need');
    if ((flags & refusedFlags) !== 0) throw fault('is encrypted');
    if (method !== 0 && method !== 8) throw fault(`is packed by a method nobody needs (${method})`);
    if (view.readUInt16LE(at + 34) !== 0) throw fault('is one part of several');
    const bits = view.readUInt32LE(at + 38) >>> 16;
    const slash = record.name.at(-1) === 0x2f;
    const kind = kindOf(bits & mode.type, slash);
    if (kind === 'directory' && record.size !== 0) throw fault('has a folder with content');
    records.push({ ...record, kind, executable: kind === 'file' && (bits & 0o111) !== 0 });
    at = next;
  }
  if (at !== end) throw fault('has a damaged directory');
  return records;
}

function kindOf(type: number, slash: boolean): ArchiveEntry['kind'] {
  if (type === mode.link) return 'link';
  if (type === mode.directory || (type === 0 && slash)) return 'directory';
  if (slash) throw fault('has a file that is named like a folder');
  return type === 0 || type === mode.file ? 'file' : 'other';
}

/** Extra fields: the one of zip64 would give other sizes to those who read it. */
function refuseZip64(extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 0x0001) throw fault('uses zip64, which only larger archives need');
}

/** The local header must say what the directory says, and its data must end where the next entry begins. Returns where the data starts. */
function checkLocal(view: Buffer, record: Record, next: number, first: boolean): number {
  const { offset } = record;
  if (first && offset !== 0) throw fault('has something beside its entries');
  if (offset + localSize > next || view.readUInt32LE(offset) !== 0x04034b50) throw fault('has entries that overlap, or a damaged one');
  const nameLength = view.readUInt16LE(offset + 26);
  const data = offset + localSize + nameLength + view.readUInt16LE(offset + 28);
  if (data > next) throw fault('has entries that overlap, or a damaged one');
  refuseZip64(view.subarray(offset + localSize + nameLength, data));
  const later = (record.flags & 0x0008) !== 0;
  const [crc, packed, size] = [view.readUInt32LE(offset + 14), view.readUInt32LE(offset + 18), view.readUInt32LE(offset + 22)];
  const agrees = (local: number, central: number): boolean => local === central || (later && local === 0);
  if (
    !record.name.equals(view.subarray(offset + localSize, offset + localSize + nameLength)) ||
    view.readUInt16LE(offset + 6) !== record.flags ||
    view.readUInt16LE(offset + 8) !== record.method ||
    !agrees(crc, record.crc) ||
    !agrees(packed, record.packed) ||
    !agrees(size, record.size)
  )
    throw fault('says two things about one entry');
  const stop = data + record.packed;
  if (stop > next) throw fault('has entries that overlap, or a damaged one');
  if (stop !== next && !(later && isDescriptor(view.subarray(stop, next), record))) throw fault('has something beside its entries');
  return data;
}

/** Sizes behind the data, with or without a signature: written by those who stream. */
function isDescriptor(bytes: Buffer, { crc, packed, size }: Record): boolean {
  const at = bytes.length === 16 && bytes.readUInt32LE(0) === 0x08074b50 ? 4 : 0;
  return bytes.length === at + 12 && bytes.readUInt32LE(at) === crc && bytes.readUInt32LE(at + 4) === packed && bytes.readUInt32LE(at + 8) === size;
}

function unpack(packed: Buffer, { method, size, crc }: Record): Uint8Array {
  const data = method === 8 ? inflate(packed, size) : packed;
  if (data.length !== size || crc32(data) !== crc) throw fault('unpacks to something other than it says');
  return data;
}

function inflate(packed: Buffer, size: number): Uint8Array {
  let result: object;
  try {
    result = inflateRawSync(packed, { maxOutputLength: Math.max(1, size), info: true });
  } catch (error) {
    if (error instanceof RangeError) throw fault('unpacks to more than it says');
    throw fault('is cut short or damaged');
  }
  const { data, consumed } = inflated(result);
  if (consumed !== packed.length) throw fault('has something beside its entries');
  return data;
}
