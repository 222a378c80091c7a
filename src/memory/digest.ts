// The digest of MEMORY.md that every prompt of the agent's own conversations holds. The same file gives the same bytes.
import { type Block, blocksOf } from './note.ts';

/** Bytes of a digest at most. */
export const digestBytes = 2048;
/** One block that is longer gives its beginning, where not all fits. */
const blockBytes = 512;

export interface Digest {
  readonly text: string;
  /** Notes that found no room, and their bytes. */
  readonly leftNotes: number;
  readonly leftBytes: number;
}

interface Piece extends Block {
  readonly raw: string;
  readonly bytes: number;
  /** Headings it stands below, outermost first. */
  readonly above: readonly Piece[];
}

/**
 * Replaced notes are left out. Where the rest fits, it is the rest. Else half of the room is for what has no day, from the top, and half for
 * dated notes, the newest first; bold ones come before others, and room that one half does not need is the other's. The order of the file stays,
 * and a heading comes along with what stands below it.
 */
export function digestOf(markdown: string): Digest {
  const blocks = blocksOf(markdown);
  const holding = blocks.filter((block) => block.until === undefined);
  const whole = markdown.trim();
  if (holding.length === blocks.length && Buffer.byteLength(whole) <= digestBytes) return { text: whole, leftNotes: 0, leftBytes: 0 };
  const pieces = piecesOf(holding, markdown);
  if (bytesOf(pieces) <= digestBytes) return { text: join(pieces), leftNotes: 0, leftBytes: 0 };
  const notes = pieces.filter(({ kind }) => kind !== 'heading').map(shortened);
  const dated = notes.filter(({ day }) => day !== undefined).sort((one, other) => bold(one, other) || compare(other.day, one.day) || other.first - one.first);
  const others = notes.filter(({ day }) => day === undefined).sort(bold);
  const kept = new Set<Piece>();
  let size = 0;
  /** Takes notes as they come until one does not fit any more. */
  const take = (from: readonly Piece[], most: number): void => {
    for (const note of from) {
      if (kept.has(note)) continue;
      const added = [...note.above.filter((heading) => !kept.has(heading)), note];
      const more = bytesOf(added);
      if (size + more > most) return;
      for (const piece of added) kept.add(piece);
      size += more;
    }
  };
  take(others, digestBytes / 2);
  take(dated, digestBytes);
  take(others, digestBytes);
  const left = notes.filter((note) => !kept.has(note));
  const text = join([...kept].sort((one, other) => one.first - other.first));
  return { text, leftNotes: left.length, leftBytes: left.reduce((sum, { bytes }) => sum + bytes, 0) };
}

const compare = (one = '', other = ''): number => (one < other ? -1 : one > other ? 1 : 0);
const bold = (one: Piece, other: Piece): number => Number(/\*\*|__/u.test(other.raw)) - Number(/\*\*|__/u.test(one.raw));

function piecesOf(blocks: readonly Block[], markdown: string): Piece[] {
  const lines = markdown.split('\n');
  let above: Piece[] = [];
  return blocks.map((block) => {
    const raw = lines
      .slice(block.first, block.last + 1)
      .join('\n')
      .trimEnd();
    const outer = block.kind === 'heading' ? above.filter((heading) => heading.raw.indexOf(' ') < raw.indexOf(' ')) : above;
    const piece: Piece = { ...block, raw, bytes: Buffer.byteLength(raw), above: outer };
    if (block.kind === 'heading') above = [...outer, shortened(piece)];
    return block.kind === 'heading' ? (above.at(-1) ?? piece) : piece;
  });
}

function shortened(piece: Piece): Piece {
  if (piece.bytes <= blockBytes) return piece;
  const raw = `${Buffer.from(piece.raw)
    .subarray(0, blockBytes)
    .toString()
    .replace(/\uFFFD+$/u, '')}…`;
  return { ...piece, raw };
}

/** At most what `join` makes of them. */
function bytesOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { raw }) => sum + Buffer.byteLength(raw) + 2, 0);
}

/** Points follow each other; before anything else stands an empty line. */
function join(pieces: readonly Piece[]): string {
  return pieces
    .map(({ kind, raw }, index) => (index === 0 ? raw : `${kind === 'point' && pieces[index - 1]?.kind === 'point' ? '\n' : '\n\n'}${raw}`))
    .join('');
}
