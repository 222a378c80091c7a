// Text as searchable words, for languages with and without spaces between them.
import { once } from '../lib/once.ts';

/** Scripts without spaces between words: Han, kana, Thai, Lao, Khmer, Myanmar. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
const spaced = /[\p{L}\p{N}\p{M}]+/gu;
const accented = /[\u00C0-\u024F\u1E00-\u1EFF]|\p{Mn}/u;
const han = /^\p{Script=Han}+$/u;
/** Texts without any of these need none of the care for other scripts, and are cut several times faster: ASCII, dashes and quotation marks. */
const beyondPlain = /[^\s!-~\u2010-\u2027\u2030-\u205E]/u;
const plainWord = /[a-z0-9]+/g;

/** Loading its dictionaries takes longer than most texts. */
const words = once(() => new Intl.Segmenter('und', { granularity: 'word' }));

/**
 * Lower-cased words in order, Latin ones without their accents; punctuation and spaces are left out. Where words have no spaces between them, each pair of
 * neighbouring Chinese characters is a word too: two texts are not always cut at the same places.
 */
export function segment(text: string, { pairs = true }: { readonly pairs?: boolean } = {}): string[] {
  if (!beyondPlain.test(text)) return text.toLowerCase().match(plainWord) ?? [];
  const plain = foldAny(text);
  const found: string[] = [];
  const runs = [...plain.matchAll(unspaced)];
  const cuts = cutAll(runs.map(([run]) => run));
  let at = 0;
  for (const [number, { 0: run, index }] of runs.entries()) {
    addSpaced(found, plain.slice(at, index));
    addUnspaced(found, run, cuts[number] ?? [], pairs);
    at = index + run.length;
  }
  addSpaced(found, at === 0 ? plain : plain.slice(at));
  return found;
}

/** Lower case, Latin letters without their accents: as words are cut from it. */
export function fold(text: string): string {
  return beyondPlain.test(text) ? foldAny(text) : text.toLowerCase();
}

const foldAny = (text: string): string => withoutAccents(text.normalize('NFKC').toLowerCase());

function addSpaced(found: string[], text: string): void {
  const matched = text.match(spaced);
  if (matched) for (const word of matched) found.push(word);
}

/** The words of each run. To begin costs more than to cut, so all are cut at once: a line end keeps them apart. */
function cutAll(runs: readonly string[]): readonly (readonly string[])[] {
  if (runs.length === 0) return [];
  let cut: string[] = [];
  const cuts = [cut];
  for (const { segment: word, isWordLike } of words().segment(runs.join('\n'))) {
    if (word === '\n') {
      cut = [];
      cuts.push(cut);
    } else if (isWordLike !== false) cut.push(word);
  }
  return cuts;
}

function addUnspaced(found: string[], run: string, cut: readonly string[], pairs: boolean): void {
  found.push(...cut);
  if (!pairs || !/\p{Script=Han}/u.test(run)) return;
  const known = new Set(cut);
  const allHan = han.test(run);
  let before = '';
  for (const character of run) {
    const pair = before + character;
    if (before !== '' && !known.has(pair) && (allHan || han.test(pair))) found.push(pair);
    before = character;
  }
}

function withoutAccents(text: string): string {
  if (!accented.test(text)) return text;
  return text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{Mn}+/gu, '$1')
    .normalize('NFC');
}
