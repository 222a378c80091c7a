// The summary that code writes alone, where no model's was good enough: what was asked, what came of it, what is under way. Always the same for the same log.
import { emptySummary, type Summary } from '../core/compaction.ts';
import type { Entry } from '../core/turn-event.ts';
import { hiddenTurns } from './history.ts';
import { shorten } from './transcript.ts';

/** Turns that are told one by one; of those before only what an earlier summary kept. */
const mostTurns = 16;
const mostKept = 24;

/** `task`: what was asked last; `open`: the turn that still runs. */
export function fallbackSummary(entries: readonly Entry[], before: Summary | undefined, task: string, open: string | undefined): Summary {
  const hidden = hiddenTurns(entries);
  const turns = [...Map.groupBy(entries, ({ turnId }) => turnId)].filter(([turnId]) => !hidden.has(turnId));
  const told = turns.filter(([turnId]) => turnId !== open).flatMap(([, own]) => tell(own));
  const running = turns.find(([turnId]) => turnId === open)?.[1] ?? [];
  const old = before ?? emptySummary;
  return {
    ...old,
    goal: task === '' ? old.goal || 'Nothing is open.' : shorten(task.replace(/\s+/gu, ' ').trim(), 500),
    done: [...old.done, ...told.slice(-mostTurns)].slice(-mostKept),
    doing: callsOf(running),
  };
}

function tell(own: readonly Entry[]): readonly string[] {
  const asked = own.flatMap(({ event }) => (event.type === 'message' && event.message.role === 'user' ? [event.message.text] : []));
  const answer = own.flatMap(({ event }) => (event.type === 'message' && event.message.role === 'assistant' ? [event.message.text] : [])).at(-1) ?? '';
  if (asked.length === 0) return [];
  const calls = callsOf(own);
  return [`Asked: ${one(asked.join(' / '), 160)}${calls.length === 0 ? '' : ` [${calls.join(', ')}]`} → ${one(answer, 120) || 'no answer'}`];
}

function callsOf(own: readonly Entry[]): readonly string[] {
  const counts = Map.groupBy(
    own.flatMap(({ event }) => (event.type === 'tool-end' ? [`${event.name} ${event.outcome}`] : [])),
    (name) => name,
  );
  return [...counts].map(([name, all]) => (all.length === 1 ? name : `${name} ×${all.length}`));
}

const one = (text: string, most: number): string => shorten(text.replace(/\s+/gu, ' ').trim(), most);
