// Whether a fact says nothing exact that the person did not say: paths, ids, dates, amounts, numbers and names. No model is asked.
import { frames, months, numberWords, relativeDays, starters, units } from './grounded-words.ts';

/**
 * What the fact holds and these words do not, as it stands in the fact; undefined where all of it was said. Strict: what was said otherwise (a number
 * that was added up, a date that was worked out) counts as not said. In Chinese every word has to stand there, apart from small ones.
 */
export function unsaid(fact: string, words: string): string | undefined {
  const [left, said] = [read(fact), read(words)];
  for (const [value, text] of left.exact) if (!said.exact.has(value)) return text;
  return nameUnsaid(left.rest, said.words) ?? hanUnsaid(left.rest, said);
}

interface Reading {
  /** Numbers, dates, amounts and the like: what is meant, and how it is written. */
  readonly exact: ReadonlyMap<string, string>;
  /** The text without paths, ids and dates. */
  readonly rest: string;
  /** Lower case, spaces alike. */
  readonly plain: string;
  /** Its words alone, a space around each. */
  readonly words: string;
}

const digit = String.raw`\d+(?:[.,:]\d+)*`;
const numeral = '[零〇一二两三四五六七八九十百千万亿]+';
const onlyNumeral = new RegExp(`^${numeral}$`, 'u');
const english = `\\b(?:${[...numberWords.keys()].join('|')})s?\\b`;
const month = `(${months.join('|')})[a-z]*\\.?`;
const unit = [...units.keys()]
  .filter((word) => !/[$€£¥]/u.test(word))
  .toSorted((a, b) => b.length - a.length)
  .join('|');
const space = String.raw`\s"'“”‘’()<>，。；：！？、\p{Script=Han}`;

/** With a slash, a backslash, an @ or an underscore; a name of a file; letters and digits together. */
const path = new RegExp(
  `[^${space}]*(?:[/\\\\@_]|[^${space}.]\\.(?=[a-z]{1,5}(?![\\p{L}])))[^${space}]*|#\\d+|(?=[\\w-]*\\d)(?=[\\w-]*[a-z])\\w[\\w-]*`,
  'giu',
);
const date = new RegExp(
  `\\b(\\d{4})-(\\d{2})-(\\d{2})\\b|\\b${month} (\\d{1,2})(?:st|nd|rd|th)?\\b|\\b(\\d{1,2})(?:st|nd|rd|th)? (?:of )?${month}(?![a-z])|(\\d{1,2}|${numeral})月(?:(\\d{1,2}|${numeral})[日号])?`,
  'giu',
);
const weekday = /(?:周|星期|礼拜)([一二三四五六日天])/gu;
const amount = new RegExp(`([$€£¥])\\s?(${digit})|(${digit}|${numeral}|${english})[\\s-]?(${unit})(?![a-z])`, 'giu');
const numbers = new RegExp(`${digit}|${numeral}|${english}`, 'giu');

const trailing = /(?<=[\p{L}\p{N}])[.,:;!?]+$/u;

function read(text: string): Reading {
  const exact = new Map<string, string>();
  const whole = text.normalize('NFKC');
  const take = (from: string, pattern: RegExp, meaning: (groups: readonly string[]) => string | undefined): string =>
    from.replace(pattern, (...match) => {
      const groups = match
        .slice(
          0,
          match.findIndex((one) => typeof one === 'number'),
        )
        .map((one) => one ?? '');
      const value = meaning(groups);
      if (value !== undefined) exact.set(value, (groups[0] ?? '').replace(trailing, ''));
      return value === undefined ? (groups[0] ?? '') : ' ';
    });
  let rest = take(whole, path, ([found = '']) =>
    /^\d+(?:st|nd|rd|th|[a-z]{1,2})$/iu.test(found) ? undefined : `path ${found.toLowerCase().replace(trailing, '')}`,
  );
  rest = take(rest, date, ([, year, isoMonth = '', isoDay, enMonth, enDay, dayEn, monthEn, zhMonth = '', zhDay]) => {
    const named = enMonth || monthEn;
    if (year) exact.set(`number ${year}`, year);
    const day = isoDay || enDay || dayEn || zhDay || '';
    return `date ${named ? months.indexOf(named.toLowerCase().slice(0, 3)) + 1 : meant(isoMonth || zhMonth)}-${day && meant(day)}`;
  });
  rest = take(rest, weekday, ([, day]) => `weekday ${day === '天' ? '日' : day}`);
  take(rest, amount, ([, symbol, after, before, word]) => `amount ${meant(after || before || '')} ${units.get((symbol || word || '').toLowerCase())}`);
  // Alone it is an article.
  take(rest, numbers, ([found = '']) => (found === '一' ? undefined : `number ${meant(found)}`));
  take(rest, relativeDays, ([found = '']) => `day ${found.toLowerCase()}`);
  const plain = whole.toLowerCase().replace(/\s+/gu, ' ');
  return { exact, rest, plain, words: wordsOf(`${plain} ${rest}`) };
}

