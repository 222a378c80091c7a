// Finds the Chinese words for a sentence that the server says of channels in English.
import { saidZh } from './said-zh.ts';

interface Template {
  readonly english: RegExp;
  readonly chinese: string;
}

const hole = '{}';
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
const templates: readonly Template[] = Object.entries(saidZh)
  .filter(([english]) => english.includes(hole))
  .map(([english, chinese]) => ({ english: new RegExp(`^${english.split(hole).map(literally).join('(.+?)')}$`, 'su'), chinese }));

/** `named`: what a word of the server is called here. Undefined where there are no words for the sentence. */
export function inChinese(said: string, named: (word: string) => string): string | undefined {
  if (Object.hasOwn(saidZh, said)) return saidZh[said];
  // Several things of one sort, as one sentence.
  const several = said.split('; ');
  const here = several.length > 1 ? several.map((one) => inChinese(one.replace(/\.?$/u, '.'), named)) : [undefined];
  if (!here.includes(undefined)) return here.join('');
  for (const { english, chinese } of templates) {
    const found = english.exec(said)?.slice(1);
    if (found)
      return filled(
        chinese,
        found.map((one) => listed(one, named)),
      );
  }
  return undefined;
}

function filled(chinese: string, found: readonly string[]): string {
  let next = 0;
  return chinese.replace(/\{(\d?)\}/gu, (_, digit: string) => found[digit === '' ? next++ : Number(digit)] ?? '');
}

function listed(found: string, named: (word: string) => string): string {
  const words = found.split(', ');
  const here = words.map(named);
  return here.every((one, index) => one !== words[index]) ? here.join('、') : found;
}
