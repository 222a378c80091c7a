// Finds the words of one language for what the server says, which is English.

/** `named`: what a word of the server is called there. Undefined where there are no words for what was said. */
export type Said = (said: string, named?: (word: string) => string) => string | undefined;

/** `depth`: in how many holes `said` stands. */
type Find = (said: string, named: (word: string) => string, depth: number) => string | undefined;

interface Template {
  /** What stands between the holes. */
  readonly english: readonly string[];
  readonly there: string;
}

export const hole = '{}';
/** Longer than anything that is said; what is, holds the text of somebody else. */
const longest = 4_000;
/** What the server puts into a hole has holes of its own, no more than so deep; a text that goes deeper was made to. */
const deepest = 3;
/** Of a list, or of sentences in a row: each is looked for by itself, and together with those behind it. */
const mostInRow = 12;
const mostListed = 40;

/**
 * `table`: sentences of the server by what they are there. `{}` stands for what differs, in the same order on both sides;
 * `{1}` for the second of these. What fills a hole is said there too where it is known.
 */
export function sayer(table: Readonly<Record<string, string>>): Said {
  const weight = ({ english }: Template): number => english.join('').length;
  // The one that says most comes first: others may fit as well.
  const templates = Object.entries(table)
    .filter(([english]) => english.includes(hole))
    .map(([english, there]) => ({ english: english.split(hole), there }))
    .sort((one, other) => weight(other) - weight(one));

  const whole: Find = (said, named, depth) => {
    if (Object.hasOwn(table, said)) return table[said];
    for (const { english, there } of templates) {
      const found = fillings(said, english);
      if (found)
        return filled(
          there,
          // A single word is a name: of a file, say, that is called like one of ours.
          found.map((one) => listed(one, named) ?? (one.includes(' ') ? say(one, named, depth + 1) : undefined) ?? one),
        );
    }
    return labelled(said, named, depth);
  };

  /** What is said of one thing, whose path stands in front: "limits.dayCost: Invalid input." */
  const labelled: Find = (said, named, depth) => {
    const at = said.indexOf(': ');
    const label = said.slice(0, Math.max(at, 0));
    if (label === '' || label.includes(' ')) return undefined;
    const rest = said.slice(at + 2);
    // A stop that was set behind it is none of its words.
    const there = (rest.endsWith('.') ? say(rest.slice(0, -1), named, depth + 1) : undefined) ?? say(rest, named, depth + 1);
    return there === undefined ? undefined : `${label}：${there}`;
  };

  const say: Find = (said, named, depth) => {
    if (said === '' || said.length > longest || depth > deepest) return undefined;
    if (Object.hasOwn(table, said)) return table[said];
    const lines = said.split('\n');
    if (lines.length > 1) return allOf(lines, (line) => (line === '' ? '' : say(line, named, depth)))?.join('\n');
    // Several things of one sort, as one sentence.
    const things = said.split('; ');
    const several = things.length > 1 && things.length <= mostListed ? allOf(things, (thing) => whole(thing.replace(/\.?$/u, '.'), named, depth)) : undefined;
    return several?.join('') ?? inRow(said.split(/(?<=[.!?]) (?=\S)/u), (part) => whole(part, named, depth)) ?? whole(said, named, depth);
  };
  return (said, named = (word) => word) => say(said, named, 0);
}

/** Sentences one behind the other, some of which are known together only. */
function inRow(sentences: readonly string[], say: (said: string) => string | undefined): string | undefined {
  if (sentences.length < 2 || sentences.length > mostInRow) return undefined;
  let told = '';
  for (let at = 0; at < sentences.length; ) {
    let found: string | undefined;
    let end = at;
    while (found === undefined && end < sentences.length) {
      end += 1;
      found = say(sentences.slice(at, end).join(' '));
    }
    if (found === undefined) return undefined;
    told += found;
    at = end;
  }
  return told;
}

function allOf(parts: readonly string[], say: (part: string) => string | undefined): readonly string[] | undefined {
  const told = parts.map(say);
  return told.every((one) => one !== undefined) ? told : undefined;
}

/** What stands in the holes, none of them empty; undefined where the text is another one. Each piece is looked for once. */
function fillings(said: string, pieces: readonly string[]): readonly string[] | undefined {
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (!said.startsWith(first) || !said.endsWith(last)) return undefined;
  const upTo = said.length - last.length;
  const found: string[] = [];
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const next = said.indexOf(piece, at + 1);
    if (next < 0 || next + piece.length > upTo) return undefined;
    found.push(said.slice(at, next));
    at = next + piece.length;
  }
  return at < upTo ? [...found, said.slice(at, upTo)] : undefined;
}

function filled(there: string, found: readonly string[]): string {
  let next = 0;
  return there.replace(/\{(\d?)\}/gu, (_, digit: string) => found[digit === '' ? next++ : Number(digit)] ?? '');
}

function listed(found: string, named: (word: string) => string): string | undefined {
  const words = found.split(', ');
  const there = words.map(named);
  return there.every((one, index) => one !== words[index]) ? there.join('、') : undefined;
}
