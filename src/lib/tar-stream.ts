// Tar files of any length, written and read from one end to the other. What is written every tar reads: regular files, long names in pax headers.
import { type ArchiveCaps, type ArchiveEntry, fault } from './archive-entry.ts';
import { binarySize, createTarParser, fillOf, isZero, tarBlock } from './archive-tar.ts';
import type { ByteReader } from './byte-flow.ts';

/** `data` has as many bytes as `bytes` says. */
export interface TarFile {
  readonly path: string;
  readonly executable: boolean;
  readonly bytes: number;
  readonly data: AsyncIterable<Uint8Array>;
}

/** In the order they come. `at` is the time of all, milliseconds since the epoch. */
export async function* writeTar(files: AsyncIterable<TarFile> | Iterable<TarFile>, at: number): AsyncGenerator<Uint8Array> {
  const seconds = Math.floor(at / 1000);
  for await (const { path, executable, bytes, data } of files) {
    const long = Buffer.byteLength(path) > 100;
    if (long) {
      const words = paxRecord('path', path);
      yield Buffer.concat([headerOf('pax', words.length, 0o644, seconds, 'x'), words, Buffer.alloc(fillOf(words.length))]);
    }
    const name = long ? asciiName(path) : path;
    yield headerOf(name, bytes, executable ? 0o755 : 0o644, seconds, '0');
    yield* data;
    yield Buffer.alloc(fillOf(bytes));
  }
  yield Buffer.alloc(2 * tarBlock);
}

export interface TarMember extends Omit<ArchiveEntry, 'data'> {
  readonly bytes: number;
  /** To be read before the next member, or not at all. */
  readonly data: AsyncIterable<Uint8Array>;
}

/** Zeros behind the end; tar programs fill up to 10 KiB. */
const mostAfterEnd = 1024 * 1024;

/** Throws `ArchiveFault` where `readTar` does; what came before was yielded then. */
export async function* readTarStream(reader: ByteReader, caps: ArchiveCaps): AsyncGenerator<TarMember> {
  const parser = createTarParser(caps);
  const whole = async (length: number): Promise<Buffer> => {
    const bytes = await reader.take(length);
    if (bytes.length < length) throw fault('is cut short');
    return bytes;
  };
  for (;;) {
    const next = parser.header(await whole(tarBlock));
    if (next.is === 'end') break;
    if (next.is === 'words') parser.words(await whole(next.size));
    else {
      let left = next.size;
      const data = counted(reader.pieces(next.size), (bytes) => {
        left -= bytes;
      });
      if (next.entry) yield { ...next.entry, bytes: next.size, data };
      for await (const { length } of reader.pieces(left)) left -= length; // what nobody wanted
      if (left > 0) throw fault('is cut short');
    }
    await whole(fillOf(next.size));
  }
  const end = await reader.take(mostAfterEnd);
  if (end.length < tarBlock || end.length === mostAfterEnd || !isZero(end)) throw fault('has something after its end, or is cut short');
}

async function* counted(pieces: AsyncIterable<Buffer>, count: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    count(piece.length);
    yield piece;
  }
}

/** One block. `mode`: permissions; `type`: "0" is a file. */
export function headerOf(name: string, bytes: number, mode: number, seconds: number, type: string): Buffer {
  const header = Buffer.alloc(tarBlock);
  const octal = (value: number, length: number, at: number): void => void header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  header.write(name, 0, 100);
  octal(mode, 8, 100);
  octal(0, 8, 108);
  octal(0, 8, 116);
  if (bytes < binarySize) octal(bytes, 12, 124);
  else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(bytes), 128);
  }
  octal(seconds, 12, 136);
  header.fill(' ', 148, 156);
  header.write(type, 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** What a tar that knows no pax headers makes of a long name. */
function asciiName(path: string): string {
  return Buffer.from(path)
    .subarray(0, 100)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/gu, '_');
}

/** "<length> <key>=<value>\n", length counting all of it. */
function paxRecord(key: string, value: string): Buffer {
  const body = Buffer.byteLength(` ${key}=${value}\n`);
  let length = body + String(body).length;
  if (String(length).length > String(body).length) length = body + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}
