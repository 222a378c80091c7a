// Recall and rank of each way to search, for each kind of question.
import type { Found, Searcher } from './rivals.ts';
import type { Question } from './world.ts';

/** Shares from 0 to 1. Of questions without an answer `silent` is right, of all others wrong. */
export interface Score {
  readonly kind: string;
  readonly searcher: string;
  readonly questions: number;
  readonly at1: number;
  readonly at5: number;
  readonly at10: number;
  readonly mrr: number;
  readonly silent: number;
}

const most = 10;

export async function measure(questions: readonly Question[], searchers: readonly Searcher[], misses?: string): Promise<Score[]> {
  const scores: Score[] = [];
  for (const kind of new Set(questions.map((question) => question.kind))) {
    const asked = questions.filter((question) => question.kind === kind);
    for (const searcher of searchers) {
      const ranks: number[] = [];
      let silent = 0;
      for (const question of asked) {
        const found = await searcher.search(question.text, most);
        if (found.length === 0) silent++;
        const rank = rankOf(question, found);
        ranks.push(rank);
        if (misses === kind && searcher.name === 'CoPaw' && rank !== 1)
          console.log(JSON.stringify({ rank, text: question.text, gold: question.gold, found: found.slice(0, 4) }));
      }
      const share = (count: number): number => (asked.length === 0 ? 0 : count / asked.length);
      const within = (place: number): number => share(ranks.filter((rank) => rank <= place).length);
      const mrr = share(ranks.reduce((sum, rank) => sum + (rank <= most ? 1 / rank : 0), 0));
      scores.push({ kind, searcher: searcher.name, questions: asked.length, at1: within(1), at5: within(5), at10: within(10), mrr, silent: share(silent) });
    }
  }
  return scores;
}

/** Scores of the same kind and searcher as one, by how many questions they are of. */
export function sumUp(scores: readonly Score[]): Score[] {
  const sums = new Map<string, Score>();
  for (const score of scores) {
    const key = `${score.kind}\n${score.searcher}`;
    const known = sums.get(key);
    const questions = score.questions + (known?.questions ?? 0);
    const mean = (of: 'at1' | 'at5' | 'at10' | 'mrr' | 'silent'): number =>
      (score[of] * score.questions + (known?.[of] ?? 0) * (known?.questions ?? 0)) / Math.max(1, questions);
    sums.set(key, { ...score, questions, at1: mean('at1'), at5: mean('at5'), at10: mean('at10'), mrr: mean('mrr'), silent: mean('silent') });
  }
  return [...sums.values()].sort((a, b) => Number(a.kind === 'no-answer') - Number(b.kind === 'no-answer') || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
}

/** Of the first place that answers; where all are needed, of the last of them. */
function rankOf({ gold, all }: Question, found: readonly Found[]): number {
  const ranks = gold.map(({ path, line }) => {
    const at = found.findIndex((hit) => hit.path === path && (line === undefined || (line >= hit.lines[0] && line <= hit.lines[1])));
    return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
  });
  return ranks.length === 0 ? Number.POSITIVE_INFINITY : all ? Math.max(...ranks) : Math.min(...ranks);
}

export function table(scores: readonly Score[]): string {
  const two = (share: number): string => share.toFixed(2);
  const rows = scores.map(({ kind, searcher, at1, at5, at10, mrr, silent }) =>
    kind === 'no-answer'
      ? `${kind.padEnd(12)} ${searcher.padEnd(10)} says that nothing fits: ${two(silent)}`
      : `${kind.padEnd(12)} ${searcher.padEnd(10)} @1 ${two(at1)}  @5 ${two(at5)}  @10 ${two(at10)}  MRR ${two(mrr)}  silent ${two(silent)}`,
  );
  return rows.map((row, at) => (at > 0 && scores[at]?.kind !== scores[at - 1]?.kind ? `\n${row}` : row)).join('\n');
}
