// Markdown of Feishu's cards in JSON 2.0: CommonMark with tables and a few tags of its own, everything else as numbered entities
// (https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-json-v2-components/content-components/rich-text).
import { backticks, breaker, marker, markdownMarks as marks, type Style, withoutFences } from './style.ts';

export const entity = (found: string): string => `&#${found.charCodeAt(0)};`;
const markup = /[&<>*_~`[\]\\|#$]|:(?=\w+:|\/\/)/gu;
/** What would begin a block, or underline a heading. */
export const lineStarts = /^[-+=]|(?<=^\d{1,9})[.)]/u;
const noBreak = '\u00a0';
/** Spaces that begin a line: four would make code of it. */
export const indented = (text: string): string => text.replaceAll('\t', noBreak.repeat(4)).replaceAll(' ', noBreak);
/** A marker and what is below it are as wide as the platform wants it, four, or as a long number is. */
const indent = (number: number | undefined): string => ' '.repeat(Math.max(4, marker(number, '-').length + 1));
/** In code no entity is read: a mention and a picture are broken there, should a client not take it for code. */
const inCode = (text: string): string => withoutFences(text.replace(/<(?=at(?:[\s/>]|$))|!(?=\[[^\]]*\]\()/giu, `$&${breaker}`));
const safeHref = (href: string): string => href.replace(/[()]/gu, (found) => (found === '(' ? '%28' : '%29')).replace(/&(?=#?\w+;)/gu, '&#38;');

export const feishu: Style = {
  open(frame, again, before) {
    switch (frame.kind) {
      case 'heading':
        return `${'#'.repeat(frame.depth)} `;
      case 'quote':
        return '> ';
      case 'item':
        // What goes on in a part is an item too: indented by four it would be code.
        return marker(again ? undefined : frame.number, '-').padEnd(indent(frame.number).length);
      case 'code':
        return (before === '`' ? breaker : '') + backticks(frame.text).open;
      case 'pre':
        return `\`\`\`${frame.language}\n`;
      case 'table':
        return `${frame.head}\n|${' --- |'.repeat(frame.columns)}\n`;
      case 'row':
        return '|';
      case 'cell':
        return ' ';
      case 'link':
        // No picture of a link that stands behind an exclamation mark.
        return before === '!' ? `${breaker}[` : '[';
      default: {
        const mark = marks[frame.kind];
        // A mark opens where a letter or nothing visible is behind it, and closes where one is before it, whatever stands on its other side.
        return mark === undefined ? '' : /^\s?$/u.test(before) ? mark : before === mark[0] ? breaker + mark : mark + breaker;
      }
    }
  },
  close(frame) {
    switch (frame.kind) {
      case 'code':
        return backticks(frame.text).close;
      case 'pre':
        return '\n```';
      case 'link':
        return `](${safeHref(frame.href)})`;
      case 'cell':
        return ' |';
      default:
        return marks[frame.kind] === undefined ? '' : breaker + marks[frame.kind];
    }
  },
  prefix: (frame) => (frame.kind === 'quote' ? '> ' : frame.kind === 'item' ? indent(frame.number) : ''),
  text(text, { code, lineStart }) {
    if (code) return inCode(text);
    const escaped = text.replace(markup, entity);
    return lineStart ? escaped.replace(lineStarts, entity).replace(/^[ \t]+/u, indented) : escaped;
  },
  space: (text, { code, lineStart }) => (lineStart && !code ? indented(text) : text),
  // One line end may be ignored within a paragraph; two spaces before it make it one that is not.
  gap: (gap, code) => (gap === 'block' ? '\n\n' : gap === 'line' && !code ? '  \n' : '\n'),
  rule: '---',
  cells: true,
  // Four in one component and five in a card are allowed; the platform's own plugin was refused with four, and stays at three
  // (https://github.com/larksuite/openclaw-lark/pull/65).
  mostTables: 3,
  commonMark: true,
  prefixInCode: 'all',
  boldHeading: () => false,
  spans: (text) => !text.includes('`'),
  links: /^https?:/u,
  // 30 KB of a request, in which the card is JSON within JSON.
  size: (written) => Buffer.byteLength(JSON.stringify(JSON.stringify(written))) - 6,
};
