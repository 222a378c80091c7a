// Discord's Markdown. Nothing of a text is markup or a mention, and links come in angle brackets: whoever only reads fetches nothing.
import { backticks, breaker, indent, lineGap, marker, markdownMarks as marks, type Style, withoutFences } from './style.ts';
import { isBareLink } from './tree.ts';

const safeHref = (href: string): string => href.replaceAll('@', '%40');

export const discord: Style = {
  open(frame, again, before) {
    switch (frame.kind) {
      case 'heading':
        return `${'#'.repeat(frame.depth)} `;
      case 'quote':
        return '> ';
      case 'item':
        return again ? indent(frame.number, '-') : `${marker(frame.number, '-')} `;
      case 'code':
        return (before === '`' ? breaker : '') + backticks(frame.text).open;
      case 'pre':
        return `\`\`\`${frame.language}\n`;
      case 'table':
        return `\`\`\`\n${inCode(frame.grid)}`;
      case 'row':
        return `\n${inCode(frame.line)}`;
      case 'link':
        return isBareLink(frame.words, frame.href) ? '<' : '[';
      default: {
        const mark = marks[frame.kind] ?? '';
        return mark !== '' && before === '*' ? breaker + mark : mark;
      }
    }
  },
  close(frame) {
    switch (frame.kind) {
      case 'code':
        return backticks(frame.text).close;
      case 'pre':
      case 'table':
        return '\n```';
      case 'link':
        return isBareLink(frame.words, frame.href) ? '>' : `](<${safeHref(frame.href)}>)`;
      default:
        return marks[frame.kind] ?? '';
    }
  },
  prefix: (frame) => (frame.kind === 'quote' ? '> ' : frame.kind === 'item' ? indent(frame.number, '-') : ''),
  text(text, { code, lineStart, bareLink }) {
    if (bareLink) return safeHref(text);
    if (code) return inCode(text);
    const escaped = withoutMentions(text.replace(/[\\*_~|`[\]<]/gu, '\\$&'), '\\@');
    return lineStart ? escaped.replace(/^(?=[#>+-])|^(\d+)(?=[.)])/u, '$1\\') : escaped;
  },
  gap: lineGap,
  rule: '———',
  cells: false,
  prefixInCode: 'quote',
  boldHeading: (depth) => depth > 3,
  spans: (text) => !text.includes('``'),
  links: /^https?:/u,
  // 2000 characters; UTF-16 code units are never fewer.
  size: (written) => written.length,
};

/** "@everyone", "@here" and "<@1>" call people; the channel also says with each message that nobody is called. */
const withoutMentions = (text: string, at: string): string => text.replace(/@(?=everyone|here|$)|(?<=<)@/gu, at + breaker);
const inCode = (text: string): string => withoutFences(withoutMentions(text, '@'));
