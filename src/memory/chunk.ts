// A Markdown file in pieces to be found one by one: paragraphs, lists and each dated point, with the headings above and the day they speak of.
import { hash } from 'node:crypto';
import type { IndexedChunk } from '../core/memory.ts';
import { segment } from './segment.ts';

/** Most characters of one piece; a longer paragraph is cut between lines, a longer line between sentences or words. */
const longest = 1_000;
const mostLines = 20;

const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/u;
const point = /^[-*+]\s/u;
/** A point on its own: dated, or struck through with the day it ended. */
const dated = /^[-*+]\s+(?:~~\s*)?(\d{4}-\d{2}-\d{2})(?!\d)/u;
const struck = /^[-*+]\s+~~[\s\S]*~~\s*\(until (\d{4}-\d{2}-\d{2})\)\s*$/u;
const isoDay = /(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)/u;
const fence = /^\s*(?:```|~~~)/u;

interface Piece {
  readonly lines: readonly [number, number];
  readonly text: string;
  readonly headings: readonly string[];
}

/** Every line with words is in exactly one chunk, or cut over several; a heading is in those below it, or in one of its own when there are none. */
export function chunk(markdown: string, file: { readonly path: string }): IndexedChunk[] {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1).replace(/\.md$/u, '');
  const fileDay = dayIn(name);
  const named = fileDay === undefined && !/^(?:MEMORY|PROFILE)$/u.test(name) ? segment(name) : [];
  return pieces(markdown).map(({ lines, text, headings }) => {
    const superseded = dayIn(struck.exec(text)?.[1]);
    const day = dayIn(dated.exec(text)?.[1]) ?? dayIn(headings.findLast((above) => dayIn(above) !== undefined)) ?? fileDay;
    const fact = factOf(text);
    return {
      ...{ lines, text, headings, hash: hash('sha256', fact, 'base64url').slice(0, 22) },
      segmented: [...segment(fact), ...headings.flatMap((above) => segment(above)), ...named].join(' '),
      ...(day === undefined ? {} : { day }),
      ...(superseded === undefined ? {} : { superseded }),
    };
  });
}

/** What a point says: without its mark, its day, the strike and the day it ended. */
export function factOf(text: string): string {
  const fact = struck.test(text) ? text.replace(/\s*\(until \d{4}-\d{2}-\d{2}\)\s*$/u, '').replaceAll('~~', '') : text;
  return fact.replace(/^[-*+]\s+(?:\d{4}-\d{2}-\d{2}(?!\d)[:,]?\s*)?/u, '').trim();
}

/** The first day that stands in a text and is in the calendar. */
function dayIn(text: string | undefined): string | undefined {
  const day = text === undefined ? undefined : isoDay.exec(text)?.[1];
  if (day === undefined) return undefined;
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? undefined : day;
}

function pieces(markdown: string): Piece[] {
  const found: Piece[] = [];
  let above: { readonly level: number; readonly text: string; readonly line: number; used: boolean }[] = [];
  let open: string[] = [];
  let size = 0;
  let fenced = false;
  const headings = (): string[] => above.map(({ text }) => text);
  const close = (end: number): void => {
    if (open.length === 0) return;
    for (const entry of above) entry.used = true;
    for (const text of cut(open.join('\n'))) found.push({ lines: [end - open.length + 1, end], text, headings: headings() });
    open = [];
    size = 0;
  };
  const leave = (level: number): void => {
    const last = above.at(-1);
    if (last && !last.used && level <= last.level) found.push({ lines: [last.line, last.line], text: last.text, headings: headings().slice(0, -1) });
    above = above.filter((entry) => entry.level < level);
  };
  const lines = markdown.split('\n');
  lines.forEach((raw, index) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const title = fenced ? null : heading.exec(line);
    const alone = dated.test(open[0] ?? '') || struck.test(open[0] ?? '');
    if (title || line.trim() === '' || dated.test(line) || /^[-*+]\s+~~/u.test(line) || (alone && point.test(line))) close(index);
    else if (open.length >= mostLines || (open.length > 0 && size + line.length > longest)) close(index);
    if (fence.test(line)) fenced = !fenced;
    if (title?.[1] !== undefined) {
      leave(title[1].length);
      if (title[2] !== undefined && title[2] !== '') above.push({ level: title[1].length, text: title[2], line: index + 1, used: false });
    } else if (line.trim() !== '') {
      open.push(line);
      size += line.length + 1;
    }
  });
  close(lines.length);
  leave(0);
  return found;
}

/** Pieces of at most `longest` characters: after a sentence where there is one in the second half, else between words, else between characters. */
function cut(text: string): string[] {
  const cuts: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const head = rest.slice(0, longest);
    const ends = [...head.matchAll(/[.!?。！？]\s*|\n/gu)].map((match) => match.index + match[0].length).filter((end) => end > longest / 2);
    const space = head.lastIndexOf(' ');
    let end = ends.at(-1) ?? (space > longest / 2 ? space + 1 : longest);
    if (/[\uD800-\uDBFF]/u.test(rest.charAt(end - 1))) end--;
    cuts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return rest.trim() === '' && cuts.length > 0 ? cuts : [...cuts, rest];
}
