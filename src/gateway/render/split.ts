// Cuts the pieces into parts that fit: between blocks where it can, then between lines, sentences, words; inside a word only when nothing else is left.

import { isSeen } from './open-text.ts';
import { isAttached, isInline, type Piece } from './pieces.ts';
import type { Style } from './style.ts';
import { after, atStart, closing, type Open, type Place, reopening, write } from './write.ts';

export interface RenderedPart {
  /** In the dialect; never empty. */
  readonly text: string;
  /** The same without markup, in dialects that send both. */
  readonly plain?: string;
}

/** Kinds of places to cut at, best last, and how full a part must be for each, as a share of the limit. */
const fullEnough = { inside: 2, between: 0, word: 0.3, sentence: 0.6, line: 0.5, block: 0.25 } as const;
type Kind = keyof typeof fullEnough;
const byRank: readonly Kind[] = ['block', 'line', 'sentence', 'word', 'between'];

/** Where a part begins: this far into this piece, with these frames open. */
interface Start {
  readonly piece: number;
  readonly offset: number;
  readonly open: Open | undefined;
}

interface Cut {
  /** How many written pieces belong to the part. */
  readonly written: number;
  readonly open: Open | undefined;
  readonly used: number;
  readonly next: Start;
}

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const sentenceEnd = /[.!?…:;。！？]["'”’)\]]?$/u;

export function split(pieces: readonly Piece[], style: Style, limit: number): RenderedPart[] {
  const parts: RenderedPart[] = [];
  let start: Start | undefined = { piece: 0, offset: 0, open: undefined };
  while (start !== undefined) {
    const filled = fill(pieces, style, limit, start);
    if (filled.part !== undefined) parts.push(filled.part);
    start = filled.next;
  }
  return parts;
}

/** What a written text uses of the limit, and the bytes and marks that are bounded beside it. */
function scale(style: Style, limit: number) {
  const bytes = style.bytesPerUnit === undefined ? Number.POSITIVE_INFINITY : style.bytesPerUnit * limit;
  const weigh = (written: string): number => (style.bytesPerUnit === undefined ? 0 : Buffer.byteLength(written));
  return {
    weigh,
    fits: (size: number, weight: number, marks: number): boolean => size <= limit && weight <= bytes && marks <= (style.mostMarks ?? Number.POSITIVE_INFINITY),
  };
}

function fill(pieces: readonly Piece[], style: Style, limit: number, from: Start): { readonly part?: RenderedPart; readonly next: Start | undefined } {
  const { weigh, fits } = scale(style, limit);
  const beside = style.plain;
  const start = settle(pieces, from);
  const firstItem = pieces.slice(start.piece, start.piece + 2).find((piece) => piece.type === 'open');
  const next = firstItem?.type === 'open' && firstItem.frame.kind === 'item' ? firstItem.frame.number : undefined;
  const written: string[] = [reopening(style, start.open, next)];
  const plain: string[] = [beside ? reopening(beside, start.open, next) : ''];
  const first = written[0] ?? '';
  let used = style.size(first, plain[0] ?? '');
  let weight = weigh(first);
  let marks = countMarks(start.open);
  let place: Place = { ...atStart, open: start.open, before: first.at(-1) ?? '' };
  let placePlain: Place = { ...place, before: plain[0]?.at(-1) ?? '' };
  let seen = false;
  const cuts = new Map<Kind, Cut>();
  const endOf = (open: Open | undefined) => {
    const text = closing(style, open, false);
    return { open, size: style.size(text, beside ? closing(beside, open, false) : ''), weight: weigh(text) };
  };
  let end = endOf(start.open);

  const partUntil = (cut: Pick<Cut, 'written' | 'open'>): RenderedPart | undefined => {
    const text = written.slice(0, cut.written).join('') + closing(style, cut.open, true);
    const plainText = beside && plain.slice(0, cut.written).join('') + closing(beside, cut.open, true);
    return seen ? { text, ...(plainText === undefined ? {} : { plain: plainText }) } : undefined;
  };
  /** The piece written in both, and whether the part still fits with it and everything closed. */
  const trying = (piece: Piece) => {
    const dropped = piece.type === 'open' && tooDear(style, limit, piece, place);
    const text = dropped ? '' : write(style, piece, place);
    const words = beside && !dropped ? write(beside, piece, placePlain) : '';
    const of = place.open?.cost ?? 0;
    const cost = { of: piece.type === 'open' && !dropped ? of + costOf(style, piece, place) : of, dropped };
    const now = after(piece, place, text, cost);
    const size = used + style.size(text, words);
    const heavy = weight + weigh(text);
    const many = marks + (piece.type === 'open' && isInline(piece.frame) ? 1 : 0);
    // Between two words nothing opens or closes.
    if (end.open !== now.open) end = endOf(now.open);
    return {
      text,
      words,
      cost,
      size,
      heavy,
      many,
      now,
      fits: fits(size + end.size, heavy + end.weight, many),
    };
  };

  for (let index = start.piece; index < pieces.length; index++) {
    const whole = pieces[index] as Piece;
    const piece: Piece = index === start.piece && start.offset > 0 && whole.type === 'text' ? { ...whole, text: whole.text.slice(start.offset) } : whole;
    const kind = seen ? kindBefore(pieces, index, place) : undefined;
    if (kind !== undefined) {
      const gone = piece.type === 'gap' || piece.type === 'space' ? 1 : 0;
      cuts.set(kind, { written: written.length, open: place.open, used, next: { piece: index + gone, offset: 0, open: place.open } });
    }
    // No character takes less than one of the limit: the rest of a long word need not be looked at.
    const tried = trying(piece.type === 'text' ? { type: 'text', text: piece.text.slice(0, limit + 1) } : piece);
    if (!tried.fits) {
      const offset = index === start.piece ? start.offset : 0;
      const best = bestOf(cuts, limit);
      if (piece.type === 'text' && (best === undefined || tried.size - used > limit / 2)) {
        const length = longestFitting(piece.text, limit, (text) => trying({ type: 'text', text }).fits, best === undefined && !seen);
        if (length > 0) {
          const taken = trying({ type: 'text', text: piece.text.slice(0, length) });
          written.push(taken.text);
          plain.push(taken.words);
          seen ||= isSeen(taken.text);
          const part = partUntil({ written: written.length, open: place.open });
          return { ...(part ? { part } : {}), next: { piece: index, offset: offset + length, open: place.open } };
        }
      }
      const cut = best ?? cuts.get('inside');
      if (cut !== undefined) {
        const part = partUntil(cut);
        return { ...(part ? { part } : {}), next: cut.next };
      }
    }
    written.push(tried.text);
    plain.push(tried.words);
    used = tried.size;
    weight = tried.heavy;
    marks = tried.many;
    seen ||= (piece.type === 'text' || piece.type === 'rule' || (piece.type === 'open' && piece.frame.kind === 'row')) && isSeen(tried.text);
    place = tried.now;
    if (beside) placePlain = after(piece, placePlain, tried.words, tried.cost);
  }
  const part = partUntil({ written: written.length, open: place.open });
  return { ...(part ? { part } : {}), next: undefined };
}

/** Frames that end at once are not opened again, and a part does not begin with a space. */
function settle(pieces: readonly Piece[], start: Start): Start {
  let { piece, open } = start;
  if (start.offset > 0) return start;
  for (; piece < pieces.length; piece++) {
    const type = pieces[piece]?.type;
    if (type === 'close') open = open?.below;
    else if (type !== 'space' && type !== 'gap') break;
  }
  return { piece, offset: 0, open };
}

/** Which kind of place it is before this piece; none where a cut would leave an empty frame or part what belongs together. */
function kindBefore(pieces: readonly Piece[], index: number, place: Place): Kind | undefined {
  const piece = pieces[index];
  const previous = pieces[index - 1];
  if (piece === undefined || piece.type === 'close' || previous === undefined || previous.type === 'open') return undefined;
  const before = previous.type === 'text' ? previous.text : '';
  if (piece.type === 'text' && isAttached(piece.text)) return undefined;
  if (place.open?.whole === true) return 'inside';
  if (piece.type === 'gap') return piece.stays === true ? 'word' : piece.gap === 'block' ? 'block' : 'line';
  if (piece.type === 'space') return sentenceEnd.test(before) ? 'sentence' : 'word';
  if (previous.type === 'space') return undefined;
  return /[。！？]$/u.test(before) ? 'sentence' : /[，、；：]$/u.test(before) ? 'word' : 'between';
}

function bestOf(cuts: ReadonlyMap<Kind, Cut>, limit: number): Cut | undefined {
  for (const kind of byRank) {
    const cut = cuts.get(kind);
    if (cut !== undefined && cut.used >= fullEnough[kind] * limit) return cut;
  }
  return byRank.map((kind) => cuts.get(kind)).reduce((best, cut) => (cut !== undefined && cut.used > (best?.used ?? -1) ? cut : best), undefined);
}

/** How many characters fit, whole grapheme clusters of them. `atLeastOne`: one character even when it alone does not fit. */
function longestFitting(text: string, limit: number, fits: (text: string) => boolean, atLeastOne: boolean): number {
  const window = text.slice(0, limit + 64);
  const ends = Array.from(segments.segment(window), ({ index, segment }) => index + segment.length);
  // The last cluster may go on behind the window.
  if (window.length < text.length) ends.pop();
  const found = longest(ends, window, fits);
  if (found > 0 || !atLeastOne) return found;
  const points: number[] = [];
  for (const point of window) points.push((points.at(-1) ?? 0) + point.length);
  return longest(points, window, fits) || (points[0] ?? 1);
}

function longest(ends: readonly number[], text: string, fits: (text: string) => boolean): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(text.slice(0, ends[middle - 1]))) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? 0 : (ends[low - 1] ?? 0);
}

/** What a frame costs each part that it is open in. */
function costOf(style: Style, { frame }: Extract<Piece, { type: 'open' }>, { before }: Place): number {
  const cost = (one: Style): string => one.open(frame, true, before) + one.prefix(frame) + one.close(frame);
  return style.size(cost(style), style.plain ? cost(style.plain) : '');
}

/** Frames leave most of each part to its content. Tables and their cells were measured before. */
function tooDear(style: Style, limit: number, piece: Extract<Piece, { type: 'open' }>, place: Place): boolean {
  if (['table', 'row', 'cell'].includes(piece.frame.kind)) return false;
  for (let one = place.open; one; one = one.below) if (one.frame.kind === 'row') return false;
  const share = isInline(piece.frame) || piece.frame.kind === 'pre' ? 5 / 8 : 1 / 4;
  return (place.open?.cost ?? 0) + costOf(style, piece, place) > limit * share;
}

function countMarks(open: Open | undefined): number {
  let count = 0;
  for (let one = open; one; one = one.below) if (isInline(one.frame)) count += 1;
  return count;
}
