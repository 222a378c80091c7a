// How a kind of channel, a member of its account, and what the server says of either are called in the language of the console.
import { useSettings } from '../../settings.tsx';
import type { ChannelField } from './fields.ts';
import { inChinese } from './said.ts';
import { choicesZh, kindsZh } from './words-zh.ts';

type Kind = { readonly kind: string; readonly title: string };
type Language = 'en' | 'zh';

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);

export const titleIn = (language: Language, { kind, title }: Kind): string => (language === 'zh' ? (own(kindsZh, kind)?.title ?? title) : title);

/** Where a kind has no words here, its own. */
export function memberIn(
  language: Language,
  kind: string,
  { name, node }: Pick<ChannelField, 'name' | 'node'>,
): { readonly label: string; readonly hint: string } {
  const words = language === 'zh' ? own(own(kindsZh, kind)?.members ?? {}, name) : undefined;
  return words ? { label: words[0], hint: words[1] } : { label: name, hint: node.description ?? '' };
}

/** A sentence of the server about an account of the kind, whose members it may name; undefined where there are no words for it. */
export function saidIn(language: Language, kind: string, said: string): string | undefined {
  if (language === 'en') return said;
  const members = own(kindsZh, kind)?.members ?? {};
  return inChinese(said, (word) => own(members, word)?.[0] ?? word);
}

export function useKindWords() {
  const { language } = useSettings();
  return {
    title: (kind: Kind): string => titleIn(language, kind),
    member: (kind: string, field: ChannelField) => memberIn(language, kind, field),
    choice: (value: string): string => (language === 'zh' ? (own(choicesZh, value) ?? value) : value),
    said: (kind: string, text: string): string | undefined => saidIn(language, kind, text),
    /** Sentences one behind the other. */
    join: (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(language === 'zh' ? '' : ' '),
  };
}
