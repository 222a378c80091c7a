// DingTalk's Markdown: headings, quotes, bold, slanted, links and lists (https://open.dingtalk.com/document/development/robot-message-type). What else
// there is on this or that client is written so that it can be read where it is not: code, and tables in fixed width.
import { breaker, joiner, type Style, withoutFences } from './style.ts';
import { entity, feishu, indented, lineStarts } from './style-feishu.ts';

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (found: string): string => named[found] ?? entity(found);
const markup = /[&<>*`[\]\\|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|~(?=~)/gu;
/** Whoever sends by this way calls nobody; what looks like a call is none in a card either. */
const withoutCalls = (text: string): string => text.replace(/(?<![\p{L}\p{N}.+-])@(?=\S)/gu, `@${joiner}`);
/** Tags are read in code too (https://github.com/eryajf/chatgpt-dingtalk/pull/213), and lines of it as lines of text on clients that know no code. */
const inCode = (text: string): string =>
  withoutFences(text.replace(/[&<>]|^#/gu, escaped).replace(/\](?=\(\s*[a-z][a-z\d+.-]*:)|!(?=\[)/giu, `$&${breaker}`)).replace(/^[ \t]+/u, indented);

export const dingtalk: Style = {
  ...feishu,
  open(frame, again, before) {
    switch (frame.kind) {
      case 'table':
        return `\`\`\`\n${frame.grid.split('\n').map(inCode).join('\n')}`;
      case 'row':
        return `\n${inCode(frame.line)}`;
      case 'strike':
        return '';
      default:
        return feishu.open(frame, again, before);
    }
  },
  close: (frame, cut) => (frame.kind === 'table' ? '\n```' : frame.kind === 'strike' ? '' : feishu.close(frame, cut)),
  text(text, { code, lineStart }) {
    if (code) return inCode(text);
    const written = withoutCalls(text.replace(markup, escaped));
    return lineStart
      ? written
          .replace(/^#/u, entity)
          .replace(lineStarts, entity)
          .replace(/^[ \t]+/u, indented)
      : written;
  },
  rule: '———',
  cells: false,
  // 15,000 bytes of JSON.
  size: (written) => Buffer.byteLength(JSON.stringify(written)) - 2,
};
