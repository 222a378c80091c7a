// The files a new agent's workspace starts with.
import { persona as english } from './en.ts';
import { persona as chinese } from './zh.ts';

/** File name -> content, in the operator's language. */
export function personaFor(language: 'en' | 'zh'): Readonly<Record<string, string>> {
  return language === 'zh' ? chinese : english;
}
