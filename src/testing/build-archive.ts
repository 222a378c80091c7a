// Zip and tar files for tests, honest ones and, by overriding a header's member, dishonest ones.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly data?: string | Uint8Array;
  /** Unix type and permissions; a regular file by default. */
  readonly mode?: number;
  readonly stored?: boolean;
  /** A data descriptor behind the data, sizes in the local header zero. */
  readonly descriptor?: boolean;
  readonly flags?: number;
  readonly method?: number;
  /** What the headers say instead of the truth. */
  readonly crc?: number;
  readonly size?: number;
  readonly packed?: number;
  readonly offset?: number;
  readonly local?: { readonly name?: string; readonly size?: number; readonly flags?: number };
  readonly extra?: Uint8Array;
  /** Bytes behind the entry that belong to nothing. */
  readonly gap?: Uint8Array;
}

export function buildZip(parts: readonly ZipPart[], end: { readonly comment?: string; readonly count?: number; readonly trailing?: Uint8Array } = {}): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const name = bytesOf(part.name);
    const data = bytesOf(part.data ?? '');
    const content = part.stored === true ? data : deflateRawSync(data);
    const flags = (part.flags ?? 0x0800) | (part.descriptor === true ? 0x0008 : 0);
    const method = part.method ?? (part.stored === true ? 0 : 8);
    const sums = { crc: part.crc ?? crc32(data), packed: part.packed ?? content.length, size: part.size ?? data.length };
    const inLocal = part.descriptor === true ? { crc: 0, packed: 0, size: 0 } : { ...sums, size: part.local?.size ?? sums.size };
    const extra = Buffer.from(part.extra ?? []);
    const localName = part.local?.name === undefined ? name : bytesOf(part.local.name);
    const local = Buffer.concat([
      numbers([0x04034b50, 4], [20, 2], [part.local?.flags ?? flags, 2], [method, 2], [0, 4], [inLocal.crc, 4], [inLocal.packed, 4], [inLocal.size, 4]),
      numbers([localName.length, 2], [extra.length, 2]),
      localName,
      extra,
      content,
      part.descriptor === true ? numbers([0x08074b50, 4], [sums.crc, 4], [sums.packed, 4], [sums.size, 4]) : Buffer.alloc(0),
      Buffer.from(part.gap ?? []),
    ]);
    centrals.push(
      Buffer.concat([
        numbers([0x02014b50, 4], [0x031e, 2], [20, 2], [flags, 2], [method, 2], [0, 4], [sums.crc, 4], [sums.packed, 4], [sums.size, 4]),
        numbers([name.length, 2], [extra.length, 2], [0, 2], [0, 2], [0, 2], [((part.mode ?? 0o100644) << 16) >>> 0, 4], [part.offset ?? offset, 4]),
        name,
        extra,
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const comment = Buffer.from(end.comment ?? '');
  const count = end.count ?? parts.length;
  return Buffer.concat([
    ...locals,
    directory,
    numbers([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [directory.length, 4], [offset, 4], [comment.length, 2]),
    comment,
    Buffer.from(end.trailing ?? []),
  ]);
}

export interface TarPart {
  readonly name: string;
  readonly data?: string | Uint8Array;
  /** Permissions. */
  readonly mode?: number;
  /** One character; "0" is a regular file. */
  readonly type?: string;
  readonly link?: string;
  /** What the header says instead of the truth. */
  readonly size?: string;
  readonly sum?: number;
}

export function buildTar(parts: readonly TarPart[], end: Uint8Array = Buffer.alloc(1024)): Buffer {
  const blocks = parts.flatMap((part) => {
    const data = bytesOf(part.data ?? '');
    const header = Buffer.alloc(512);
    header.write(part.name, 0, 100);
    header.write(`${(part.mode ?? 0o644).toString(8).padStart(7, '0')}\0`, 100);
    header.write(`${part.size ?? data.length.toString(8).padStart(11, '0')}\0`, 124);
    header.fill(' ', 148, 156);
    header.write(part.type ?? '0', 156);
    header.write(part.link ?? '', 157, 100);
    header.write('ustar\x0000', 257, 'latin1');
    const sum = part.sum ?? header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, end]);
}

/** One record of a pax header. */
export function paxRecord(key: string, value: string): string {
  const body = ` ${key}=${value}\n`;
  const guess = Buffer.byteLength(body) + 2;
  const length = Buffer.byteLength(body) + String(guess).length;
  return `${length}${body}`;
}

function bytesOf(text: string | Uint8Array): Buffer {
  return Buffer.from(text);
}

/** Little-endian numbers, each with its width in bytes. */
function numbers(...fields: readonly (readonly [number, 2 | 4])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, width]) => {
      const field = Buffer.alloc(width);
      field.writeUIntLE(value, 0, width);
      return field;
    }),
  );
}
