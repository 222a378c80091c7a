// The tree laid out in a line, so that it can be cut anywhere: frames that open and close, words, the spaces and gaps between them.
import type { Align, Mark } from './tree.ts';

export type Frame =
  | { readonly kind: 'paragraph' | Mark }
  | { readonly kind: 'heading'; readonly depth: number }
  /** `depth` counts the quotes around it, itself included. */
  | { readonly kind: 'quote'; readonly depth: number }
  /** `start`: number of the next item; absent for bullets. */
  | { readonly kind: 'list'; readonly start?: number }
  | { readonly kind: 'item'; readonly number?: number }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'pre'; readonly language: string; readonly fence: number }
  | { readonly kind: 'link'; readonly href: string; readonly words: string }
  /** `grid`: the header's lines in fixed width. `head`: its row as markup; both are repeated where the table goes on. */
  | { readonly kind: 'table'; readonly grid: string; readonly head: string; readonly columns: number; readonly fence: number }
  | { readonly kind: 'row'; readonly line: string }
  | { readonly kind: 'cell'; readonly align: Align; readonly header: boolean };

/** What stands between: blocks; items and rows; lines of one paragraph or code block. */
export type Gap = 'block' | 'item' | 'line';

export type Piece =
  /** A `whole` frame is not cut inside unless it fits nowhere. */
  | { readonly type: 'open'; readonly frame: Frame; readonly whole?: boolean }
  | { readonly type: 'close' }
  /** One word, or one line of code. */
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'space'; readonly text: string }
  /** `stays`: what follows belongs to what was before. */
  | { readonly type: 'gap'; readonly gap: Gap; readonly stays?: boolean }
  | { readonly type: 'rule' };

/** Frames that only look: many may be open at once, and they fit in a line. */
export const isInline = ({ kind }: Frame): boolean => ['strong', 'emphasis', 'strike', 'code', 'link'].includes(kind);

/** What attaches to the character before it; a text that begins with it is not parted from that. */
const attaches = String.raw`\p{M}\p{Grapheme_Extend}\u200d\p{Emoji_Modifier}`;
const word = new RegExp(String.raw`\s+(?![${attaches}])|(?:(?!\s+(?![${attaches}]))[^。！？，、；：])+[。！？，、；：]*|[。！？，、；：]+`, 'gu');
const attached = new RegExp(`^[${attaches}]`, 'u');
export const isAttached = (text: string): boolean => attached.test(text);

/** Words and the spaces between them. A word ends after punctuation of scripts that write no spaces. */
export function words(text: string): Piece[] {
  return (text.match(word) ?? []).map((found): Piece => ({ type: /^\s/u.test(found) && found.trim() === '' ? 'space' : 'text', text: found }));
}
