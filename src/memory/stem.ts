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

export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/u.test(word) || word.endsWith('ss')) return word;
  const found = endings.find(([ending, instead]) => word.endsWith(ending) && word.length - ending.length + instead.length >= 3);
  let base = found === undefined ? word : `${word.slice(0, -found[0].length)}${found[1]}`;
  if (found !== undefined && /([bdfgmnprt])\1$/u.test(base)) base = base.slice(0, -1);
  if (base.length > 3 && base.endsWith('e')) base = base.slice(0, -1);
  return base.endsWith('y') ? `${base.slice(0, -1)}i` : base;
}
