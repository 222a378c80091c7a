// HTML of Matrix rooms and of e-mail, each with a plain text beside it. No attribute but href, start, class and align is ever written.
import { joiner, type Style } from './style.ts';
import { plain } from './style-plain.ts';

export const escapeHtml = (text: string): string => text.replace(/[&<>]/gu, (found) => (found === '&' ? '&amp;' : found === '<' ? '&lt;' : '&gt;'));
export const htmlAttribute = (text: string): string => escapeHtml(text).replaceAll('"', '&quot;');

const tags: Readonly<Partial<Record<string, string>>> = {
  paragraph: 'p',
  quote: 'blockquote',
  item: 'li',
  strong: 'strong',
  emphasis: 'em',
  strike: 'del',
  code: 'code',
  row: 'tr',
};

const html: Omit<Style, 'size'> = {
  open(frame) {
    switch (frame.kind) {
      case 'heading':
        return `<h${frame.depth}>`;
      case 'list':
        return frame.start === undefined ? '<ul>' : frame.start === 1 ? '<ol>' : `<ol start="${frame.start}">`;
      case 'pre':
        return frame.language === '' ? '<pre><code>' : `<pre><code class="language-${htmlAttribute(frame.language)}">`;
      case 'link':
        return `<a href="${htmlAttribute(frame.href)}">`;
      case 'table':
        return `<table><thead>${frame.head}</thead><tbody>`;
      case 'cell':
        return frame.header ? '<th>' : '<td>';
      default:
        return tags[frame.kind] === undefined ? '' : `<${tags[frame.kind]}>`;
    }
  },
  close(frame) {
    switch (frame.kind) {
      case 'heading':
        return `</h${frame.depth}>`;
      case 'list':
        return frame.start === undefined ? '</ul>' : '</ol>';
      case 'pre':
        return '</code></pre>';
      case 'link':
        return '</a>';
      case 'table':
        return '</tbody></table>';
      case 'cell':
        return frame.header ? '</th>' : '</td>';
      default:
        return tags[frame.kind] === undefined ? '' : `</${tags[frame.kind]}>`;
    }
  },
  prefix: () => '',
  text: escapeHtml,
  gap: (gap, code) => (gap === 'line' ? (code ? '\n' : '<br>') : ''),
  rule: '<hr>',
  cells: true,
  prefixInCode: 'none',
  boldHeading: () => false,
  spans: () => true,
  links: /^(?:https?|mailto):/u,
  plain,
};

/** Room members are all called by this word in the plain body, unless the sender says who is meant. The next piece may bring the rest of it. */
const withoutRoom = (text: string): string => text.replace(/@(?=room|(?:r|ro|roo)?$)/giu, `@${joiner}`);

export const matrix: Style = {
  ...html,
  text: (text) => escapeHtml(withoutRoom(text)),
  plain: {
    ...plain,
    // Tables and link targets are written with their frames.
    open: (frame, again, before) => withoutRoom(plain.open(frame, again, before)),
    close: (frame, cut) => withoutRoom(plain.close(frame, cut)),
    text: withoutRoom,
  },
  // An event is bounded in bytes, and holds both bodies as JSON.
  size: (written, beside) => jsonBytes(written) + jsonBytes(beside),
};

export const email: Style = {
  ...html,
  open: (frame, again, before) =>
    frame.kind === 'cell' && frame.align !== 'left' ? `<${frame.header ? 'th' : 'td'} align="${frame.align}">` : html.open(frame, again, before),
  size: (written) => written.length,
};

const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;
