// The beginning and the end of a text of any length, in bounded memory.
import { StringDecoder } from 'node:string_decoder';

export interface KeptOutput {
  /** Bytes added so far, kept or not. */
  total(): number;
  add(text: string): void;
  /** Everything, or the beginning, a line that counts what is missing, and the end. */
  read(): { readonly output: string; readonly truncated: boolean };
}

/** Keeps the first and the last half of `most` bytes (UTF-8). */
export function createKeptOutput(most: number): KeptOutput {
  const half = Math.floor(most / 2);
  let [head, tail, total] = ['', '', 0];
  return {
    total: () => total,
    add(text) {
      const room = Math.max(0, half - head.length);
      total += Buffer.byteLength(text);
      head += text.slice(0, room);
      tail += text.slice(room);
      if (tail.length > 4 * half) tail = tail.slice(-half);
    },
    read() {
      if (total <= 2 * half) return { output: head + tail, truncated: false };
      const first = Buffer.from(head).subarray(0, half);
      const last = Buffer.from(tail).subarray(-half);
      // Whole characters only: an unfinished one is dropped before the cut, its rest skipped after it.
      const start = last.findIndex((byte) => (byte & 0xc0) !== 0x80);
      const cut = `\n… ${total - first.length - last.length} bytes left out …\n`;
      return { output: `${new StringDecoder('utf8').write(first)}${cut}${last.subarray(Math.max(0, start))}`, truncated: true };
    },
  };
}
