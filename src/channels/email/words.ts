// The words a person wrote in a mail: without the quotation below them, without the signature, and out of HTML where there is nothing else.

/** Beginnings of what a mail program puts below or above a quotation. */
const introductions = [
  /^(?:on|am|le|el|il|op|em|den|dnia)\b.{4,200}(?:wrote|schrieb|écrit|escribió|scritto|schreef|escreveu|skrev|napisał(?:\(a\))?)\b.{0,80}[:：]\s*$/iu,
  /^.{4,200}(?:写道|寫道|のメール)[:：]?\s*$/u,
  /^-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|原始邮件|原始郵件)\s*-{2,}\s*$/iu,
];
const passedOn =
  /^-{2,}[^\S\n]*(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|转发邮件|轉寄郵件|begin forwarded message).*$/imu;

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

/** The line on which the quotation begins. Each line is looked at a fixed number of times, however many stand below it. */
function quotationAt(lines: readonly string[]): number {
  const filled = [...lines.keys()].filter((index) => lines[index]?.trim() !== '');
  const text = (place: number): string => lines[filled[place] ?? lines.length] ?? '';
  /** From here on every line is quoted. */
  let quoted = filled.length;
  while (quoted > 0 && text(quoted - 1).startsWith('>')) quoted--;
  for (const [place, index] of filled.entries()) {
    const line = text(place);
    const next = place + 1;
    if (introductions[2]?.test(line) === true) return index;
    const isOutlook = /^_{10,}$/u.test(line.trim()) || /^(?:from|von|de|发件人)\s*[:：]/iu.test(line);
    if (isOutlook && [0, 1, 2, 3].some((more) => /^(?:sent|gesendet|envoyé|date|datum|发送时间)\s*[:：]/iu.test(text(next + more)))) return index;
    // An introduction may be broken into two lines.
    const both = `${line.trim()} ${(lines[index + 1] ?? '').trim()}`;
    const below = text(next).startsWith('>') ? next : next + 1;
    const isAllQuoted = below >= quoted && below < filled.length;
    if (isAllQuoted && introductions.slice(0, 2).some((one) => one.test(line.trim()) || one.test(both))) return index;
  }
  let end = lines.length;
  while (end > 0 && /^\s*(?:>.*)?$/u.test(lines[end - 1] ?? '')) end--;
  return end;
}

/** Elements that are no words. */
const silent: ReadonlySet<string> = new Set(['SCRIPT', 'STYLE', 'HEAD', 'TITLE', 'TEMPLATE', 'NOSCRIPT', 'OBJECT', 'SVG', 'MATH']);
const blocks: ReadonlySet<string> = new Set([
  ...['P', 'DIV', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'UL', 'OL', 'LI', 'TABLE', 'TR', 'SECTION', 'ARTICLE', 'HEADER', 'FOOTER', 'PRE', 'HR', 'DL', 'DT', 'DD'],
]);
const mostDepth = 200;
/** Signs ">" before a line. */
const mostQuotes = 5;
/** Parsers take long with many thousands of open elements: what comes after so many tags is not read. */
const mostTags = 20_000;

/** As words; quotations become lines with ">". `html`: its size is bounded by whoever calls. */
export async function wordsOfHtml(html: string): Promise<string> {
  const { parseHTML } = await import('linkedom');
  const { document } = parseHTML(`<html><body>${upToTag(html, mostTags)}</body></html>`);
  const text = [...document.childNodes].map((node) => textIn(node, 0, 0)).join('');
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
}

function upToTag(html: string, most: number): string {
  let at = -1;
  for (let count = 0; count <= most; count++) {
    at = html.indexOf('<', at + 1);
    if (at < 0) return html;
  }
  return html.slice(0, at);
}

interface HtmlNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<HtmlNode>;
}

function textIn(node: HtmlNode, depth: number, quotes: number): string {
  if (node.nodeType === 3) return (node.textContent ?? '').replace(/[ \t\r\n]+/gu, ' ');
  const name = node.nodeName.toUpperCase();
  if (node.nodeType !== 1 || silent.has(name) || depth > mostDepth) return '';
  if (name === 'BR') return '\n';
  if (name === 'PRE') return `\n${node.textContent ?? ''}\n`;
  const isQuote = name === 'BLOCKQUOTE';
  const inside = [...node.childNodes].map((child) => textIn(child, depth + 1, quotes + (isQuote ? 1 : 0))).join('');
  if (isQuote && quotes < mostQuotes)
    return `\n${inside
      .trim()
      .replace(/\n\s*\n/gu, '\n\n')
      .replace(/^/gmu, '> ')}\n`;
  if (name === 'LI') return `\n- ${inside.trim()}`;
  if (name === 'TD' || name === 'TH') return `${inside.trim()} `;
  if (!isQuote && !blocks.has(name)) return inside;
  return `\n${inside.trim()}\n${name === 'P' ? '\n' : ''}`;
}
