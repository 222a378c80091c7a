// Bytes that come in pieces of whatever size somebody else chose, taken in the sizes that a format wants. Never more than one piece is held.

/** The same bytes in pieces of `size`; only the last one may be shorter. Nothing for nothing. */
export async function* regroup(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - filled);
      piece.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield piece;
      piece = Buffer.allocUnsafe(size);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

export interface ByteReader {
  /** `length` bytes, or as many as there are. */
  take(length: number): Promise<Buffer>;
  /** The same as they come, without holding them. */
  pieces(length: number): AsyncGenerator<Buffer>;
}

/** `chunks` are read once, from one place to the next. */
export function createByteReader(chunks: AsyncIterable<Uint8Array>): ByteReader {
  const source = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function* pieces(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      while (rest.length === 0) {
        const next = await source.next();
        if (next.done === true) return;
        rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    pieces,
    async take(length) {
      const found: Buffer[] = [];
      for await (const piece of pieces(length)) found.push(piece);
      const [only] = found;
      return found.length === 1 && only ? only : Buffer.concat(found);
    },
  };
}
