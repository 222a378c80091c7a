// Where a long text is cut: at line ends where there are any, never within a character.

/** The end of a piece that begins at `from` and has at most `most` characters. */
export function pieceEnd(text: string, from: number, most: number): number {
  const end = from + most;
  if (end >= text.length) return text.length;
  const line = text.lastIndexOf('\n', end - 1) + 1;
  if (line > from + most / 2) return line;
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code < 0xdc00 ? end - 1 : end;
}

/** The text from `from` on, in pieces. */
export function slices(text: string, from: number, most: number): readonly string[] {
  const pieces: string[] = [];
  for (let at = from; at < text.length; ) {
    const end = pieceEnd(text, at, most);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
