// What a program prints, as text in the order it came, in bounded memory.
import { StringDecoder } from 'node:string_decoder';
import { createKeptOutput, type KeptOutput } from './kept-output.ts';

interface ByteStream {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
}

export interface CollectOptions {
  /** Bytes that are kept. */
  readonly most: number;
  /** Called with every text until `most` bytes have come. */
  readonly onText?: ((text: string) => void) | undefined;
  /** More bytes than this are a flood. */
  readonly flood: number;
  readonly onFlood: () => void;
}

/** Listens from now on. `add` puts a text of one's own in between; `finish` gives what is left of an unfinished character. */
export function collectOutput(streams: readonly (ByteStream | null)[], options: CollectOptions): Pick<KeptOutput, 'add' | 'read'> & { finish(): void } {
  const kept = createKeptOutput(options.most);
  const add = (text: string): void => {
    if (text === '') return;
    const before = kept.total();
    kept.add(text);
    if (before < options.most) options.onText?.(text);
    if (kept.total() > options.flood) options.onFlood();
  };
  const decoders = streams.map((stream) => {
    const decoder = new StringDecoder('utf8');
    stream?.on('data', (chunk) => add(decoder.write(chunk)));
    return decoder;
  });
  return {
    add,
    read: () => kept.read(),
    finish: () => {
      for (const decoder of decoders) add(decoder.end());
    },
  };
}
