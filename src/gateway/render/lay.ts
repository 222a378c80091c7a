// Lays the tree out in pieces for one dialect: what it cannot show becomes what it can.
import { layOut, measure } from './grid.ts';
import { type Frame, type Piece, words } from './pieces.ts';
import type { Style } from './style.ts';
import { type Block, type Cell, type Inline, plainText, saysTarget, type Table, targetOf } from './tree.ts';
import { writeAll } from './write.ts';

/** Lists and quotes nested deeper flow on at this depth. */
const deepest = 10;
/** Wider tables are unreadable in fixed width; they become one paragraph per row. */
const widest = 120;
/** What is repeated in each row may make a table larger than it was written: up to so many characters, or so many times. */
const repeated = { characters: 20_000, times: 8 };
/** Longer column names are said in full once, where rows repeat them too often. */
const longName = 40;
/** Code and links are kept whole up to so many characters. */
const mostWhole = 120;

export interface LayOptions {
  readonly style: Style;
  readonly limit: number;
  /** Takes a block that is better sent as a file, and returns what to say in its place. */
  readonly setAside?: (block: Extract<Block, { type: 'code' | 'table' }>, size: number) => string | undefined;
}

export function lay(tree: readonly Block[], options: LayOptions): Piece[] {
  const { style, limit } = options;
  const out: Piece[] = [];
  const open = (frame: Frame, whole = false): void => void out.push({ type: 'open', frame, ...(whole ? { whole } : {}) });
  const close = (): void => void out.push({ type: 'close' });
  const say = (text: string): void => {
    for (const word of words(text)) out.push(word);
  };
  const size = (written: string): number => style.size(written, style.plain ? written : '');

  const inlines = (children: readonly Inline[], around: readonly Frame[]): void => {
    /** A frame holds no space at its edges: there it is no markup in some dialects. */
    const framed = (frame: Frame, whole: boolean, content: () => void): void => {
      const from = out.length;
      open(frame, whole);
      content();
      const [opened, first] = out.slice(from, from + 2);
      if (opened?.type === 'open' && first?.type === 'space') out.splice(from, 2, first, opened);
      const last = out.at(-1);
      if (last?.type === 'open') out.pop();
      else if (last?.type === 'space' && out.at(-2)?.type !== 'open') out.splice(-1, 1, { type: 'close' }, last);
      else close();
    };
    for (const child of children) {
      if (child.type === 'text') say(child.text);
      else if (child.type === 'code') {
        if (!style.spans(child.text)) say(child.text);
        else framed({ kind: 'code', text: child.text }, child.text.length <= mostWhole, () => say(child.text));
      } else if (child.type === 'mark') {
        if (around.some(({ kind }) => kind === child.mark)) inlines(child.children, around);
        else framed({ kind: child.mark }, false, () => inlines(child.children, [...around, { kind: child.mark }]));
      } else if (child.type === 'link') {
        const text = plainText(child.children);
        const frame: Frame = { kind: 'link', href: child.href, words: text };
        const cost = size(style.open(frame, false, '') + style.close(frame)) + (style.bytesPerUnit === undefined ? 0 : child.href.length / style.bytesPerUnit);
        if (style.links.test(child.href) && cost <= limit / 4) framed(frame, text.length <= mostWhole, () => inlines(child.children, [...around, frame]));
        else {
          inlines(child.children, around);
          if (!saysTarget(text, child.href)) say(` (${targetOf(child.href)})`);
        }
      } else lineEnd(around.length);
    }
  };

  /** Frames that look end with the line and begin anew in the next; some dialects know no others. */
  const lineEnd = (depth: number): void => {
    const reopened: Piece[] = [];
    for (let level = 0; level < depth; level++) {
      const last = out.at(-1);
      if (last?.type === 'open') reopened.unshift(out.pop() as Piece);
      else {
        reopened.unshift(opener(out));
        close();
      }
    }
    out.push({ type: 'gap', gap: 'line' }, ...reopened);
  };

  const code = (text: string, language = ''): void => {
    open({ kind: 'pre', language, fence: fenceFor(text) });
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0) out.push({ type: 'gap', gap: 'line' });
      if (line !== '') out.push({ type: 'text', text: line });
    }
    close();
  };

  let tables = 0;
  const table = (block: Table): void => {
    const framed = style.cells && tables < (style.mostTables ?? Number.POSITIVE_INFINITY);
    const rowOf = (cells: readonly Cell[], header: boolean, line: string): Piece[] => {
      const from = out.length;
      open({ kind: 'row', line }, true);
      for (const [column, cell] of cells.entries()) {
        open({ kind: 'cell', align: block.align[column] ?? 'left', header });
        inlines(withoutBreaks(style.commonMark === true ? withoutPipes(cell) : cell), []);
        close();
      }
      close();
      return out.splice(from);
    };
    const measured = measure(block);
    if ((!framed && measured.width > widest) || tooLarge(measured.width * measured.texts.length, block)) {
      records(block);
      return;
    }
    const grid = layOut(measured, block.align);
    if (style.cells && !framed) {
      code([grid.head, ...grid.rows].join('\n'));
      return;
    }
    const fence = fenceFor([grid.head, ...grid.rows].join('\n'));
    const head = rowOf(block.header, true, '');
    const frame: Frame = { kind: 'table', grid: grid.head, head: style.cells ? writeAll(style, head) : '', columns: block.header.length, fence };
    const rows = block.rows.map((row, index) => rowOf(row, false, grid.rows[index] ?? ''));
    const tall = rows.map((row) => sizeOf(style, row));
    const base = style.size(
      style.open(frame, false, '') + style.close(frame),
      style.plain ? style.plain.open(frame, false, '') + style.plain.close(frame) : '',
    );
    if (base + tall.reduce((most, one) => Math.max(most, one), 0) > limit / 2) {
      records(block);
      return;
    }
    tables += 1;
    open(frame);
    for (const [index, row] of rows.entries()) out.push(...(index > 0 ? [{ type: 'gap', gap: 'item' } as const] : []), ...row);
    close();
  };

  /** A table without columns: what each row says, header by header. */
  const records = (whole: Table): void => {
    const { header, rows } = whole;
    const names = header.map((cell) => plainText(cell).trim());
    const long = tooLarge(names.reduce((sum, name) => sum + name.length, 0) * rows.length, whole);
    for (const [index, row] of (rows.length > 0 ? rows : [header.map(() => [])]).entries()) {
      if (index > 0) out.push({ type: 'gap', gap: 'block' });
      open({ kind: 'paragraph' });
      for (const [column, cell] of row.entries()) {
        if (column > 0) out.push({ type: 'gap', gap: 'line' });
        inlines(
          [
            {
              type: 'mark',
              mark: 'strong',
              children: [{ type: 'text', text: `${long && index > 0 ? shortened(names[column] ?? '') : (names[column] ?? '')}:` }],
            },
            { type: 'text', text: ' ' },
            ...withoutBreaks(cell),
          ],
          [],
        );
      }
      close();
    }
  };

  const block = (one: Block, depth: number, quotes: number, bare: boolean): void => {
    switch (one.type) {
      case 'paragraph':
        if (!bare) open({ kind: 'paragraph' });
        inlines(one.children, []);
        if (!bare) close();
        break;
      case 'heading': {
        const bold = style.boldHeading(one.depth);
        open(bold ? { kind: 'paragraph' } : { kind: 'heading', depth: one.depth });
        inlines(bold ? [{ type: 'mark', mark: 'strong', children: one.children }] : one.children, []);
        close();
        break;
      }
      case 'code':
        code(one.text, one.language);
        break;
      case 'quote':
        if (depth < deepest) open({ kind: 'quote', depth: quotes + 1 });
        blocks(one.children, depth + 1, quotes + 1, false);
        if (depth < deepest) close();
        break;
      case 'list':
        list(one, depth, quotes);
        break;
      case 'table':
        table(one);
        break;
      case 'rule':
        out.push({ type: 'rule' });
    }
  };

  const list = ({ start, loose, items }: Extract<Block, { type: 'list' }>, depth: number, quotes: number): void => {
    const flat = depth >= deepest;
    if (!flat) open({ kind: 'list', ...(start === undefined ? {} : { start }) });
    for (const [index, item] of items.entries()) {
      if (index > 0) out.push({ type: 'gap', gap: loose || flat ? 'block' : 'item' });
      if (!flat) open({ kind: 'item', ...(start === undefined ? {} : { number: start + index }) });
      blocks(item, flat ? depth : depth + 1, quotes, !loose && !flat);
      if (!flat) close();
    }
    if (!flat) close();
  };

  /** `tight`: the blocks of one item without empty lines; its paragraphs are bare lines. */
  const blocks = (many: readonly Block[], depth: number, quotes: number, tight: boolean): void => {
    let previous: Block | undefined;
    for (const one of many) {
      const instead = one.type === 'code' || one.type === 'table' ? options.setAside?.(one, size(one.type === 'code' ? one.text : one.source)) : undefined;
      const from = out.length;
      if (previous) {
        const close = tight && (one.type === 'list' || one.type === 'paragraph') && !(style.commonMark === true && flowsOn(previous, one));
        out.push({ type: 'gap', gap: close ? 'item' : 'block', ...(previous.type === 'heading' ? { stays: true } : {}) });
      }
      const begun = out.length;
      block(
        instead === undefined ? one : { type: 'paragraph', children: [{ type: 'text', text: instead }] },
        depth,
        quotes,
        tight && previous?.type !== 'paragraph',
      );
      if (out.length === begun) out.length = from;
      else previous = one;
    }
  };

  blocks(tree, 0, 0, false);
  return out;
}

