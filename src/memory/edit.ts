// Changes of one note file as text: add a fact, replace one, take one out. What is not touched keeps its bytes, line ends too.
import { CoPawError } from '../core/error.ts';
import type { WrittenNote } from '../core/memory.ts';
import { type Block, blocksNamed, blocksOf, factsOf, plainForm, strike, toPoint } from './note.ts';

export interface Added {
  readonly markdown: string;
  readonly result: WrittenNote['result'];
  /** 1-based, inclusive. */
  readonly lines: readonly [number, number];
  /** Those that are new, as they stand in the file. */
  readonly points: readonly string[];
}

/** `day`: today, YYYY-MM-DD. Throws `invalid`, `not-found` or `conflict`. */
export function addNote(markdown: string, text: string, day: string, replaces?: string): Added {
  const wanted = factsOf(text);
  if (wanted.length === 0) throw new CoPawError('invalid', 'There is nothing to note.');
  const blocks = blocksOf(markdown).filter(({ kind }) => kind !== 'heading');
  const old = replaces === undefined ? undefined : oneNamed(blocks, replaces);
  if (old?.until !== undefined) throw new CoPawError('conflict', `That note was replaced on ${old.until} already.`, { next: 'Name the one that holds now.' });
  const known = new Map(blocks.filter(({ until }) => until === undefined).map((block) => [plainForm(block.text), block]));
  const added = wanted.filter((fact) => !known.has(plainForm(fact)));
  const last = known.get(plainForm(wanted.at(-1) ?? ''));
  if (added.length === 0 && (old === undefined || old === last)) {
    return { markdown, result: 'known', lines: linesOf(last), points: [] };
  }
  const points = added.map((fact) => toPoint(fact, day));
  const lineEnd = /\r\n/u.test(markdown) ? '\r' : '';
  const own = points.flatMap((point) => point.split('\n')).map((line) => `${line}${lineEnd}`);
  const lines = markdown.split('\n');
  if (old) {
    const struck = strike(markdown, old, day).map((line) => `${line}${lineEnd}`);
    lines.splice(old.first, old.last - old.first + 1, ...struck, ...own);
    const first = old.first + struck.length + 1;
    const whole = lines.join('\n');
    return {
      markdown: whole.endsWith('\n') ? whole : `${whole}\n`,
      result: 'replaced',
      lines: own.length === 0 ? linesOf(last) : [first, first + own.length - 1],
      points,
    };
  }
  const before = markdown === '' || markdown.endsWith('\n') ? markdown : `${markdown}${lineEnd}\n`;
  const first = before.split('\n').length;
  return { markdown: `${before}${own.join('\n')}\n`, result: 'added', lines: [first, first + own.length - 1], points };
}

/** Without the note that `what` names. Throws `not-found` or `conflict`. Several lines may go at once, where they are named as lines. */
export function takeOut(markdown: string, what: string): { readonly markdown: string; readonly text: string; readonly lines: readonly [number, number] } {
  const blocks = blocksOf(markdown);
  const [first, last] =
    /^\d/u.test(what.trim()) && /^[\d-]+$/u.test(what.trim()) ? spanOf(blocksNamed(blocks, what), what) : spanOf([oneNamed(blocks, what)], what);
  const lines = markdown.split('\n');
  const text = lines.slice(first, last + 1).join('\n');
  lines.splice(first, last - first + 1);
  // Two empty lines where there was one above and one below.
  if (lines[first]?.trim() === '' && first > 0 && lines[first - 1]?.trim() === '') lines.splice(first, 1);
  return { markdown: lines.join('\n'), text, lines: [first + 1, last + 1] };
}

const linesOf = (block: Block | undefined): readonly [number, number] => (block ? [block.first + 1, block.last + 1] : [1, 1]);

function spanOf(blocks: readonly Block[], what: string): readonly [number, number] {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (!first || !last) throw notFound(what);
  return [first.first, last.last];
}

/** A replaced note gives way to one that holds: naming the text of both means the latter. */
function oneNamed(blocks: readonly Block[], what: string): Block {
  const found = blocksNamed(blocks, what);
  const holding = found.filter(({ until }) => until === undefined);
  const [one, second] = holding.length > 0 ? holding : found;
  if (!one) throw notFound(what);
  if (!second) return one;
  const places = (holding.length > 0 ? holding : found).slice(0, 5).map((block) => `${block.first + 1}: ${block.text.slice(0, 80)}`);
  throw new CoPawError('conflict', `Several notes fit ${JSON.stringify(what.slice(0, 80))}: ${places.join(' | ')}`, { next: 'Name one by its line.' });
}

function notFound(what: string): CoPawError {
  return new CoPawError('not-found', `No note fits ${JSON.stringify(what.slice(0, 80))}; nothing was changed.`, {
    next: 'Read the file, then name the note by its line.',
  });
}
