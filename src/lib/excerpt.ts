// The part of a text that shows why it was found.

/** About `length` characters around the first of the words, on one line; the beginning where none of them is there as it is written. */
export function excerpt(text: string, words: readonly string[], length: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line.length <= length) return line;
  const lower = line.toLowerCase();
  const first = words.reduce((nearest, word) => {
    const at = lower.indexOf(word);
    return at >= 0 && at < nearest ? at : nearest;
  }, line.length);
  // Lower case may have another length, so this is a place near the word.
  const start = first === line.length ? 0 : Math.max(0, Math.min(first - Math.floor(length / 4), line.length - length));
  const cut = line.slice(start, start + length).toWellFormed();
  return `${start > 0 ? '…' : ''}${cut.replace(/^\uFFFD|\uFFFD$/gu, '')}${start + length < line.length ? '…' : ''}`;
}
