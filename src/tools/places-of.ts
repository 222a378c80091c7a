// Finds a text in a text in time that grows with the two, whatever they are.

/**
 * Where the first two occurrences begin. Overlapping ones count too: which of them is meant would be a guess. By Knuth, Morris and Pratt, since
 * `indexOf` takes minutes for a long piece that nearly occurs everywhere.
 */
export function placesOf(piece: string, text: string): readonly number[] {
  const places: number[] = [];
  if (piece.length > text.length) return places;
  /** For each length of a matched start, the longest shorter start that it ends with. */
  const shorter = new Int32Array(piece.length + 1);
  const step = (matched: number, code: number): number => {
    let length = matched;
    while (length > 0 && piece.charCodeAt(length) !== code) length = shorter[length] ?? 0;
    return piece.charCodeAt(length) === code ? length + 1 : 0;
  };
  for (let index = 1; index < piece.length; index++) shorter[index + 1] = step(shorter[index] ?? 0, piece.charCodeAt(index));
  let matched = 0;
  for (let index = 0; index < text.length && places.length < 2; index++) {
    matched = step(matched, text.charCodeAt(index));
    if (matched < piece.length) continue;
    places.push(index + 1 - piece.length);
    matched = shorter[matched] ?? 0;
  }
  return places;
}
