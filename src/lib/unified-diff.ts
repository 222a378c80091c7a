// A unified diff of two texts: hunks of what differs, with three lines around each.

const around = 3;
/** Pairs of lines that are compared; where there are more, what lies between the first and the last difference counts as another text. */
const mostPairs = 1_000_000;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Empty when the texts are equal; otherwise a diff that patch(1) applies. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = compared(splitLines(before), splitLines(after));
  const hunks: string[] = [];
  let [old, fresh] = [0, 0];
  for (let index = 0, next = nextChange(lines, 0); next < lines.length; next = nextChange(lines, index)) {
    const start = Math.max(index, next - around);
    [old, fresh] = [old + start - index, fresh + start - index];
    const hunk = lines.slice(start, endOfHunk(lines, start));
    const [oldCount, freshCount] = [hunk.filter(({ sign }) => sign !== '+').length, hunk.filter(({ sign }) => sign !== '-').length];
    hunks.push(`@@ -${range(old, oldCount)} +${range(fresh, freshCount)} @@\n${hunk.map(mark).join('')}`);
    [index, old, fresh] = [start + hunk.length, old + oldCount, fresh + freshCount];
  }
  return `--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
}

/** All lines of both texts, those they share once. */
function compared(old: readonly string[], fresh: readonly string[]): readonly Line[] {
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
  const as = (sign: Line['sign'], texts: readonly string[]): Line[] => texts.map((text) => ({ sign, text }));
  const middle = between(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  return [...as(' ', old.slice(0, head)), ...middle, ...as(' ', old.slice(old.length - tail))];
}

/** By the longest common subsequence. */
function between(old: readonly string[], fresh: readonly string[]): readonly Line[] {
  const width = fresh.length + 1;
  const most = old.length * fresh.length > mostPairs ? undefined : new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => most?.[i * width + j] ?? 0;
  if (most)
    for (let i = old.length - 1; i >= 0; i--)
      for (let j = fresh.length - 1; j >= 0; j--) most[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  for (let [i, j] = [0, 0]; i < old.length || j < fresh.length; ) {
    const [from, to] = [old[i], fresh[j]];
    if (most && from !== undefined && from === to) {
      lines.push({ sign: ' ', text: from });
      [i, j] = [i + 1, j + 1];
    } else if (from !== undefined && (to === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: from });
      i++;
    } else if (to !== undefined) {
      lines.push({ sign: '+', text: to });
      j++;
    }
  }
  return lines;
}

/** Index of the next line that differs; the end where none does. */
function nextChange(lines: readonly Line[], from: number): number {
  let index = from;
  while (index < lines.length && lines[index]?.sign === ' ') index++;
  return index;
}

/** Behind the last line of the hunk that begins here: changes with few lines between them share one. */
function endOfHunk(lines: readonly Line[], start: number): number {
  let end = nextChange(lines, start);
  for (let next = end; next < lines.length && next <= end + 2 * around; next = nextChange(lines, end)) {
    end = next;
    while (end < lines.length && lines[end]?.sign !== ' ') end++;
  }
  return Math.min(lines.length, end + around);
}

/** Lines with their line ends; the last may have none. */
function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function mark({ sign, text }: Line): string {
  return text.endsWith('\n') ? sign + text : `${sign}${text}\n\\ No newline at end of file\n`;
}

function range(start: number, count: number): string {
  return `${count === 0 ? start : start + 1},${count}`;
}
