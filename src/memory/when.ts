// Time in the order of hits: days that are asked for, what held as of a day, what was replaced, and the newest of what changes.
import { addDays } from './calendar.ts';
import type { Query } from './query.ts';
import type { Scored } from './score.ts';

type Asked = Pick<Query, 'days' | 'asOf' | 'current' | 'past'>;

const inside = 3;
const replaced = 0.25;
const fadingDays = 365;

/** Hits with their scores as time sees them, best first. */
export function weighTime(hits: readonly Scored[], asked: Asked, today: string): Scored[] {
  const best = hits.reduce((most, { score }) => Math.max(most, score), 0);
  const covered = hits.reduce((most, { coverage }) => Math.max(most, coverage), 0);
  // Newer says more only where as much is said.
  const level = ({ score, coverage }: Scored): boolean => score >= 0.7 * best && coverage >= 0.9 * covered;
  const weighed = hits.map((hit) => ({ ...hit, score: hit.score * factor(hit, asked, today, level(hit)) }));
  weighed.sort(byScore);
  return weighed;
}

export const byScore = (a: Scored, b: Scored): number => b.score - a.score || (b.chunk.day ?? '').localeCompare(a.chunk.day ?? '') || a.chunk.id - b.chunk.id;

function factor({ chunk: { day, superseded } }: Scored, { days, asOf, current, past }: Asked, today: string, level: boolean): number {
  if (asOf !== undefined) {
    if (superseded !== undefined && superseded <= asOf) return replaced;
    if (day !== undefined && day > asOf) return replaced;
    return level && day !== undefined ? 1 + recency(day, asOf) : 1;
  }
  if (days !== undefined) return day !== undefined && day >= days[0] && day <= days[1] ? inside : 1;
  const old = superseded !== undefined && !past ? replaced : 1;
  if (current && day !== undefined && level) return old * (1 + recency(day, today));
  return day === undefined ? old : old * (1 + 0.05 * recency(day, today));
}

/** 1 on the day itself, half a year and more before it less and less; 0.5 after `fadingDays`. */
function recency(day: string, until: string): number {
  const from = addDays(until, -40 * fadingDays);
  if (day < from || day > until) return 0;
  const age = (Date.parse(until) - Date.parse(day)) / 86_400_000;
  return 2 ** (-age / fadingDays);
}
