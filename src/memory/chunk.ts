// A Markdown file in pieces: each heading and each paragraph starts one.

export interface Chunk {
  /** 1-based, inclusive. */
  readonly lines: readonly [number, number];
  readonly text: string;
}

export function chunk(markdown: string): Chunk[] {
  const chunks: Chunk[] = [];
  let open: string[] = [];
  const lines = markdown.split('\n');
  const close = (end: number): void => {
    if (open.length > 0) chunks.push({ lines: [end - open.length + 1, end], text: open.join('\n') });
    open = [];
  };
  lines.forEach((line, index) => {
    if (line.trim() === '' || /^#{1,6} /.test(line) || open.length >= 20) close(index);
    if (line.trim() !== '') open.push(line);
  });
  close(lines.length);
  return chunks;
}
