// Questions about texts of the corpus: their own words, another translation of the same sentence, misspelled words, Chinese, and texts that were left out.
import type { Random } from './random.ts';
import type { Placed, Question } from './world.ts';

export interface Place {
  readonly path: string;
  /** 1-based; absent: anywhere in the file. */
  readonly line?: number;
}

interface Texts {
  readonly placed: readonly Placed[];
  readonly inChinese: readonly Placed[];
  /** In no note. */
  readonly absent: readonly { readonly text: string }[];
  readonly absentChinese: readonly string[];
  readonly random: Random;
  readonly each: number;
}

export function askTexts({ placed, inChinese, absent, absentChinese, random, each }: Texts): Question[] {
  const english = random.shuffle(placed);
  // Some texts are there twice, and some words stand in several: each place that has them answers.
  const all = [...placed, ...inChinese].map(({ text, place }) => ({ text, plain: plain(text), place }));
  const thatSay = (question: string): Place[] => {
    const parts = /\p{Script=Han}/u.test(question) ? question.split(' ') : [plain(question)];
    return all.filter((one) => parts.every((part) => one.plain.includes(part))).map(({ place }) => place);
  };
  const asks = (kind: Question['kind'], from: readonly Placed[], ask: (text: Placed) => string | undefined): Question[] => {
    const made: Question[] = [];
    for (const { text, ...rest } of from) {
      if (made.length === each) break;
      const question = ask({ text, ...rest });
      const same = all.filter((one) => one.text === text).map(({ place }) => place);
      if (question !== undefined) made.push({ kind, text: question, gold: [...same, ...thatSay(question)] });
    }
    return made;
  };
  const none = (text: string | undefined): Question[] => (text === undefined || thatSay(text).length > 0 ? [] : [{ kind: 'no-answer', text, gold: [] }]);
  const half = Math.floor(each / 4);
  return [
    ...asks('exact', english, ({ text }) => run(text, random)),
    ...asks('paraphrase', english.toReversed(), ({ text, other }) => (other === undefined ? undefined : paraphrase(text, other))),
    ...asks('typo', random.shuffle(placed), ({ text }) => misspelled(text, random)),
    ...asks('chinese', random.shuffle(inChinese), ({ text }) => chineseRun(text, random)),
    ...absent.slice(0, half).flatMap(({ text }) => none(run(text, random))),
    ...absentChinese.slice(0, half).flatMap((text) => none(chineseRun(text, random))),
  ];
}

/** Words between single spaces, so that a run of them can be looked for. */
const plain = (text: string): string => ` ${wordsOf(text.toLowerCase()).join(' ')} `;
const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}'’]+/gu) ?? [];

/** Six to nine neighbouring words. */
function run(text: string, random: Random): string | undefined {
  const words = wordsOf(text);
  const length = 6 + random.below(4);
  if (words.length < length + 2) return undefined;
  const start = random.below(words.length - length);
  return words.slice(start, start + length).join(' ');
}

/** The beginning of the other translation, where at most half of its longer words are the same. */
function paraphrase(text: string, other: string): string | undefined {
  const asked = wordsOf(other).slice(0, 18);
  const own = new Set(wordsOf(text.toLowerCase()));
  const long = [...new Set(asked.map((word) => word.toLowerCase()).filter((word) => word.length > 3))];
  const same = long.filter((word) => own.has(word)).length;
  return long.length >= 5 && same >= 1 && same <= long.length / 2 ? asked.join(' ') : undefined;
}

/** Five longer words of the text in their order; two of them misspelled. */
function misspelled(text: string, random: Random): string | undefined {
  const long = [...new Set(wordsOf(text.toLowerCase()).filter((word) => /^[a-z]{5,}$/u.test(word)))].slice(0, 12);
  if (long.length < 5) return undefined;
  const chosen = random.shuffle(long.map((word, at) => ({ word, at }))).slice(0, 3);
  const wrong = new Set(chosen.slice(0, 2).map(({ at }) => at));
  return chosen
    .sort((a, b) => a.at - b.at)
    .map(({ word, at }) => (wrong.has(at) ? slip(word, random) : word))
    .join(' ');
}

/** A letter dropped, doubled, swapped with the next, or another in its place; never the first one. */
function slip(word: string, random: Random): string {
  const at = 1 + random.below(word.length - 2);
  const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
  const kind = random.below(4);
  if (kind === 0) return before + after;
  if (kind === 1) return before + letter + letter + after;
  if (kind === 2 && after.charAt(0) !== letter) return before + after.charAt(0) + letter + after.slice(1);
  const other = String.fromCharCode(97 + random.below(26));
  return before + (other === letter ? 'q' : other) + after;
}

/** Four to seven neighbouring characters of a clause, or pairs out of two clauses. */
function chineseRun(text: string, random: Random): string | undefined {
  const clauses = text.match(/\p{Script=Han}{4,}/gu) ?? [];
  if (clauses.length < 3) return undefined;
  if (random.next() < 0.5) {
    const clause = random.pick(clauses);
    const length = Math.min(clause.length, 4 + random.below(4));
    const start = random.below(clause.length - length + 1);
    return clause.slice(start, start + length);
  }
  const [a = '', b = ''] = random.shuffle(clauses);
  return `${a.slice(0, 3)} ${b.slice(0, 3)}`;
}