/** In CommonMark the second would be read as lines of the first, without an empty one between them. */
const flowsOn = (first: Block, second: Block): boolean =>
  !['paragraph', 'heading', 'code'].includes(first.type) || first.type === second.type || (second.type === 'list' && (second.start ?? 1) !== 1);

const withoutPipes = (cell: Cell): Inline[] =>
  cell.map((one) => {
    if (one.type === 'code') return one.text.includes('|') ? { type: 'text', text: one.text } : one;
    return one.type === 'mark' || one.type === 'link' ? { ...one, children: withoutPipes(one.children) } : one;
  });
const withoutBreaks = (cell: Cell): Inline[] => cell.map((one) => (one.type === 'break' ? { type: 'text', text: ' ' } : one));
const sizeOf = (style: Style, pieces: readonly Piece[]): number => style.size(writeAll(style, pieces), style.plain ? writeAll(style.plain, pieces) : '');

const tooLarge = (characters: number, { source }: Table): boolean => characters > Math.max(repeated.characters, source.length * repeated.times);
const shortened = (name: string): string => (name.length <= longName ? name : `${name.slice(0, longName).replace(/[\ud800-\udbff]$/, '')}…`);

/** A fence longer than any in the text. */
const fenceFor = (text: string): number => (text.match(/`{3,}/gu) ?? []).reduce((most, run) => Math.max(most, run.length + 1), 3);

/** The frame that is open at the end of the pieces. */
function opener(pieces: readonly Piece[]): Piece {
  let closed = 0;
  for (let index = pieces.length - 1; index >= 0; index--) {
    const piece = pieces[index];
    if (piece?.type === 'close') closed += 1;
    else if (piece?.type === 'open') {
      if (closed === 0) return piece;
      closed -= 1;
    }
  }
  return { type: 'close' };
}
