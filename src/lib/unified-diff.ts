// A unified diff with one hunk: everything between the common head and the common tail of two texts, with three lines around it.

const around = 3;

/** Empty when the texts are equal; otherwise a diff that patch(1) applies. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const old = splitLines(before);
  const fresh = splitLines(after);
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;

  const start = Math.max(0, head - around);
  const oldEnd = Math.min(old.length, old.length - tail + around);
  const freshEnd = Math.min(fresh.length, fresh.length - tail + around);
  const body = [
    ...old.slice(start, head).map((line) => mark(' ', line)),
    ...old.slice(head, old.length - tail).map((line) => mark('-', line)),
    ...fresh.slice(head, fresh.length - tail).map((line) => mark('+', line)),
    ...old.slice(old.length - tail, oldEnd).map((line) => mark(' ', line)),
  ];
  return `--- a/${path}\n+++ b/${path}\n@@ -${range(start, oldEnd)} +${range(start, freshEnd)} @@\n${body.join('')}`;
}

/** Lines with their line ends; the last may have none. */
function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function mark(sign: string, line: string): string {
  return line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}

function range(start: number, end: number): string {
  const count = end - start;
  return `${count === 0 ? start : start + 1},${count}`;
}
