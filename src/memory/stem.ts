// English words without their endings, roughly: what has the same stem is taken for a form of the same word.

/** Longest first; what is left must have three letters or more. */
const endings: readonly (readonly [ending: string, instead: string])[] = [
  ['ingly', ''],
  ['edly', ''],
  ['ments', ''],
  ['ment', ''],
  ['nesses', ''],
  ['ness', ''],
  ['ations', ''],
  ['ation', ''],
  ['ings', ''],
  ['ing', ''],
  ['iest', 'y'],
  ['ies', 'y'],
  ['ied', 'y'],
  ['ily', 'y'],
  ['ers', ''],
  ['est', ''],
  ['ed', ''],
  ['er', ''],
  ['es', ''],
  ['ly', ''],
  ['s', ''],
];

const added = ['', 'e', 's', 'es', 'ed', 'd', 'ing', 'er', 'r', 'ers', 'ly', 'ment', 'ness', 'ation'];
const addedToY = ['y', 'ies', 'ied', 'ier', 'iest', 'ily', 'ying'];

/** Words that would have the same stem, English or not: which of them exist the index knows. */
export function inflections(word: string): string[] {
  if (word.length < 4 || !/^[a-z]+$/u.test(word)) return [];
  const base = stem(word);
  const bare = base.endsWith('i') ? base.slice(0, -1) : base;
  const last = bare.slice(-1);
  const doubled = /[bdfgmnprt]/u.test(last) ? ['ed', 'ing', 'er'].map((ending) => bare + last + ending) : [];
  const made = [...(bare === base ? added : addedToY).map((ending) => bare + ending), ...doubled];
  return made.filter((other) => other !== word && other.length > 2 && stem(other) === base);
}

export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/u.test(word) || word.endsWith('ss')) return word;
  const found = endings.find(([ending, instead]) => word.endsWith(ending) && word.length - ending.length + instead.length >= 3);
  let base = found === undefined ? word : `${word.slice(0, -found[0].length)}${found[1]}`;
  if (found !== undefined && /([bdfgmnprt])\1$/u.test(base)) base = base.slice(0, -1);
  if (base.length > 3 && base.endsWith('e')) base = base.slice(0, -1);
  return base.endsWith('y') ? `${base.slice(0, -1)}i` : base;
}
