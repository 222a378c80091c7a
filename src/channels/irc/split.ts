// Words cut into lines of IRC: measured in bytes, between words where that is possible, and never inside a character.

/** So many lines one part may be: at the usual pace they are out in time. */
const mostLines = 16;
const between = ' / ';

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const size = (text: string): number => Buffer.byteLength(text);

/**
 * `most`: bytes of one line. Empty lines are left out, since IRC has none. A line that goes on in the next ends with its space, or is full.
 * Where there would be too many lines, the shortest neighbours become one.
 */
export function linesOf(text: string, most: number): readonly string[] {
  const whole = text
    .split(/\r\n|[\r\n]/u)
    .map((line) => line.replace(/\p{Cc}/gu, ' ').trimEnd())
    .filter((line) => line !== '');
  const pieces = whole.flatMap((line) => cut(line, most));
  while (pieces.length > mostLines) if (!joinShortest(pieces, most)) return cut(whole.join(between), most);
  return pieces;
}

/** The two neighbours that are the shortest together become one; false where no two fit. */
function joinShortest(pieces: string[], most: number): boolean {
  const sums = pieces.slice(1).map((piece, index) => size(`${pieces[index]}${between}${piece}`));
  const least = Math.min(...sums);
  if (least > most) return false;
  const at = sums.indexOf(least);
  pieces.splice(at, 2, `${pieces[at]}${between}${pieces[at + 1]}`);
  return true;
}

function cut(line: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = line;
  while (size(rest) > most) {
    const head = fitting(rest, most);
    const space = head.lastIndexOf(' ') + 1;
    const piece = space > head.length / 2 ? head.slice(0, space) : head;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return rest.trim() === '' ? pieces : [...pieces, rest];
}

/** Of whole characters as a person counts them; of code points where one alone is too long. */
function fitting(text: string, most: number): string {
  const near = text.slice(0, most);
  for (const units of [Array.from(segments.segment(near), ({ segment }) => segment), [...near]]) {
    let head = '';
    let bytes = 0;
    for (const unit of units) {
      bytes += size(unit);
      if (bytes > most) break;
      head += unit;
    }
    if (head !== '') return head;
  }
  return text.slice(0, 1);
}
