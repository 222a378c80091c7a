// Bytes as lines of text, and lines as bytes: for files that may be larger than the memory.

/** Lines without their ends. `tooLong` is thrown for a line of more than `most` bytes. What is no UTF-8 becomes U+FFFD. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, most: number, tooLong: () => Error): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) {
        yield lineOf(rest);
        rest = [];
        length = 0;
      }
      rest.push(piece);
      length += piece.length;
      if (length > most) throw tooLong();
    }
  }
  rest.push(decoder.decode());
  const last = lineOf(rest);
  if (last !== '') yield last;
}

const lineOf = (pieces: readonly string[]): string => pieces.join('').replace(/\r$/u, '');

/** Each line with its end. What the lines fail with the stream fails with; whoever cancels it ends the lines. */
export function bytesOf(lines: AsyncIterable<string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const reading = lines[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reading.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${value}\n`));
    },
    async cancel() {
      await reading.return?.();
    },
  });
}
