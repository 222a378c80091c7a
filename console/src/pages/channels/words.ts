// How a kind of channel, a member of its account, and what the server says of either are called in the language of the console.
import { channelTitles } from '../../text/zh/channel-titles.ts';
import type { ChannelField } from './fields.ts';
import { inChinese } from './said.ts';
import { choicesZh, membersZh } from './words-zh.ts';

export type Kind = { readonly kind: string; readonly title: string };
type Language = 'en' | 'zh';

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);

export const titleIn = (language: Language, { kind, title }: Kind): string => (language === 'zh' ? (own(channelTitles, kind) ?? title) : title);

/** Where a kind has no words here, its own. */
export function memberIn(
  language: Language,
  kind: string,
  { name, node }: Pick<ChannelField, 'name' | 'node'>,
): { readonly label: string; readonly hint: string } {
  const words = language === 'zh' ? own(own(membersZh, kind) ?? {}, name) : undefined;
  return words ? { label: words[0], hint: words[1] } : { label: name, hint: node.description ?? '' };
}

/** A sentence of the server about an account of the kind, whose members it may name; undefined where there are no words for it. */
export function saidIn(language: Language, kind: string, said: string): string | undefined {
  if (language === 'en') return said;
  const members = own(membersZh, kind) ?? {};
  return inChinese(said, (word) => own(members, word)?.[0] ?? word);
}

export const choiceIn = (language: Language, value: string): string => (language === 'zh' ? (own(choicesZh, value) ?? value) : value);
