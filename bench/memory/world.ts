// Three years of notes made of public texts, with facts planted among them, and questions whose answers are known because they were put there.
import type { Corpus } from './corpus.ts';
import { plantFacts } from './facts.ts';
import { askTexts, type Place } from './questions.ts';
import { Random } from './random.ts';

export interface Question {
  readonly kind: string;
  readonly text: string;
  /** Places that answer it; none: nothing does. */
  readonly gold: readonly Place[];
  /** Every place is needed, not just one. */
  readonly all?: boolean;
}

export interface World {
  /** path -> Markdown. */
  readonly files: ReadonlyMap<string, string>;
  readonly questions: readonly Question[];
  readonly today: string;
}

export const today = '2026-06-15';
const days = 3 * 365;
const shortNotes = 3_500;
const pages = 150;

/** A text of the corpus in its place. */
export interface Placed {
  readonly text: string;
  readonly other?: string;
  readonly place: Place;
}

/** A note that grows: each part becomes a paragraph, and says in which line it stands. */
export class Notes {
  readonly #lines = new Map<string, string[]>();

  add(path: string, text: string): Required<Place> {
    const lines = this.#lines.get(path) ?? [];
    if (lines.length > 0) lines.push('');
    lines.push(text);
    this.#lines.set(path, lines);
    return { path, line: lines.length };
  }

  /** The same without a blank line before it, as points of a list stand. */
  point(path: string, text: string): Required<Place> {
    const lines = this.#lines.get(path) ?? [];
    lines.push(text);
    this.#lines.set(path, lines);
    return { path, line: lines.length };
  }

  files(): Map<string, string> {
    return new Map([...this.#lines].map(([path, lines]) => [path, `${lines.join('\n')}\n`]));
  }
}

export function dayBefore(back: number): string {
  return new Date(Date.parse(today) - back * 86_400_000).toISOString().slice(0, 10);
}

export function makeWorld(corpus: Corpus, seed: number, each: number): World {
  const random = new Random(seed);
  const notes = new Notes();
  const verses = random.shuffle(corpus.verses);
  const sayings = random.shuffle(corpus.sayings);
  const chinese = random.shuffle(corpus.chinese);
  const take = (): { text: string; other?: string } => {
    const saying = random.next() < 0.4 ? sayings.pop() : undefined;
    return saying === undefined ? (verses.pop() ?? { text: 'nothing is left' }) : { text: saying };
  };
  const placed: Placed[] = [];
  const write = (path: string, written: { text: string; other?: string }): void => void placed.push({ ...written, place: notes.add(path, written.text) });
  for (let back = days; back >= 1; back--) {
    const path = `memory/${dayBefore(back)}.md`;
    notes.add(path, `# ${dayBefore(back)}`);
    for (let count = 2 + random.below(4); count > 0; count--) write(path, take());
  }
  for (let note = 0; note < shortNotes; note++) write(`memory/notes/${note}.md`, take());
  for (let page = 0; page < pages; page++)
    for (let part = 1; part <= 8; part++) {
      notes.add(`memory/pages/page-${page}.md`, `## Part ${part}`);
      for (let paragraph = 0; paragraph < 4; paragraph++) write(`memory/pages/page-${page}.md`, take());
    }
  const left = chinese.splice(0, each);
  const inChinese = chinese.slice(0, 1_500).map((text, note) => ({ text, place: notes.add(`memory/zh/${note}.md`, text) }));
  const facts = plantFacts(notes, random, each);
  const texts = askTexts({
    placed,
    inChinese,
    absent: [...verses.slice(0, each), ...sayings.slice(0, each).map((text) => ({ text }))],
    absentChinese: left,
    random,
    each,
  });
  return { files: notes.files(), questions: [...texts, ...facts].sort((a, b) => Number(a.kind === 'no-answer') - Number(b.kind === 'no-answer')), today };
}
