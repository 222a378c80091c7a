// What fits a question, and what is only noise that shares a word or two with it.
import type { Concept, Query } from './query.ts';
import type { Scored } from './score.ts';

/** Share of a short question that a note must have. */
const leastCoverage = 0.45;
/** A question of more words than these asks for less of each: nobody writes a note in the words of a whole sentence. */
const shortQuestion = 5;
const easing = 4;
/**
 * So many words, small ones and repeated ones too, are a sentence, and it is taken for one about at least this much. What notes do not know may be all that a
 * question is about: each such word wants so many more around it.
 */
const sentence = { words: 10, unknown: 5, about: 7 } as const;
/** The best hit stands out when it scores so much more than the one in fifth place; of one or two words none does. */
const standsOut = 1.5;
const wordsToStandOut = 2;
const leastOfStandingOut = 0.1;
/** Words that nothing else holds together, "Lisbon Porto tea", want a note each: then a note needs one of so many. */
const mostListed = 5;
/** Beside a hit that fits, one with this share of its score is worth showing. */
const near = 0.35;

/** Where one hit has enough of the question, or stands out, it and what comes near it; else nothing. */
export function whatFits(hits: readonly Scored[], { concepts, length }: Pick<Query, 'concepts' | 'length'>): Scored[] {
  // Pairs of characters are no words: they say again what the words around them say.
  const words = concepts.filter(({ part }) => part === 1).length;
  const unknown = concepts.filter(({ part, forms }) => part > 0 && forms.size === 0).length;
  const about = Math.max(1, words, length >= sentence.words + unknown * sentence.unknown ? sentence.about : 0);
  const byScore = hits.toSorted((a, b) => b.score - a.score);
  const [best, fifth] = [byScore[0], byScore[4]];
  if (best === undefined) return [];
  const least = isList(hits, concepts) ? 1 / (2 * mostListed) : leastCoverage * Math.min(1, shortQuestion / about) ** easing;
  const alone = words > wordsToStandOut && fifth !== undefined && best.score >= standsOut * fifth.score && best.coverage >= leastOfStandingOut;
  if (!alone && !hits.some(({ coverage }) => coverage >= least)) return [];
  return byScore.filter(({ coverage, score }) => coverage >= least || score >= near * best.score);
}

/** A few words without any that make a question, all known, and no two of them in one note. */
function isList(hits: readonly Scored[], concepts: readonly Concept[]): boolean {
  if (concepts.length < 2 || concepts.length > mostListed || concepts.some(({ part }) => part < 1)) return false;
  return hits.every(({ has }) => has.size <= 1) && concepts.every((_, concept) => hits.some(({ has }) => has.has(concept)));
}
