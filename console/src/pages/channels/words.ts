// How a kind of channel, a member of its account, and what the server says of either are called in the language of the console.
import { channelTitles } from '../../text/zh/channel-titles.ts';
import { keysEn } from '../settings/keys-en.ts';
import { keysZh } from '../settings/keys-zh.ts';
import type { ChannelField } from './fields.ts';
import { choicesZh, membersZh } from './words-zh.ts';

/** How an account answers, whatever its kind: called as on the page of settings. */
export const answering: ReadonlySet<string> = new Set(['stream', 'showTools', 'mergeSeconds', 'welcome', 'denyText']);

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
  const ofAll = answering.has(name);
  const [label, hint] = (language === 'zh' ? (ofAll ? keysZh[name] : own(own(membersZh, kind) ?? {}, name)) : undefined) ?? [];
  return { label: label ?? (ofAll ? (keysEn[name] ?? name) : name), hint: hint ?? node.description ?? '' };
}

/** How the members of an account of the kind are called in what is said of it. */
export function memberNames(language: Language, kind: string): (word: string) => string {
  const members = language === 'zh' ? (own(membersZh, kind) ?? {}) : {};
  return (word) => own(members, word)?.[0] ?? word;
}

export const choiceIn = (language: Language, value: string): string => (language === 'zh' ? (own(choicesZh, value) ?? value) : value);
