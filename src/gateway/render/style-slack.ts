// Slack's mrkdwn. It has no escape for its own marks: where one could be read as markup, invisible joiners stand around it.
import { breaker, indent, joiner, lineGap, marker, type Style, withoutFences } from './style.ts';
import { escapeHtml } from './style-html.ts';

const marks: Readonly<Partial<Record<string, string>>> = { strong: '*', emphasis: '_', strike: '~' };
const letter = /^[\p{L}\p{N}\p{M}]/u;
/** After these a mark opens; elsewhere only when something ends the word before it. */
const opens = /^$|[\s*_~([{"'“‘]/u;
const apart = (before: string): string => (opens.test(before) ? '' : breaker);

function literal(text: string, before: string): string {
  return text.replace(/[*_~`]/gu, (found, at: number) =>
    found !== '`' && letter.test(at > 0 ? (text[at - 1] ?? '') : before) && letter.test(text[at + 1] ?? '') ? found : joiner + found + joiner,
  );
}

export const slack: Style = {
  open(frame, again, before) {
    switch (frame.kind) {
      case 'quote':
        return '> ';
      case 'item':
        return again ? indent(frame.number, '•') : `${marker(frame.number, '•')} `;
      case 'code':
        return `${apart(before)}\``;
      case 'pre':
        return '```\n';
      case 'table':
        return `\`\`\`\n${withoutFences(escapeHtml(frame.grid))}`;
      case 'row':
        return `\n${withoutFences(escapeHtml(frame.line))}`;
      case 'link':
        return `<${escapeHtml(frame.href)}|`;
      default:
        return marks[frame.kind] === undefined ? '' : `${apart(before)}${marks[frame.kind]}`;
    }
  },
  close(frame) {
    switch (frame.kind) {
      case 'code':
        return '`';
      case 'pre':
      case 'table':
        return '\n```';
      case 'link':
        return '>';
      default:
        return marks[frame.kind] ?? '';
    }
  },
  prefix: (frame) => (frame.kind === 'quote' ? '> ' : frame.kind === 'item' ? indent(frame.number, '•') : ''),
  text(text, { code, lineStart, before, afterMark }) {
    if (code) return withoutFences(escapeHtml(text));
    const start = afterMark && letter.test(text) ? breaker : lineStart && text.startsWith('>') ? joiner : '';
    return start + escapeHtml(literal(text, before));
  },
  gap: lineGap,
  rule: '———',
  cells: false,
  prefixInCode: 'none',
  boldHeading: () => true,
  spans: (text) => !text.includes('`'),
  links: /^(?:https?|mailto):/u,
  size: (written) => written.length,
};
