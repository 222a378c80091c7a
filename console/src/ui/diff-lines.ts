// A unified diff taken apart into lines, with the number each has before and after.

export interface DiffLine {
  readonly kind: 'head' | 'same' | 'added' | 'removed';
  readonly text: string;
  readonly before?: number;
  readonly after?: number;
}

export interface DiffLines {
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
  /** It says where its lines stand. */
  readonly numbered: boolean;
}

const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u;

/** The texts of all lines, joined by line ends, are the diff without the one at its end. */
export function diffLines(diff: string): DiffLines {
  const lines: DiffLine[] = [];
  let [before, after, beforeLeft, afterLeft] = [0, 0, 0, 0];
  let numbered = false;
  const counts = { added: 0, removed: 0 };
  const all = diff.replace(/\n$/u, '').split('\n');
  for (const [index, text] of all.entries()) {
    const inHunk = beforeLeft > 0 || afterLeft > 0;
    const begins = inHunk ? null : hunk.exec(text);
    if (begins) {
      const [, from = '0', fromCount = '1', to = '0', toCount = '1'] = begins;
      [before, after, beforeLeft, afterLeft] = [Number(from), Number(to), Number(fromCount), Number(toCount)];
      numbered = true;
    }
    const kind = begins ? 'head' : kindOf(text, inHunk, all[index - 1], all[index + 1]);
    if (kind === 'added' || kind === 'removed') counts[kind]++;
    const old = inHunk && (kind === 'same' || kind === 'removed');
    const fresh = inHunk && (kind === 'same' || kind === 'added');
    lines.push({ kind, text, ...(old ? { before } : {}), ...(fresh ? { after } : {}) });
    if (old) [before, beforeLeft] = [before + 1, beforeLeft - 1];
    if (fresh) [after, afterLeft] = [after + 1, afterLeft - 1];
  }
  return { lines, ...counts, numbered };
}

/** "---" and "+++" name the files where they stand one above the other outside a hunk; inside, a sign is only a sign. */
function kindOf(text: string, inHunk: boolean, above = '', below = ''): DiffLine['kind'] {
  if (text.startsWith('\\')) return 'head';
  if (!inHunk) {
    if (text.startsWith('--- ') && below.startsWith('+++ ')) return 'head';
    if (text.startsWith('+++ ') && above.startsWith('--- ')) return 'head';
    if (/^(?:@@|diff |index )/u.test(text)) return 'head';
  }
  if (text.startsWith('+')) return 'added';
  return text.startsWith('-') ? 'removed' : 'same';
}
