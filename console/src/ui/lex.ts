// Markdown text as marked's tokens, in time that any text keeps: of a growing text only its end is read again, and what would take marked too long is plain.
import { Lexer, type MarkedToken, type Token } from 'marked';
import { mathOptions } from './math-tokens.ts';
import { readable } from './visible.ts';

export interface Lexed {
  readonly tokens: readonly Token[];
  /** Text that more text cannot change any more: its characters, its tokens and the links it defines. */
  readonly settled: { readonly text: string; readonly count: number; readonly links: Links };
  /** How many links the whole text defines: an earlier block may be drawn otherwise with one more. */
  readonly links: number;
}
type Links = Lexer['tokens']['links'];

/** Characters of one paragraph whose marks are read; marked can need their square. */
const longestParagraph = 4_000;
/** A line that opens very many quotes and lists in one another. */
const tooDeep = /^(?:[ \t]*(?:>|(?:[*+-]|\d{1,9}[.)])[ \t])){60}/mu;

const nothing: Lexed['settled'] = { text: '', count: 0, links: {} };

/** `before` is what was read of the beginning of a text that grows. Links that are defined further down count once it is read without one. */
export function lex(text: string, before?: Lexed): Lexed {
  const whole = readable(text).replaceAll(/\r\n?/gu, '\n');
  const known = before && whole.startsWith(before.settled.text) ? before : undefined;
  const settled = known?.settled ?? nothing;
  const { tokens: last, links } = read(whole.slice(settled.text.length), settled.links);
  const tokens = [...(known?.tokens.slice(0, settled.count) ?? []), ...last];
  return { tokens, settled: settle(whole, settled, last), links: Object.keys(links).length };
}

function read(text: string, known: Links): { readonly tokens: readonly Token[]; readonly links: Links } {
  const lexer = new Lexer(mathOptions);
  Object.assign(lexer.tokens.links, known);
  if (tooDeep.test(text)) return { tokens: plain(text), links: known };
  try {
    lexer.blockTokens(text, lexer.tokens);
    for (const { src, tokens } of lexer.inlineQueue) {
      if (src.length > longestParagraph) tokens.push({ type: 'text', raw: src, text: src });
      else lexer.inlineTokens(src, tokens);
    }
    return { tokens: [...lexer.tokens], links: lexer.tokens.links };
  } catch {
    return { tokens: plain(text), links: known };
  }
}

const plain = (text: string): Token[] => [{ type: 'code', raw: text, text }];

/** A block after an empty line begins anew, except where a list or indented code may go on behind it. */
function settle(whole: string, before: Lexed['settled'], tokens: readonly Token[]): Lexed['settled'] {
  let settled = before;
  let at = before.text.length;
  let goesOn = true;
  const links = { ...before.links };
  for (const [index, token] of (tokens as readonly MarkedToken[]).entries()) {
    if (token.type !== 'space') {
      if (!goesOn && whole.endsWith('\n\n', at)) settled = { text: whole.slice(0, at), count: before.count + index, links: { ...links } };
      goesOn = token.type === 'list' || (token.type === 'code' && token.codeBlockStyle === 'indented');
    }
    if (token.type === 'def') links[token.tag] ??= { href: token.href, title: token.title };
    at += token.raw.length;
  }
  return settled;
}
