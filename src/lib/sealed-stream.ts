// Bytes under a passphrase, of any length: scrypt, then AES-256-GCM in pieces that are numbered and of which one says that it is the last.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { createByteReader, regroup } from './byte-flow.ts';

/** First line of such a file; the costs of its key are part of the format: no file may ask for more memory. */
const magic = Buffer.from('CoPaw sealed backup 2\n');
/** Of files that were sealed as a whole: a salt, a nonce, the bytes, one tag. They are read and no longer made. */
const wholeMagic = Buffer.from('CoPaw sealed backup 1\n');
const cost = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const saltBytes = 16;
/** Of the nonce of each piece; after them its number (4 bytes) and whether it is the last (1 byte). */
const prefixBytes = 7;
const tagBytes = 16;
const nonceBytes = 12;
const pieceBytes = 1024 * 1024;
const toTheEnd = Number.MAX_SAFE_INTEGER;

/** The passphrase is another one, or something was changed, cut off, added or moved. */
export class SealFault extends Error {}

/** `beginning`: the first bytes of a file, 64 are enough. */
export function isSealed(beginning: Uint8Array): boolean {
  return [magic, wholeMagic].some((one) => one.equals(beginning.subarray(0, one.length)));
}

/** A line that names the format, salt, nonce prefix, then pieces of 1 MiB with 16 bytes of tag each; the last one may be shorter. */
export async function* sealStream(chunks: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Uint8Array> {
  const header = Buffer.concat([magic, randomBytes(saltBytes + prefixBytes)]);
  yield header;
  yield* sealPieces(chunks, await keyOf(passphrase, header.subarray(magic.length, -prefixBytes)), header);
}

/**
 * What was sealed, piece by piece, each only once it was checked. A file of the first format is read twice, for it can be checked only as a whole:
 * each call of `source` begins anew. Throws `SealFault`.
 */
export async function* openStream(source: () => AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Uint8Array> {
  const first = createByteReader(source());
  const begin = await first.take(magic.length);
  if (wholeMagic.equals(begin)) {
    yield* openWhole(source, await keyOf(passphrase, await first.take(saltBytes)));
    return;
  }
  const header = Buffer.concat([begin, await first.take(saltBytes + prefixBytes)]);
  if (!magic.equals(begin) || header.length < magic.length + saltBytes + prefixBytes) throw new SealFault('It is not sealed.');
  const key = await keyOf(passphrase, header.subarray(magic.length, -prefixBytes));
  yield* openPieces(first.pieces(toTheEnd), key, header);
}

/** `header` ends in the nonce prefix and is part of what each piece is checked with. */
export async function* sealPieces(chunks: AsyncIterable<Uint8Array>, key: Uint8Array, header: Buffer, size = pieceBytes): AsyncGenerator<Uint8Array> {
  for await (const { piece, number, last } of numbered(regroup(chunks, size))) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(header, number, last));
    cipher.setAAD(header);
    yield cipher.update(piece);
    cipher.final(); // says nothing in this mode, and ends the tag
    yield cipher.getAuthTag();
  }
}

export async function* openPieces(chunks: AsyncIterable<Uint8Array>, key: Uint8Array, header: Buffer, size = pieceBytes): AsyncGenerator<Uint8Array> {
  for await (const { piece, number, last } of numbered(regroup(chunks, size + tagBytes))) {
    const bare = piece.length - tagBytes;
    if (bare < 0) throw new SealFault('It is cut short.');
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(header, number, last), { authTagLength: tagBytes });
    decipher.setAAD(header);
    decipher.setAuthTag(piece.subarray(bare));
    const open = decipher.update(piece.subarray(0, bare));
    checked(() => decipher.final());
    yield open;
  }
}

/** Told apart from other failures: what `decipher` says when a tag is not the one of its bytes. */
function checked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new SealFault('It is not what was sealed.', { cause: error });
  }
}

async function* openWhole(source: () => AsyncIterable<Uint8Array>, key: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const use of [false, true]) {
    const reader = createByteReader(source());
    const header = await reader.take(wholeMagic.length + saltBytes + nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', key, header.subarray(-nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(header);
    let tag: Buffer = Buffer.alloc(0);
    for await (const piece of reader.pieces(toTheEnd)) {
      const both = Buffer.concat([tag, piece]);
      tag = both.subarray(-tagBytes);
      const bare = decipher.update(both.subarray(0, -tagBytes));
      if (use) yield bare;
    }
    checked(() => decipher.setAuthTag(tag).final());
  }
}

/** Each piece with its number from 0; one empty piece for nothing. */
async function* numbered(pieces: AsyncIterable<Buffer>): AsyncGenerator<{ readonly piece: Buffer; readonly number: number; readonly last: boolean }> {
  let held: Buffer | undefined;
  let number = 0;
  for await (const piece of pieces) {
    if (held) yield { piece: held, number: number++, last: false };
    held = piece;
  }
  yield { piece: held ?? Buffer.alloc(0), number, last: true };
}

/** Two pieces of one key never have the same, and no piece passes for another one, or for the last. */
function nonceOf(header: Buffer, number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(nonceBytes);
  header.copy(nonce, 0, header.length - prefixBytes);
  nonce.writeUInt32BE(number, prefixBytes); // throws beyond 4 PiB
  nonce.writeUInt8(last ? 1 : 0, prefixBytes + 4);
  return nonce;
}

function keyOf(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
