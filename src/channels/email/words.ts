// The words a person wrote in a mail: without the quotation below them, without the signature, and out of HTML where there is nothing else.

/** Beginnings of what a mail program puts below or above a quotation. */
const introductions = [
  /^(?:on|am|le|el|il|op|em|den|dnia)\b.{4,200}(?:wrote|schrieb|écrit|escribió|scritto|schreef|escreveu|skrev|napisał(?:\(a\))?)\b.{0,80}[:：]\s*$/iu,
  /^.{4,200}(?:写道|寫道|のメール)[:：]?\s*$/u,
  /^-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|原始邮件|原始郵件)\s*-{2,}\s*$/iu,
];
const passedOn = /^-{2,}\s*(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|转发邮件|轉寄郵件|begin forwarded message).*$/imu;

/** Whether the words of somebody else were passed on. */
export const isPassedOn = (text: string, subject: string): boolean => /^(?:fwd?|wg|tr|转发|轉寄)\s*[:：]/iu.test(subject.trim()) || passedOn.test(text);

/** What stands above the quotation at the end; all of it, where nothing else is there. Answers between quoted lines keep them. */
export function ownWords(text: string): string {
  const lines = text.replace(/\r\n?/gu, '\n').split('\n');
  const signature = lines.findIndex((line) => /^-- ?$/u.test(line));
  const above = signature > 0 ? lines.slice(0, signature) : lines;
  const end = quotationAt(above);
  const own = above.slice(0, end).join('\n').trim();
  return own === '' ? above.join('\n').trim() || text.trim() : own;
}

function quotationAt(lines: readonly string[]): number {
  for (let index = 0; index < lines.length; index++) {
    // An introduction may be broken into two lines.
    const line = lines[index] ?? '';
    const both = `${line.trim()} ${(lines[index + 1] ?? '').trim()}`;
    const after = lines.slice(index + 1).filter((one) => one.trim() !== '');
    if (introductions[2]?.test(line) === true) return index;
    const isOutlook = /^_{10,}$/u.test(line.trim()) || /^(?:from|von|de|发件人)\s*[:：]/iu.test(line);
    if (isOutlook && after.slice(0, 4).some((one) => /^(?:sent|gesendet|envoyé|date|datum|发送时间)\s*[:：]/iu.test(one))) return index;
    const introduces = introductions.slice(0, 2).some((one) => one.test(line.trim()) || one.test(both));
    if (introduces && after.length > 0 && onlyQuoted(after.slice(after[0]?.startsWith('>') === true ? 0 : 1))) return index;
  }
  let end = lines.length;
  while (end > 0 && /^\s*(?:>.*)?$/u.test(lines[end - 1] ?? '')) end--;
  return end;
}

const onlyQuoted = (lines: readonly string[]): boolean => lines.length > 0 && lines.every((line) => line.startsWith('>'));

/** Elements that are no words. */
const silent: ReadonlySet<string> = new Set(['SCRIPT', 'STYLE', 'HEAD', 'TITLE', 'TEMPLATE', 'NOSCRIPT', 'OBJECT', 'SVG', 'MATH']);
const blocks: ReadonlySet<string> = new Set([
  ...['P', 'DIV', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'UL', 'OL', 'LI', 'TABLE', 'TR', 'SECTION', 'ARTICLE', 'HEADER', 'FOOTER', 'PRE', 'HR', 'DL', 'DT', 'DD'],
]);
const mostDepth = 200;

/** As words; quotations become lines with ">". `html`: its size is bounded by whoever calls. */
export async function wordsOfHtml(html: string): Promise<string> {
  const { parseHTML } = await import('linkedom');
  const { document } = parseHTML(html.includes('<html') ? html : `<html><body>${html}</body></html>`);
  const text = textIn(document.documentElement, 0);
  return text
    .replace(/[ \t\u00A0]+\n/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}

interface HtmlNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<HtmlNode>;
}

function textIn(node: HtmlNode, depth: number): string {
  if (node.nodeType === 3) return (node.textContent ?? '').replace(/[ \t\r\n]+/gu, ' ');
  const name = node.nodeName.toUpperCase();
  if (node.nodeType !== 1 || silent.has(name) || depth > mostDepth) return '';
  if (name === 'BR') return '\n';
  if (name === 'PRE') return `\n${node.textContent ?? ''}\n`;
  const inside = [...node.childNodes].map((child) => textIn(child, depth + 1)).join('');
  if (name === 'BLOCKQUOTE')
    return `\n${inside
      .trim()
      .replace(/\n\s*\n/gu, '\n\n')
      .replace(/^/gmu, '> ')}\n`;
  if (name === 'LI') return `\n- ${inside.trim()}\n`.replace(/\n$/u, '');
  if (name === 'TD' || name === 'TH') return `${inside.trim()} `;
  if (!blocks.has(name)) return inside;
  return `\n${inside.trim()}\n${name === 'P' ? '\n' : ''}`;
}
