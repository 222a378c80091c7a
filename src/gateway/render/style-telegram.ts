// Telegram's HTML: b i s a code pre blockquote, "\n" as line end. Quotes do not nest there, so inner ones are marked by hand.

import { indent, lineGap, marker, type Style } from './style.ts';
import { escapeHtml, htmlAttribute } from './style-html.ts';

const tags: Readonly<Partial<Record<string, string>>> = { strong: 'b', emphasis: 'i', strike: 's', code: 'code' };

export const telegram: Style = {
  open(frame, again) {
    switch (frame.kind) {
      case 'quote':
        return frame.depth === 1 ? '<blockquote>' : '&gt; ';
      case 'item':
        return again ? indent(frame.number, '•') : `${marker(frame.number, '•')} `;
      case 'pre':
        return frame.language === '' ? '<pre>' : `<pre><code class="language-${htmlAttribute(frame.language)}">`;
      case 'table':
        return `<pre>${escapeHtml(frame.grid)}`;
      case 'row':
        return `\n${escapeHtml(frame.line)}`;
      case 'link':
        return `<a href="${htmlAttribute(frame.href)}">`;
      default:
        return tags[frame.kind] === undefined ? '' : `<${tags[frame.kind]}>`;
    }
  },
  close(frame) {
    switch (frame.kind) {
      case 'quote':
        return frame.depth === 1 ? '</blockquote>' : '';
      case 'pre':
        return frame.language === '' ? '</pre>' : '</code></pre>';
      case 'table':
        return '</pre>';
      case 'link':
        return '</a>';
      default:
        return tags[frame.kind] === undefined ? '' : `</${tags[frame.kind]}>`;
    }
  },
  prefix: (frame) => (frame.kind === 'quote' && frame.depth > 1 ? '&gt; ' : frame.kind === 'item' ? indent(frame.number, '•') : ''),
  text: escapeHtml,
  gap: lineGap,
  rule: '———',
  cells: false,
  prefixInCode: 'none',
  boldHeading: () => true,
  spans: () => true,
  links: /^(?:https?|tg):/u,
  // "4096 characters after entities parsing", in UTF-16 code units; the bytes it reads before parsing are bounded too, at about 35,000.
  size: (written) => written.replace(/<[^>]*>/gu, '').replace(/&[a-z]+;/gu, '&').length,
  mostMarks: 100,
  bytesPerUnit: 8,
};
