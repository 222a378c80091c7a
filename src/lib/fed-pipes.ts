// Texts that a child process reads, each to its end from a descriptor of its own.
import type { Readable, Writable } from 'node:stream';

/** For `spawn`: no input, both outputs, and one descriptor from 3 on per text. */
export function fedPipes(texts: readonly string[]): ('ignore' | 'pipe')[] {
  return ['ignore', 'pipe', 'pipe', ...texts.map(() => 'pipe' as const)];
}

/** Writes the texts. A child that ends without reading them is no failure. */
export function feedPipes(stdio: readonly (Readable | Writable | null | undefined)[], texts: readonly string[]): void {
  texts.forEach((text, index) => {
    const pipe = stdio[3 + index];
    pipe?.on('error', () => undefined);
    if (pipe && 'end' in pipe) pipe.end(text);
  });
}
