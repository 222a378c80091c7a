// Tokens of Markdown as React elements. Raw HTML shows as text, links open safely, remote images are links.
import type { MarkedToken, Token, Tokens } from 'marked';
import { createContext, memo, type ReactNode, useContext } from 'react';
import { CodeBlock } from './code-block.tsx';
import { Formula } from './formula.tsx';
import type { MathToken } from './math-tokens.ts';
import { decodeEntities, safeLink } from './safe-link.ts';
import { Table } from './table.tsx';

/** More of the text may come. */
export const Growing = createContext(false);

/** Blocks that did not change are not made again while the text grows. */
export const Block = memo(
  ({ token }: { readonly token: Token; readonly links?: number }): ReactNode => block(token as MarkedToken | MathToken),
  (before, after) =>
    before.token === after.token || (before.links === after.links && before.token.raw === after.token.raw && before.token.type === after.token.type),
);

function blocks(tokens: readonly Token[]): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: see above
  return tokens.map((token, index) => <Block key={index} token={token} />);
}

function block(token: MarkedToken | MathToken): ReactNode {
  switch (token.type) {
    case 'heading':
      return heading(token);
    case 'paragraph':
      return <p>{inlines(token.tokens)}</p>;
    case 'text':
      return token.tokens ? inlines(token.tokens) : decodeEntities(token.text);
    case 'code':
      return <Code token={token} />;
    case 'blockquote':
      return <blockquote>{blocks(token.tokens)}</blockquote>;
    case 'list':
      return list(token);
    case 'table':
      return <Table token={token} draw={({ tokens }) => inlines(tokens)} />;
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

function Code({ token }: { readonly token: Tokens.Code }): ReactNode {
  const growing = useContext(Growing) && isOpen(token);
  return <CodeBlock text={token.text} language={token.lang?.split(/\s/, 1)[0]?.toLowerCase() ?? ''} growing={growing} />;
}

/** A fence that was not closed yet. */
const isOpen = ({ raw, codeBlockStyle }: Tokens.Code): boolean => codeBlockStyle !== 'indented' && !/\n {0,3}(?:`{3,}|~{3,})[ \t]*\n*$/u.test(raw);

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

function inlines(tokens: readonly Token[] = []): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: see above
  return tokens.map((token, index) => <Inline key={index} token={token} />);
}

function Inline({ token }: { readonly token: Token }): ReactNode {
  return inline(token as MarkedToken | MathToken);
}

function inline(token: MarkedToken | MathToken): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inlines(token.tokens)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens)}</em>;
    case 'del':
      return <del>{inlines(token.tokens)}</del>;
    case 'math':
      return <Formula raw={token.raw.trim()} tex={token.text} display={token.display} />;
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
