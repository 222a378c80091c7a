// Writes pieces one by one in a dialect, remembering only what is open: any piece can be the first or the last of a part.
import { type Frame, isInline, type Piece } from './pieces.ts';
import type { Style } from './style.ts';
import { isBareLink } from './tree.ts';

/** Frames that are open, innermost first. */
export interface Open {
  readonly frame: Frame;
  readonly below: Open | undefined;
  /** Takes too much of a part: left out, and its content flows on. */
  readonly dropped: boolean;
  readonly whole: boolean;
  /** What this and all below it cost each part, in size. */
  readonly cost: number;
}

export interface Place {
  readonly open: Open | undefined;
  readonly before: string;
  readonly lineStart: boolean;
  readonly afterMark: boolean;
}

export const atStart: Place = { open: undefined, before: '', lineStart: true, afterMark: false };

const inside = (open: Open | undefined, kinds: readonly string[]): boolean => {
  for (let one = open; one; one = one.below) if (!one.dropped && kinds.includes(one.frame.kind)) return true;
  return false;
};
const inBareLink = (open: Open | undefined): boolean => {
  for (let one = open; one; one = one.below) if (one.frame.kind === 'link') return isBareLink(one.frame.words, one.frame.href);
  return false;
};
const framesOf = (open: Open | undefined): Frame[] => {
  const frames: Frame[] = [];
  for (let one = open; one; one = one.below) if (!one.dropped) frames.push(one.frame);
  return frames.reverse();
};

function prefixOf(style: Style, open: Open | undefined, code: boolean): string {
  return framesOf(open)
    .map((frame) => (!code || style.prefixInCode === 'all' || (frame.kind === 'quote' && style.prefixInCode === 'quote') ? style.prefix(frame) : ''))
    .join('');
}

const textPlace = (place: Place) => ({ ...place, code: inside(place.open, ['code', 'pre']), bareLink: inBareLink(place.open) });

/** What one piece is in this style. `place` is where it stands; opening and closing say nothing of the frames around. */
export function write(style: Style, piece: Piece, place: Place): string {
  const { open } = place;
  if (!style.cells && inside(open, ['row'])) return '';
  switch (piece.type) {
    case 'open':
      return linesIn(style, style.open(piece.frame, false, place.before), open, piece.frame);
    case 'close':
      return open === undefined || open.dropped ? '' : linesIn(style, style.close(open.frame), open.below, open.frame);
    case 'text':
      return style.text(piece.text, textPlace(place));
    case 'space':
      return style.space?.(piece.text, textPlace(place)) ?? piece.text;
    case 'rule':
      return style.rule;
    case 'gap': {
      const code = inside(open, ['pre', 'table']);
      if (inside(open, ['table']) && !style.cells) return '';
      const prefix = prefixOf(style, open, code);
      return style
        .gap(piece.gap, code)
        .replace(/\n(?!\n)/gu, `\n${prefix}`)
        .replace(/\n(?=\n)/gu, `\n${prefix.trimEnd()}`);
    }
  }
}

/** Fences and grids bring lines of their own; those carry the prefixes too. */
function linesIn(style: Style, written: string, open: Open | undefined, frame: Frame): string {
  if (!written.includes('\n')) return written;
  return written.replaceAll('\n', `\n${prefixOf(style, open, frame.kind !== 'paragraph')}`);
}

/** Where the next piece stands. `written` is what this one was. */
export function after(piece: Piece, place: Place, written: string, cost: { readonly of: number; readonly dropped: boolean }): Place {
  const before = written === '' ? place.before : lastOf(written);
  switch (piece.type) {
    case 'open':
      return {
        open: { frame: piece.frame, below: place.open, dropped: cost.dropped, whole: piece.whole === true || place.open?.whole === true, cost: cost.of },
        before,
        lineStart: place.lineStart,
        afterMark: place.afterMark && isInline(piece.frame),
      };
    case 'close':
      return {
        open: place.open?.below,
        before,
        lineStart: place.lineStart && written === '',
        afterMark: place.open !== undefined && isInline(place.open.frame),
      };
    case 'gap':
      return { open: place.open, before, lineStart: true, afterMark: false };
    default:
      return { open: place.open, before, lineStart: false, afterMark: false };
  }
}

const lastOf = (text: string): string => (/[\udc00-\udfff]$/.test(text.slice(-1)) ? text.slice(-2) : text.slice(-1));

/** All frames that are open, closed; `cut` where they go on in the next part. */
export function closing(style: Style, open: Open | undefined, cut: boolean): string {
  let out = '';
  for (let one = open; one; one = one.below) if (!one.dropped) out += linesIn(style, style.close(one.frame, cut), one.below, one.frame);
  return out;
}

/** All frames that are open, opened again. A numbered list goes on with the item `next`, or the one it is in. */
export function reopening(style: Style, open: Open | undefined, next: number | undefined): string {
  const stack: Open[] = [];
  for (let one = open; one; one = one.below) if (!one.dropped) stack.unshift(one);
  let out = '';
  for (const [index, { frame, below }] of stack.entries()) {
    const inner = stack[index + 1]?.frame;
    const number = inner?.kind === 'item' ? inner.number : next;
    const now: Frame = frame.kind === 'list' && frame.start !== undefined && number !== undefined ? { kind: 'list', start: number } : frame;
    out += linesIn(style, style.open(now, true, out.at(-1) ?? ''), below, frame);
  }
  return out;
}

/** Pieces that are complete in themselves, as one text. */
export function writeAll(style: Style, pieces: readonly Piece[]): string {
  let place = atStart;
  let out = '';
  for (const piece of pieces) {
    const written = write(style, piece, place);
    out += written;
    place = after(piece, place, written, { of: 0, dropped: false });
  }
  return out;
}
