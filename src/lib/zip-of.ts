// One file as a ZIP archive (APPNOTE 6.3.10), for platforms that take files of few kinds.
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
/** Names are UTF-8. */
const utf8 = 0x0800;
const deflated = 8;
/** 1980-01-01: an archive of the same file is the same archive. */
const date = 0x0021;

/** `bytes` below 4 GiB. */
export async function zipOf(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const content = await deflate(bytes);
  const path = Buffer.from(name);
  const common = numbers([20, 2], [utf8, 2], [deflated, 2], [0, 2], [date, 2], [crc32(bytes), 4], [content.length, 4], [bytes.length, 4], [path.length, 2]);
  const local = Buffer.concat([numbers([0x04034b50, 4]), common, numbers([0, 2]), path, content]);
  // No extra fields and no comment, disk 0, no attributes, and the one entry stands at the beginning.
  const central = Buffer.concat([numbers([0x02014b50, 4], [20, 2]), common, numbers([0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [0, 4]), path]);
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [1, 2], [1, 2], [central.length, 4], [local.length, 4], [0, 2]);
  return Buffer.concat([local, central, end]);
}

function numbers(...all: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  const buffer = Buffer.alloc(all.reduce((sum, [, bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [value, bytes] of all) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}
