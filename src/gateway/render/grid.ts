// A table in fixed width: columns are as wide as their widest cell, wide characters count twice.
import type { Align, Table } from './tree.ts';
import { plainText } from './tree.ts';

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const nothing = /^[\p{DI}\p{Cf}\p{M}]+$/u;

/** Columns that a terminal font takes for the text. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/u.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segments.segment(text)) columns += nothing.test(segment) ? 0 : wide.test(segment) ? 2 : 1;
  return columns;
}

/** How wide a table is, before a line of it is written. */
export interface Measured {
  /** Of each row, the header first: its cells and the columns they take. */
  readonly texts: readonly (readonly string[])[];
  readonly sizes: readonly (readonly number[])[];
  /** Of each column. */
  readonly widths: readonly number[];
  /** Columns of the widest line. */
  readonly width: number;
}

export interface Grid {
  /** The header and the line below it. */
  readonly head: string;
  readonly rows: readonly string[];
}

export function measure({ header, rows }: Table): Measured {
  const texts = [header, ...rows].map((row) => row.map((cell) => plainText(cell).trim()));
  const sizes = texts.map((row) => row.map(columnsOf));
  const widths = header.map((_, column) => sizes.reduce((most, row) => Math.max(most, row[column] ?? 0), 3));
  return { texts, sizes, widths, width: widths.reduce((sum, width) => sum + width + 3, -3) };
}

/** Takes rows times width of room: ask `measure` first. */
export function layOut({ texts, sizes, widths }: Measured, align: readonly Align[]): Grid {
  const line = (row: readonly string[], number: number): string =>
    widths
      .map((width, column) => padded(row[column] ?? '', width - (sizes[number]?.[column] ?? 0), align[column] ?? 'left'))
      .join(' | ')
      .trimEnd();
  const [head = '', ...body] = texts.map(line);
  return {
    head: `${head}\n${widths.map((width) => '-'.repeat(width)).join('-+-')}`,
    rows: body,
  };
}

function padded(text: string, room: number, align: Align): string {
  const left = align === 'right' ? room : align === 'center' ? Math.floor(room / 2) : 0;
  return ' '.repeat(left) + text + ' '.repeat(Math.max(0, room - left));
}
