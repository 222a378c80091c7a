// Keeps reading bounded: the lexer takes quadratic time on some inputs and recurses on others. What would be too dear is kept as literal text.

/** Blocks nested deeper in one line are text. */
const deepest = 16;
const nested = new RegExp(`^(?:[ \\t]*(?:>|(?:[*+-]|\\d{1,9}[.)])(?=[ \\t]))){${deepest + 1}}`, 'u');
const firstMarker = /^([ \t]*\d{0,9})(?=[>*+.)-])/u;
/** `[^1]: word` would be read as a link target and vanish. */
const footnote = /^( {0,3})(?=\[\^)/u;
const fence = /^(`{3,}|~{3,})/u;
/** A chunk is ended at the next empty line from here on, characters. */
const enough = 8_000;
/** A chunk without an empty line is text beyond this, when it has markers that nest. */
const mostNested = 20_000;
/** The line below the header of a table, markers of quotes and lists before it. Rows are filled up to as many cells. */
const columnsLine = /^[-|:>*+.)\d\s]+$/u;
/** Cells of a table that need not have been written. */
const mostEmpty = 200;
const nests = /^[ \t]*(?:>|[*+-][ \t]|\d{1,9}[.)][ \t])/mu;

export interface Chunk {
  readonly text: string;
  /** Not to be lexed. */
  readonly literal: boolean;
}

/** The text in pieces that mean the same apart: code fences at the margin, and otherwise cut at empty lines where it is long. */
export function inChunks(markdown: string): Chunk[] {
  const chunks: Chunk[] = [];
  let lines: string[] = [];
  let size = 0;
  let open: string | undefined;
  /** Of the lines since the last empty one: the most columns, rows, and characters. */
  const table = { columns: 0, rows: 0, size: 0 };
  let hollow = false;
  const end = (fenced: boolean): void => {
    const text = lines.join('\n');
    if (text.trim() !== '') chunks.push({ text, literal: !fenced && (hollow || (text.length > mostNested && nests.test(text))) });
    lines = [];
    size = 0;
    hollow = false;
  };
  let empty = false;
  for (const line of markdown.split('\n')) {
    const marks = fence.exec(line)?.[1];
    if (open !== undefined) {
      lines.push(line);
      if (marks === undefined || marks[0] !== open[0] || marks.length < open.length || line.trim() !== marks) continue;
      open = undefined;
      end(true);
      continue;
    }
    const opens = marks !== undefined && !(marks[0] === '`' && line.slice(marks.length).includes('`'));
    if (opens || (empty && size > enough && /^\S/u.test(line))) end(false);
    if (opens) open = marks;
    empty = line.trim() === '';
    if (empty || opens) Object.assign(table, { columns: 0, rows: 0, size: 0 });
    else {
      if (line.includes('|') && columnsLine.test(line)) table.columns = Math.max(table.columns, line.split('|').length);
      table.rows += 1;
      table.size += line.length + 1;
      hollow ||= table.columns * table.rows > Math.max(mostEmpty, table.size);
    }
    size += line.length + 1;
    lines.push(opens ? line : line.replace(footnote, '$1\\').replace(firstMarker, (found) => (nested.test(line) ? `${found}\\` : found)));
  }
  end(open !== undefined);
  return chunks;
}

/** What one run of inline text, and all together, may cost: about 50 million are a second. */
const dearestRun = 4_000_000;
const dearest = 30_000_000;

/** Says of each run whether it may be lexed; what is spent is spent. Counts only what it is given, so the same text is always judged the same. */
export function createInlineBudget(): (source: string) => boolean {
  let left = dearest;
  return (source) => {
    const cost = priceOf(source);
    if (cost > dearestRun || cost > left) return false;
    left -= cost;
    return true;
  };
}

function priceOf(source: string): number {
  const marks = source.match(/[*_~`[\]()<!@&:\\|]/gu)?.length ?? 0;
  const longest = source.includes('@') ? Math.max(0, ...(source.match(/\S{200,}/gu) ?? []).map((run) => run.length)) : 0;
  return source.length * (marks + 1) + longest * longest;
}
