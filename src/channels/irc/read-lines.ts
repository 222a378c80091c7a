// Bytes of a socket as lines; one that is too long is left out whole, so that memory stays bounded.

/** Tags of 8,191 bytes and 512 more, twice. */
const mostBytes = 17_408;

export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  let tooLong = false;
  for await (const piece of source) {
    let bytes = Buffer.concat([rest, piece]);
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
      const line = bytes.subarray(0, end).toString().replace(/\r$/u, '');
      bytes = bytes.subarray(end + 1);
      if (!tooLong && end <= mostBytes) yield line;
      tooLong = false;
    }
    tooLong ||= bytes.length > mostBytes;
    rest = tooLong ? Buffer.alloc(0) : bytes;
  }
}
