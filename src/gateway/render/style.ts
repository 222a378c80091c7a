// What a dialect has to say: how each frame opens and closes, how text is made harmless, and what the platform counts.
import type { Frame, Gap } from './pieces.ts';

export interface TextPlace {
  /** Inside a code span or block. */
  readonly code: boolean;
  /** The words of a link that are its address. */
  readonly bareLink: boolean;
  /** First in its line, markers aside. */
  readonly lineStart: boolean;
  /** The character before it, markup included; '' at the start. */
  readonly before: string;
  /** A mark closed just before. */
  readonly afterMark: boolean;
}

export interface Style {
  /** `again` where a part goes on inside the frame. `before` as in TextPlace. */
  open(frame: Frame, again: boolean, before: string): string;
  /** `cut` where it goes on in the next part. */
  close(frame: Frame, cut?: boolean): string;
  /** Put before each further line inside the frame. */
  prefix(frame: Frame): string;
  text(text: string, place: TextPlace): string;
  /** Between two things; `code` inside a code block. Line prefixes are added behind each "\n". */
  gap(gap: Gap, code: boolean): string;
  readonly rule: string;
  /** Spaces between words; as they are where this is absent. */
  space?(text: string, place: TextPlace): string;
  /** Tables are frames of rows and cells; elsewhere each row is one line in fixed width. */
  readonly cells: boolean;
  /** Most tables of one answer that are frames; further ones are code in fixed width. */
  readonly mostTables?: number;
  /** Blocks are told apart as CommonMark does: what would flow on in the one before it stands behind an empty line, and cells hold no "|" in code. */
  readonly commonMark?: boolean;
  /** Prefixes that lines of code and tables carry too. */
  readonly prefixInCode: 'quote' | 'none' | 'all';
  /** Whether a heading of this depth is only strong text. */
  boldHeading(depth: number): boolean;
  /** Whether this can be written as a code span; it is text where not. */
  spans(text: string): boolean;
  /** Links that the platform follows; others show their target. */
  readonly links: RegExp;
  /** The same text for readers without markup; counted too. */
  readonly plain?: Style;
  /** How much of the limit a written text and its plain text use. Adds up over pieces. */
  size(written: string, plain: string): number;
  /** Most frames that look (bold, links, code …) per part; the platform drops more. */
  readonly mostMarks?: number;
  /** Most bytes of markup and text per unit of the limit, where `size` does not count markup. */
  readonly bytesPerUnit?: number;
}

/** Text that is lines: gaps are line ends. */
export const lineGap = (gap: Gap): string => (gap === 'block' ? '\n\n' : '\n');

/** Marks of Markdown by the frame they are of. */
export const markdownMarks: Readonly<Partial<Record<string, string>>> = { strong: '**', emphasis: '*', strike: '~~' };

export const marker = (number: number | undefined, bullet: string): string => (number === undefined ? bullet : `${number}.`);
export const indent = (number: number | undefined, bullet: string): string => ' '.repeat(marker(number, bullet).length + 1);

/** Invisible, and takes a character out of the syntax it would be. */
export const joiner = '\u2060';
/** Invisible, and ends a word. */
export const breaker = '\u200b';
/** The fence cannot end early: no three backticks stay together. */
export const withoutFences = (text: string): string => text.replace(/``(?=`)/gu, `\`\`${breaker}`);

/** A code span in backticks that the text cannot close. */
export function backticks(text: string): { readonly open: string; readonly close: string } {
  const longest = (text.match(/`+/gu) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .* $/u.test(text) ? ' ' : '';
  return { open: fence + pad, close: pad + fence };
}
