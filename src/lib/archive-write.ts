// Writes a tar file that every tar reads, and readTar first of all: regular files only, long names in pax headers.
import type { ArchiveEntry } from './archive-entry.ts';

const block = 512;

/** Only entries of kind "file" are written, in their order. `at` is their time, milliseconds since the epoch. */
export function writeTar(entries: readonly ArchiveEntry[], at: number): Buffer {
  const seconds = Math.floor(at / 1000);
  const blocks = entries.flatMap(({ path, kind, data, executable }) => {
    if (kind !== 'file') return [];
    const long = Buffer.byteLength(path) > 100 ? member('pax', paxRecord('path', path), 0o644, seconds, 'x') : [];
    const name =
      long.length > 0
        ? Buffer.from(path)
            .subarray(0, 100)
            .toString('latin1')
            .replace(/[^\x20-\x7e]/gu, '_')
        : path;
    return [...long, ...member(name, data, executable ? 0o755 : 0o644, seconds, '0')];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * block)]);
}

function member(name: string, data: Uint8Array, mode: number, seconds: number, type: string): readonly Uint8Array[] {
  const header = Buffer.alloc(block);
  const octal = (value: number, length: number, at: number): void => void header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  header.write(name, 0, 100);
  octal(mode, 8, 100);
  octal(0, 8, 108);
  octal(0, 8, 116);
  octal(data.length, 12, 124);
  octal(seconds, 12, 136);
  header.fill(' ', 148, 156);
  header.write(type, 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return [header, data, Buffer.alloc((block - (data.length % block)) % block)];
}

/** "<length> <key>=<value>\n", length counting all of it. */
function paxRecord(key: string, value: string): Buffer {
  const body = Buffer.byteLength(` ${key}=${value}\n`);
  let length = body + String(body).length;
  if (String(length).length > String(body).length) length = body + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}
