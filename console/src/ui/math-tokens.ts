// Where formulas are in Markdown: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, and not where a dollar is money or a name of a shell.
import { getDefaults, type MarkedOptions, type TokenizerThis, type Tokens } from 'marked';

export interface MathToken extends Tokens.Generic {
  readonly type: 'math';
  /** TeX without its delimiters. */
  readonly text: string;
  /** It stands by itself, large. */
  readonly display: boolean;
}

/** Characters of one formula. A formula has no empty line. */
const most = 2_000;
/** Nothing but the formula touches the signs, as money and shells do. */
const single = /^\$(?![\s$])((?:\\.|[^\\$\n]){1,500}?)(?<!\s)\$(?![\p{Script=Latin}\d$])/u;
const opens = /^ {0,3}(?:\$\$|\\\[)/u;

/** Characters of a paragraph that a formula of its own lines may stand in: where one begins, marked reads the paragraph's rest again. */
const longestParagraph = 4_000;

/** How `Lexer` finds them. */
export const mathOptions: MarkedOptions = {
  ...getDefaults(),
  extensions: { startBlock: [startBlock], block: [block], startInline: [startInline], inline: [inline], childTokens: {}, renderers: {} },
};

function startBlock(text: string): number | undefined {
  const end = text.indexOf('\n\n');
  const paragraph = end < 0 ? text : text.slice(0, end);
  return paragraph.length > longestParagraph ? undefined : /\n {0,3}(?:\$\$|\\\[)/u.exec(paragraph)?.index;
}

function block(this: TokenizerThis, text: string): MathToken | undefined {
  if (!opens.test(text)) return undefined;
  const from = text.search(/\S/u);
  const found = between(text, from, '$$', '$$') ?? asMath(between(text, from, '\\[', '\\]'));
  if (!found) return undefined;
  const after = /^[ \t]*(?:\n+|$)/u.exec(text.slice(found.end, found.end + most));
  return after ? token(text.slice(0, found.end + after[0].length), found.body, true) : undefined;
}

function startInline(text: string): number | undefined {
  return /\$|\\[([]/u.exec(text)?.index;
}

function inline(this: TokenizerThis, text: string): MathToken | undefined {
  const round = between(text, 0, '\\(', '\\)');
  if (round) return token(text.slice(0, round.end), round.body, false);
  const large = between(text, 0, '$$', '$$') ?? between(text, 0, '\\[', '\\]');
  if (large) return asMath(large) && token(text.slice(0, large.end), large.body, true);
  const [dollar, inside = ''] = single.exec(text) ?? [];
  return dollar !== undefined && isMath(inside) ? token(dollar, inside, false) : undefined;
}

interface Found {
  readonly body: string;
  /** Where its closing sign ends. */
  readonly end: number;
}

/** What is between two signs that open and close at `from`, in time that grows with the text alone. */
function between(text: string, from: number, open: string, close: string): Found | undefined {
  if (!text.startsWith(open, from)) return undefined;
  const start = from + open.length;
  const body = text.slice(start, start + most + close.length);
  const at = body.indexOf(close);
  if (at < 1 || (close === '$$' && body[at + 2] === '$') || /\n[ \t]*\n/u.test(body.slice(0, at))) return undefined;
  return { body: body.slice(0, at), end: start + at + close.length };
}

const asMath = (found: Found | undefined): Found | undefined => (found && isMath(found.body.trim()) ? found : undefined);

function token(raw: string, text: string, display: boolean): MathToken | undefined {
  return text.trim() === '' ? undefined : { type: 'math', raw, text: text.trim(), display };
}

/** A sign of mathematics, or one name or number alone; words between blanks or of Chinese are prose, unless TeX writes them. */
function isMath(text: string): boolean {
  if (text.includes('\\')) return true;
  if (/\p{Script=Han}|(?:^|\s)\p{L}{2,}(?:\s|$|[,.;:])/u.test(text)) return false;
  return /[\^_{}=+*/<>|±×÷≤≥≠≈∈∑∫√∞-]/u.test(text) || /^(?:\p{L}['′]*(?:\([\p{L}\d, ]{1,20}\))?|\d+(?:[.,]\d+)?)$/u.test(text);
}
