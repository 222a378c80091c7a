// Which entries fit what was typed, best first: every word of it must be found, as it stands or letter by letter in order.

/** Without accents and case, so that "uber" finds "Über". */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Those whose text fits, best first; equals stay in their order. Nothing typed fits all. */
export function rank<T>(query: string, entries: readonly T[], textOf: (entry: T) => string): readonly T[] {
  const words = plain(query).split(/\s+/u).filter(Boolean);
  return entries
    .map((entry) => ({ entry, score: fit(words, plain(textOf(entry))) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

/** 0: one of the words is not there. */
function fit(words: readonly string[], text: string): number {
  let sum = 1;
  for (const word of words) {
    const score = fitWord(word, text);
    if (score === 0) return 0;
    sum += score;
  }
  return sum;
}

const isStart = (text: string, at: number): boolean => at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? '');

/** As it stands counts most, at the start of a word more; letters in order count by how close they lie. */
function fitWord(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at >= 0) {
    for (let start = at; start >= 0; start = text.indexOf(word, start + 1)) if (isStart(text, start)) return start === 0 ? 300 : 250;
    return 200;
  }
  let found = -1;
  let first = -1;
  for (const letter of word) {
    found = text.indexOf(letter, found + 1);
    if (found < 0) return 0;
    if (first < 0) first = found;
  }
  return (100 * word.length) / (found - first + 1);
}
