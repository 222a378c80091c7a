// Plain text: emphasis is dropped, code keeps its backticks, links show their target. Nothing is escaped because nothing is read as markup.

import { backticks, indent, lineGap, marker, type Style } from './style.ts';
import { saysTarget, targetOf } from './tree.ts';

export const plain: Style = {
  open(frame, again) {
    switch (frame.kind) {
      case 'quote':
        return '> ';
      case 'item':
        return again ? indent(frame.number, '-') : `${marker(frame.number, '-')} `;
      case 'code':
        return backticks(frame.text).open;
      case 'pre':
        return `${'`'.repeat(frame.fence)}${frame.language}\n`;
      case 'table':
        return `${'`'.repeat(frame.fence)}\n${frame.grid}`;
      case 'row':
        return `\n${frame.line}`;
      default:
        return '';
    }
  },
  close(frame, cut) {
    switch (frame.kind) {
      case 'code':
        return backticks(frame.text).close;
      case 'pre':
      case 'table':
        return `\n${'`'.repeat(frame.fence)}`;
      case 'link':
        return cut === true || saysTarget(frame.words, frame.href) ? '' : ` (${targetOf(frame.href)})`;
      default:
        return '';
    }
  },
  prefix: (frame) => (frame.kind === 'quote' ? '> ' : frame.kind === 'item' ? indent(frame.number, '-') : ''),
  text: (text) => text,
  gap: lineGap,
  rule: '———',
  cells: false,
  prefixInCode: 'quote',
  boldHeading: () => false,
  spans: () => true,
  links: /^/u,
  size: (written) => written.length,
};
