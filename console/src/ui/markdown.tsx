// Markdown as React elements: marked only lexes, no HTML is ever made. Raw HTML shows as text, links open safely, remote images are links.
import type { MarkedToken, Token, Tokens } from 'marked';
import { memo, type ReactNode, useRef } from 'react';
import { CodeBlock } from './code-block.tsx';
import { type Lexed, lex } from './lex.ts';
import { decodeEntities, safeLink } from './safe-link.ts';

/** `growing`: more of the text comes, and only its end is read again until it is whole. */
export function Markdown({ text, growing = false }: { readonly text: string; readonly growing?: boolean }) {
  const { tokens, links } = useLexed(text, growing);
  return (
    <div className="prose">
      {tokens.map((token, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block is its place in the text; finished ones do not move while more is written
        <Block key={index} token={token} links={growing ? 0 : links} />
      ))}
    </div>
  );
}

function useLexed(text: string, growing: boolean): Lexed {
  const last = useRef<{ readonly text: string; readonly growing: boolean; readonly lexed: Lexed }>(undefined);
  if (last.current?.text !== text || last.current.growing !== growing)
    last.current = { text, growing, lexed: lex(text, growing ? last.current?.lexed : undefined) };
  return last.current.lexed;
}

/** Blocks that did not change are not made again while the text grows. */
const Block = memo(
  ({ token }: { readonly token: Token; readonly links?: number }): ReactNode => block(token as MarkedToken),
  (before, after) =>
    before.token === after.token || (before.links === after.links && before.token.raw === after.token.raw && before.token.type === after.token.type),
);

function blocks(tokens: readonly Token[]): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: see above
  return tokens.map((token, index) => <Block key={index} token={token} />);
}

function block(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'heading':
      return heading(token);
    case 'paragraph':
      return <p>{inlines(token.tokens)}</p>;
    case 'text':
      return token.tokens ? inlines(token.tokens) : decodeEntities(token.text);
    case 'code':
      return <CodeBlock text={token.text} language={token.lang?.split(/\s/, 1)[0] ?? ''} />;
    case 'blockquote':
      return <blockquote>{blocks(token.tokens)}</blockquote>;
    case 'list':
      return list(token);
    case 'table':
      return table(token);
    case 'hr':
      return <hr />;
    case 'html':
      return <p>{token.text}</p>;
    case 'space':
    case 'def':
    case 'checkbox':
      return null;
    default:
      return inline(token);
  }
}

/** One level down, so that the page's own headings stay above. */
function heading({ depth, tokens }: Tokens.Heading): ReactNode {
  if (depth <= 1) return <h2>{inlines(tokens)}</h2>;
  if (depth === 2) return <h3>{inlines(tokens)}</h3>;
  return <h4>{inlines(tokens)}</h4>;
}

function list({ ordered, start, items }: Tokens.List): ReactNode {
  const children = items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <li key={index} className={item.task ? 'task' : undefined}>
      {item.task && <input type="checkbox" checked={item.checked === true} disabled readOnly aria-label={item.checked === true ? '✓' : '○'} />}
      {blocks(item.tokens)}
    </li>
  ));
  return ordered ? <ol start={start === '' ? 1 : start}>{children}</ol> : <ul>{children}</ul>;
}

function table({ header, rows, align }: Tokens.Table): ReactNode {
  const side = (index: number): string => (align[index] === 'right' ? 'text-right' : align[index] === 'center' ? 'text-center' : 'text-left');
  /* biome-ignore-start lint/suspicious/noArrayIndexKey: cells are their places */
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th key={index} className={side(index)}>
                {inlines(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, number) => (
            <tr key={number}>
              {row.map((cell, index) => (
                <td key={index} className={side(index)}>
                  {inlines(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
  /* biome-ignore-end lint/suspicious/noArrayIndexKey: cells are their places */
}

function inlines(tokens: readonly Token[] = []): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: see above
  return tokens.map((token, index) => <Inline key={index} token={token} />);
}

function Inline({ token }: { readonly token: Token }): ReactNode {
  return inline(token as MarkedToken);
}

function inline(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inlines(token.tokens)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens)}</em>;
    case 'del':
      return <del>{inlines(token.tokens)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return (
        <SafeLink href={token.href} autolink={token.autolink === true}>
          {inlines(token.tokens)}
        </SafeLink>
      );
    case 'image':
      return (
        <SafeLink href={token.href} autolink={false}>
          🖼 {token.text || token.href}
        </SafeLink>
      );
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens ? inlines(token.tokens) : decodeEntities(token.text);
    case 'checkbox':
      return null;
    default:
      return 'text' in token ? token.text : token.raw;
  }
}

function SafeLink({ href, autolink, children }: { readonly href: string; readonly autolink: boolean; readonly children: ReactNode }) {
  const target = safeLink(autolink ? href : decodeEntities(href));
  if (target === undefined) return <span title={href}>{children}</span>;
  return (
    <a href={target} target="_blank" rel="noopener noreferrer" title={target}>
      {children}
    </a>
  );
}