/** A letter or digit of a script that has spaces between its words. */
const letter = String.raw`[\p{L}\p{N}]--[\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}]`;
const words = new RegExp(`[${letter}]+`, 'gv');
const wordsOf = (text: string): string =>
  ` ${(
    text
      .toLowerCase()
      .replace(/['’]s\b/gu, '')
      .match(words) ?? []
  ).join(' ')} `;

/** A number as it is meant: "1,500" and "1500", "三十" and "30", "two" and "2" are the same. */
function meant(text: string): string {
  const word = text.toLowerCase();
  const named = numberWords.get(word) ?? numberWords.get(word.replace(/s$/u, ''));
  if (named !== undefined) return String(named);
  if (onlyNumeral.test(text)) return String(ofNumeral(text));
  const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u.test(text) ? text.replaceAll(',', '') : text;
  return /^\d+(?:\.\d+)?$/u.test(plain) ? plain.replace(/^0+(?=\d)/u, '') : plain;
}

const digitsOf = '零一二三四五六七八九';
const powers: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000, 万: 10_000, 亿: 100_000_000 };

function ofNumeral(text: string): number {
  const plain = text.replaceAll('〇', '零').replaceAll('两', '二');
  if (!/[十百千万亿]/u.test(plain)) return Number([...plain].map((one) => digitsOf.indexOf(one)).join(''));
  let [total, section, last] = [0, 0, 0];
  for (const one of plain) {
    const power = powers[one];
    if (power === undefined) last = digitsOf.indexOf(one);
    else if (power < 10_000) {
      section += (last || 1) * power;
      last = 0;
    } else {
      total = (total + section + last || 1) * power;
      [section, last] = [0, 0];
    }
  }
  return total + section + last;
}

/** Words with a capital letter, as many as stand together; the first one of a sentence may be a small word. */
function nameUnsaid(text: string, said: string): string | undefined {
  for (const sentence of text.split(/(?<=[.!?:;])\s+|\n/u)) {
    const first = /^[^\p{L}\p{N}]*/u.exec(sentence)?.[0].length ?? 0;
    for (const { 0: found, index } of sentence.matchAll(names)) {
      const [head = '', ...others] = found.split(' ');
      const small = index === first && isSmall(head, said);
      const name = small ? others.join(' ') : found;
      if (name !== '' && !said.includes(wordsOf(name))) return name;
    }
  }
  return undefined;
}

const within = `[[${letter}]'’\\-]*`;
const names = new RegExp(`(?<![${letter}])${within}\\p{Lu}${within}(?: ${within}\\p{Lu}${within})*`, 'gv');

/** No name: a word that begins sentences, or one of theirs with another ending. */
function isSmall(head: string, said: string): boolean {
  const lower = head.toLowerCase().replace(/['’].*$/u, '');
  const stem = lower.replace(/(?:s|ed|ing)$/u, '');
  return starters.has(lower) || (stem !== lower && said.includes(` ${stem} `));
}

const unspaced = /[\p{Script=Han}\p{Script=Katakana}ー]+/gu;
/** Longest piece that is looked for at once. */
const longest = 12;

/** Each run of characters has to be made of small words and of pieces that stand in what was said; one character alone only between small words. */
function hanUnsaid(text: string, { plain, exact }: Reading): string | undefined {
  for (const [run] of text.matchAll(unspaced)) if (!isMadeOf(run, plain, exact)) return run;
  return undefined;
}

function isMadeOf(run: string, said: string, exact: ReadonlyMap<string, string>): boolean {
  const ends: Record<'small' | 'piece' | 'single', boolean>[] = Array.from({ length: run.length + 1 }, () => ({ small: false, piece: false, single: false }));
  const mark = (at: number, how: 'small' | 'piece' | 'single'): void => {
    const end = ends[at];
    if (end) end[how] = true;
  };
  mark(0, 'small');
  for (const [at, { small, piece, single }] of ends.entries()) {
    if (!small && !piece && !single) continue;
    for (let length = 1; length <= Math.min(longest, run.length - at); length++) {
      const part = run.slice(at, at + length);
      if (frames.has(part) || (onlyNumeral.test(part) && (part === '一' || exact.has(`number ${ofNumeral(part)}`)))) mark(at + length, 'small');
      if (!said.includes(part)) continue;
      if (length > 1 && !single) mark(at + length, 'piece');
      if (length === 1 && small) mark(at + length, 'single');
    }
  }
  const end = ends.at(-1);
  return end !== undefined && (end.small || end.piece || end.single);
}
