// Markdown to the tree. Raw HTML is text, links are kept only where they are safe, nothing of the text is dropped.
import { Lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { createInlineBudget, inChunks } from './bounds.ts';
import { decodeEntities, posesAsAddress, safeLink } from './links.ts';
import { inTheOpen } from './open-text.ts';
import { type Block, type Inline, type Mark, plainText, targetOf, withTarget } from './tree.ts';

/** Inlines nested deeper are text. */
const deepestInline = 24;
const marks: Readonly<Partial<Record<string, Mark>>> = { strong: 'strong', em: 'emphasis', del: 'strike' };

export function readMarkdown(markdown: string): Block[] {
  const lexer = new Lexer();
  const parts = inChunks(inTheOpen(markdown)).map((chunk) => (chunk.literal ? chunk.text : lexBlocks(lexer, chunk.text)));
  const affordable = createInlineBudget();
  for (const { src, tokens } of lexer.inlineQueue) {
    if (!affordable(src)) tokens.push(literal(src));
    else {
      try {
        lexer.inlineTokens(src, tokens);
      } catch {
        tokens.splice(0, tokens.length, literal(src));
      }
    }
  }
  lexer.inlineQueue = [];
  const tokens = parts.flatMap((part) => (typeof part === 'string' ? [literalBlock(part)] : part));
  const linked = new Set<string>();
  const read = tokens.flatMap((token) => blocks([token], linked));
  // A link target that nothing points to is text like any other.
  return read.flatMap((block) => ('unused' in block ? (linked.has(block.href) ? [] : [textBlock(block.unused)]) : [block]));
}

/** Text that is no Markdown: every character shows as it is. */
export const readLiteral = (text: string): Block[] => [textBlock(inTheOpen(text))];

function lexBlocks(lexer: Lexer, text: string): Token[] | string {
  const queued = lexer.inlineQueue.length;
  try {
    return lexer.blockTokens(text, []);
  } catch {
    lexer.inlineQueue.length = queued;
    return text;
  }
}

const literal = (text: string): Tokens.Text => ({ type: 'text', raw: text, text, escaped: true });
const literalBlock = (text: string): Tokens.Paragraph => ({ type: 'paragraph', raw: text, text, tokens: [literal(text)] });
const textBlock = (text: string): Block => ({ type: 'paragraph', children: lines(text.trim()) });

interface Unused {
  readonly unused: string;
  readonly href: string;
}

function blocks(tokens: readonly Token[], linked: Set<string>): (Block | Unused)[] {
  return tokens.flatMap((token) => block(token as MarkedToken, linked));
}
/** Inside other blocks a link target is text at once. */
function inner(tokens: readonly Token[], linked: Set<string>): Block[] {
  return blocks(tokens, linked).map((one) => ('unused' in one ? textBlock(one.unused) : one));
}

function block(token: MarkedToken, linked: Set<string>): (Block | Unused)[] {
  const inlineOf = (tokens: readonly Token[]): Inline[] => inlines(tokens, linked, 0);
  switch (token.type) {
    case 'paragraph':
      return paragraph(inlineOf(token.tokens));
    case 'text':
      return paragraph(token.tokens ? inlineOf(token.tokens) : lines(decodeEntities(token.text)));
    case 'heading':
      return [
        { type: 'heading', depth: token.depth, children: inlineOf(token.tokens).map((one) => (one.type === 'break' ? { type: 'text', text: ' ' } : one)) },
      ];
    case 'code':
      return token.text.trim() === '' ? [] : [{ type: 'code', language: languageOf(token.lang), text: token.text.replace(/^\n+/u, '').trimEnd() }];
    case 'blockquote':
      return [{ type: 'quote', children: inner(token.tokens, linked) }];
    case 'list': {
      const items = token.items.map((item) => checked(item, inner(item.tokens, linked)));
      return [{ type: 'list', loose: token.loose, items, ...(token.ordered ? { start: token.start === '' ? 1 : token.start } : {}) }];
    }
    case 'table':
      return [
        {
          type: 'table',
          align: token.align.map((align) => align ?? 'left'),
          header: token.header.map((cell) => inlineOf(cell.tokens)),
          rows: token.rows.map((row) => row.map((cell) => inlineOf(cell.tokens))),
          source: token.raw,
        },
      ];
    case 'hr':
      return [{ type: 'rule' }];
    case 'html':
      return token.text.trim() === '' ? [] : [textBlock(token.text)];
    case 'def':
      return [{ unused: token.raw, href: safeLink(decodeEntities(token.href)) ?? '' }];
    case 'space':
    case 'checkbox':
      return [];
    default:
      return paragraph(inlineOf([token]));
  }
}

const paragraph = (children: readonly Inline[]): Block[] => (plainText(children).trim() === '' ? [] : [{ type: 'paragraph', children }]);
const languageOf = (said: string | undefined): string => /^[\w+#.-]{1,32}(?=\s|$)/u.exec(said ?? '')?.[0] ?? '';

function checked(item: Tokens.ListItem, content: Block[]): Block[] {
  if (!item.task) return content;
  const box: Inline = { type: 'text', text: item.checked === true ? '☑ ' : '☐ ' };
  const [first, ...rest] = content;
  return first?.type === 'paragraph'
    ? [{ ...first, children: joined([box, ...first.children]) }, ...rest]
    : [{ type: 'paragraph', children: [box] }, ...content];
}

function inlines(tokens: readonly Token[], linked: Set<string>, depth: number): Inline[] {
  return joined(tokens.flatMap((token) => inline(token as MarkedToken, linked, depth)));
}

function inline(token: MarkedToken, linked: Set<string>, depth: number): Inline[] {
  if (depth > deepestInline) return lines(token.raw);
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [{ type: 'mark', mark: marks[token.type] ?? 'strong', children: inlines(token.tokens, linked, depth + 1) }];
    case 'codespan':
      return [{ type: 'code', text: token.text.replace(/\n/gu, ' ') }];
    case 'br':
      return [{ type: 'break' }];
    case 'link':
      return link(token.autolink === true ? token.href : decodeEntities(token.href), inlines(token.tokens, linked, depth + 1), linked);
    case 'image':
      return link(decodeEntities(token.href), [{ type: 'text', text: `🖼 ${flat(decodeEntities(token.text)) || decodeEntities(token.href)}` }], linked);
    case 'escape':
      return lines(token.text);
    case 'text':
      if (token.tokens) return inlines(token.tokens, linked, depth + 1);
      return lines(token.escaped === true ? token.text : decodeEntities(token.text));
    case 'checkbox':
      return [];
    default:
      return lines('text' in token ? token.text : token.raw);
  }
}

/** An unsafe link is its words and its target, as text. Words that pose as another address do not cover where the link goes. */
function link(href: string, children: readonly Inline[], linked: Set<string>): Inline[] {
  const safe = safeLink(href);
  const words = plainText(children);
  if (safe === undefined) return words.trim() === '' ? lines(href) : joined([...children, ...(href === '' || href === words ? [] : lines(` (${href})`))]);
  linked.add(safe);
  if (words.trim() === '') return [{ type: 'link', href: safe, children: [{ type: 'text', text: targetOf(safe) }] }];
  if (posesAsAddress(words) && withTarget(words, safe) !== words)
    return [...children, { type: 'text', text: ' (' }, { type: 'link', href: safe, children: [{ type: 'text', text: safe }] }, { type: 'text', text: ')' }];
  return [{ type: 'link', href: safe, children: withoutBreaks(children) }];
}

function withoutBreaks(children: readonly Inline[]): Inline[] {
  return joined(
    children.flatMap((child): Inline[] => {
      if (child.type === 'break') return [{ type: 'text', text: ' ' }];
      if (child.type === 'link') return withoutBreaks(child.children);
      return child.type === 'mark' ? [{ ...child, children: withoutBreaks(child.children) }] : [child];
    }),
  );
}

const flat = (text: string): string => text.trim().replaceAll('\n', ' ');

/** A line the model ended is a line of the answer. */
function lines(text: string): Inline[] {
  return text
    .split('\n')
    .flatMap((line, index): Inline[] => [...(index > 0 ? [{ type: 'break' } as const] : []), ...(line === '' ? [] : [{ type: 'text', text: line } as const])]);
}

/** Neighbouring texts as one: what a dialect must not let through is seen whole. */
function joined(inlines: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const one of inlines) {
    const last = out.at(-1);
    if (one.type === 'text' && last?.type === 'text') out[out.length - 1] = { type: 'text', text: last.text + one.text };
    else out.push(one);
  }
  return out;
}
