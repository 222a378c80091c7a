// A Markdown note as blocks: headings, points of a list, and other text. What memory writes and forgets is one block; everything else stays as it is.

export interface Block {
  readonly kind: 'heading' | 'point' | 'text';
  /** Lines in the file, 0-based, inclusive. */
  readonly first: number;
  readonly last: number;
  /** Without list mark, indentation, day and the marks of a replaced note. */
  readonly text: string;
  /** The day a point begins with, YYYY-MM-DD. */
  readonly day?: string;
  /** The day since when it is replaced. */
  readonly until?: string;
}

const mark = /^(?:[-*+]|\d{1,4}[.)]) (?:\[[ xX]\] )?/u;
const fence = /^ {0,3}(?:```|~~~)/u;
const struck = /^~~([\s\S]*)~~ \(until (\d{4}-\d{2}-\d{2})\)$/u;
const dated = /^(\d{4}-\d{2}-\d{2})(?: |$)/u;

/** The blocks of a note in order. What stands inside a fence of code is text; lines of a point are those that are indented below it. */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.split('\n').map((line) => line.replace(/\r$/u, ''));
  const blocks: Block[] = [];
  let open: { kind: Block['kind']; first: number; lines: string[] } | undefined;
  let inFence = false;
  const close = (): void => {
    if (open) blocks.push(toBlock(open.kind, open.first, open.lines));
    open = undefined;
  };
  for (const [index, line] of lines.entries()) {
    const starts = inFence ? undefined : kindOf(line);
    if (fence.test(line)) inFence = !inFence;
    if (starts === undefined && !inFence && line.trim() === '') close();
    else if (starts !== undefined && (starts !== 'text' || open === undefined || open.kind !== 'text') && !(open?.kind === 'point' && /^\s/u.test(line))) {
      close();
      open = { kind: starts, first: index, lines: [line] };
      if (starts === 'heading') close();
    } else if (open) open.lines.push(line);
    else open = { kind: 'text', first: index, lines: [line] };
  }
  close();
  return blocks;
}

function kindOf(line: string): Block['kind'] | undefined {
  if (line.trim() === '') return undefined;
  if (/^#{1,6} /u.test(line)) return 'heading';
  return mark.test(line) ? 'point' : 'text';
}

function toBlock(kind: Block['kind'], first: number, lines: readonly string[]): Block {
  const last = first + lines.length - 1;
  const whole = lines.map((line, index) => (index === 0 ? (kind === 'point' ? line.replace(mark, '') : line) : line.trim())).join('\n');
  const old = struck.exec(whole.trim());
  const rest = old?.[1] ?? whole.trim();
  const day = kind === 'point' ? dated.exec(rest)?.[1] : undefined;
  return {
    ...{ kind, first, last, text: day === undefined ? rest : rest.slice(day.length).trim() },
    ...(day === undefined ? {} : { day }),
    ...(old?.[2] === undefined ? {} : { until: old[2] }),
  };
}

/** The facts of what is to be kept: a list gives one a point, anything else is one. Blank lines are no part of a fact. */
export function factsOf(text: string): string[] {
  const lines = text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const isList = lines.length > 0 && lines.every((line) => mark.test(line) || /^\s/u.test(line)) && mark.test(lines[0] ?? '');
  if (!isList) return lines.length === 0 ? [] : [lines.map((line) => line.trim()).join('\n')];
  return blocksOf(lines.join('\n')).map((block) => [block.day, block.text].filter((part) => part !== undefined && part !== '').join(' '));
}

/** A fact as a point of a list. It begins with the day, unless it has one itself. */
export function toPoint(fact: string, day: string): string {
  return `- ${dated.test(fact) ? '' : `${day} `}${fact.replaceAll('\n', '\n  ')}`;
}

/** The lines of a block struck through: replaced since that day. */
export function strike(markdown: string, block: Block, day: string): string[] {
  const lines = markdown.split('\n').slice(block.first, block.last + 1);
  const whole = lines.map((line) => line.replace(/\r$/u, '').replace(mark, '').trim().replaceAll('~~', ''));
  return `- ~~${whole.join('\n  ')}~~ (until ${day})`.split('\n');
}

/** Two facts with the same form say the same: case, width, spaces, the day and a full stop at the end do not matter. */
export function plainForm(fact: string): string {
  return fact
    .replace(dated, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[.!。！]+$/u, '');
}

/** Blocks that `what` names: by lines as "3" or "3-4" (1-based), by its whole text, or else by a part of it. */
export function blocksNamed(blocks: readonly Block[], what: string): Block[] {
  const place = /^(\d{1,7})(?:-(\d{1,7}))?$/u.exec(what.trim());
  if (place) {
    const first = Number(place[1]) - 1;
    const last = place[2] === undefined ? first : Number(place[2]) - 1;
    return blocks.filter((block) => block.first <= last && block.last >= first);
  }
  const wanted = plainForm(what.replace(mark, ''));
  if (wanted === '') return [];
  const whole = blocks.filter((block) => plainForm(block.text) === wanted);
  return whole.length > 0 ? whole : blocks.filter((block) => plainForm(block.text).includes(wanted));
}
