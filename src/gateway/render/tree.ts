// What an answer is before it is written for a platform: a small tree of blocks and inlines. All text is literal; markup exists only as nodes.

export type Mark = 'strong' | 'emphasis' | 'strike';
export type Align = 'left' | 'right' | 'center';

export type Inline =
  /** No line ends. */
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'break' }
  | { readonly type: 'mark'; readonly mark: Mark; readonly children: readonly Inline[] }
  /** `href` is absolute, http, https, mailto or tg. No breaks and no links inside. */
  | { readonly type: 'link'; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly type: 'heading'; readonly depth: number; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly language: string; readonly text: string }
  | { readonly type: 'quote'; readonly children: readonly Block[] }
  /** `start` is the number of the first item; a list without it has bullets. */
  | { readonly type: 'list'; readonly start?: number; readonly loose: boolean; readonly items: readonly (readonly Block[])[] }
  | Table
  | { readonly type: 'rule' };

/** A row has as many cells as the header. */
export interface Table {
  readonly type: 'table';
  readonly align: readonly Align[];
  readonly header: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  /** As it was written, in Markdown. */
  readonly source: string;
}

export type Cell = readonly Inline[];

/** The text a reader of plain text needs: link targets in brackets behind their words. */
export function plainText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (inline.type === 'break') return ' ';
      if (inline.type === 'text' || inline.type === 'code') return inline.text;
      const words = plainText(inline.children);
      return inline.type === 'link' ? withTarget(words, inline.href) : words;
    })
    .join('');
}

/** "words (target)", or the words alone where they already say it. */
export function withTarget(words: string, href: string): string {
  const target = targetOf(href);
  return saysTarget(words, href) ? words : `${words} (${target})`;
}

/** A link as a person writes it. */
export const targetOf = (href: string): string => href.replace(/^mailto:/u, '');
export const saysTarget = (words: string, href: string): boolean => {
  const bare = (address: string): string =>
    targetOf(address)
      .replace(/^https?:\/\//u, '')
      .replace(/\/$/u, '');
  return bare(words) === bare(href);
};
/** The words are the whole address, scheme and all. */
export const isBareLink = (words: string, href: string): boolean => /^https?:\/\//u.test(words) && saysTarget(words, href);
