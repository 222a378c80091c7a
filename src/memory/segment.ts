// Text as searchable words, for languages with and without spaces between them.

/** Lower-cased words in order; punctuation and spaces are left out. */
export function segment(text: string): string[] {
  const words: string[] = [];
  for (const part of new Intl.Segmenter('und', { granularity: 'word' }).segment(text.normalize('NFKC').toLowerCase())) {
    if (part.isWordLike) words.push(part.segment);
  }
  return words;
}
