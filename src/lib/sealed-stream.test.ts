// A seal over pieces: whatever the sizes in which bytes come it opens to the same, and nothing that was cut, moved, added or changed opens.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createByteReader, regroup } from './byte-flow.ts';
import { openPieces, SealFault, sealPieces } from './sealed-stream.ts';

const key = Buffer.alloc(32, 3);
const header = Buffer.from('a header whose end is the nonce');
const size = 16;
const tag = 16;

async function* inPieces(bytes: Uint8Array, lengths: readonly number[] = []): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const length of lengths) {
    yield bytes.subarray(at, at + length);
    at += length;
  }
  yield bytes.subarray(at);
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return Buffer.concat(found);
}
const seal = (bytes: Uint8Array, lengths: readonly number[] = []): Promise<Buffer> => whole(sealPieces(inPieces(bytes, lengths), key, header, size));

/** What came out before it was refused, and whether it was. */
async function open(sealed: Uint8Array, lengths: readonly number[] = []): Promise<{ readonly out: Buffer; readonly refused: boolean }> {
  const found: Uint8Array[] = [];
  try {
    for await (const chunk of openPieces(inPieces(sealed, lengths), key, header, size)) found.push(chunk);
    return { out: Buffer.concat(found), refused: false };
  } catch (error) {
    expect(error).toBeInstanceOf(SealFault);
    return { out: Buffer.concat(found), refused: true };
  }
}

const bytes = fc.uint8Array({ maxLength: 6 * size });
const lengths = fc.array(fc.nat({ max: 2 * size }), { maxLength: 12 });

test('bytes are regrouped and read back in any sizes, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, lengths, fc.integer({ min: 1, max: 40 }), async (data, cuts, wanted) => {
      const pieces: Buffer[] = [];
      for await (const piece of regroup(inPieces(data, cuts), wanted)) pieces.push(piece);
      expect(pieces.slice(0, -1).every(({ length }) => length === wanted)).toBe(true);
      expect(Buffer.concat(pieces).equals(data)).toBe(true);
      const reader = createByteReader(inPieces(data, cuts));
      expect(Buffer.concat([await reader.take(wanted), await whole(reader.pieces(wanted)), await reader.take(1_000)]).equals(data)).toBe(true);
    }),
  );
});

test('what was sealed in any sizes opens in any sizes', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, lengths, lengths, async (data, first, second) => {
      const sealed = await seal(data, first);
      expect(sealed.length).toBe(data.length + tag * Math.max(1, Math.ceil(data.length / size)));
      expect(await open(sealed, second)).toEqual({ out: Buffer.from(data), refused: false });
    }),
  );
});

/** Of what is no longer what was sealed only whole pieces from the beginning come out, and it is refused at the end at the latest. */
async function refusedAfterBeginning(changed: Uint8Array, data: Uint8Array, same: number): Promise<void> {
  const { out, refused } = await open(changed);
  expect(refused).toBe(true);
  expect(out.length).toBeLessThanOrEqual(same);
  expect(out.equals(data.subarray(0, out.length))).toBe(true);
}

test('attack: cut at any byte it is refused', async () => {
  for (const length of [0, 1, size - 1, size, 3 * size, 3 * size + 5]) {
    const data = Buffer.from(Array.from({ length }, (_, index) => index));
    const sealed = await seal(data);
    for (let end = 0; end < sealed.length; end++) await refusedAfterBeginning(sealed.subarray(0, end), data, Math.floor(end / (size + tag)) * size);
  }
});

test('attack: a changed bit, moved, doubled, missing and added pieces are refused before anything of them is used', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 2 * size + 1, maxLength: 6 * size }), fc.nat(), fc.nat(), fc.nat({ max: 7 }), async (data, one, other, bit) => {
      const sealed = await seal(data);
      const pieces: Buffer[] = [];
      for await (const piece of regroup(inPieces(sealed), size + tag)) pieces.push(piece);
      const flipped = Buffer.from(sealed);
      const place = one % sealed.length;
      flipped[place] = (flipped[place] ?? 0) ^ (1 << bit);
      await refusedAfterBeginning(flipped, data, Math.floor(place / (size + tag)) * size);
      const from = one % pieces.length;
      const to = (from + 1 + (other % (pieces.length - 1))) % pieces.length;
      const [piece, target] = [pieces[from], pieces[to]];
      if (!piece || !target) throw new Error('There are always three.');
      const first = Math.min(from, to) * size;
      await refusedAfterBeginning(Buffer.concat(pieces.with(from, target).with(to, piece)), data, first);
      await refusedAfterBeginning(Buffer.concat(pieces.toSpliced(from, 1)), data, from * size);
      await refusedAfterBeginning(Buffer.concat(pieces.toSpliced(to, 0, piece)), data, to * size);
      await refusedAfterBeginning(Buffer.concat([sealed, piece]), data, data.length);
    }),
    { numRuns: 40 },
  );
});

test('attack: pieces of another file under the same key, or an empty one behind the last, do not pass', async () => {
  const data = Buffer.alloc(3 * size, 1);
  const sealed = await seal(data);
  const other = await whole(sealPieces(inPieces(data), key, Buffer.from('a header of another one'), size));
  await refusedAfterBeginning(Buffer.concat([sealed.subarray(0, size + tag), other.subarray(size + tag)]), data, size);
  const forged = await whole(sealPieces(inPieces(data.subarray(0, 0)), key, header, size));
  expect(await open(forged)).toEqual({ out: Buffer.alloc(0), refused: false });
  expect((await open(Buffer.concat([sealed, forged]))).refused).toBe(true);
});
