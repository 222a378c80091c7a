// A long made-up conversation with the facts spread over it, as entries of a log. The same for the same seed.
import type { DurableEvent, Entry } from '../../src/core/turn-event.ts';
import type { Fact } from './facts.ts';

/** Numbers between 0 and 1, always the same. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const people = ['my neighbour', 'a colleague', 'the baker', 'an old friend', 'somebody on the radio', 'the new trainee'];
const things = ['the weather', 'a film about lighthouses', 'the tram line', 'soup recipes', 'garden chairs', 'the choir', 'a chess game', 'train delays'];
/** Half of them hold a number, a time or a price that matters to nobody; hardly two are alike. */
const ends: readonly ((number: number) => string)[] = [
  () => 'and I am not sure what to make of it',
  () => 'which made me laugh',
  () => 'but it hardly matters',
  (number) => `so we talked for ${number} minutes`,
  (number) => `and then it rained at ${1 + (number % 12)}:${10 + (number % 49)}`,
  (number) => `and it cost about $${number}.${10 + (number % 89)}`,
];
const answers = [
  'That sounds like a full day.',
  'I see. Tell me more when you like.',
  'Good to know that you had time for it.',
  'That can happen.',
  'A nice thought.',
];

export type Planted = Fact & { readonly segment: number };

/** One segment of the conversation: some turns, with its share of the facts in them. */
export interface Segment {
  readonly planted: readonly Planted[];
  readonly entries: readonly Omit<Entry, 'seq'>[];
}

export function makeHistory(segments: number, turnsEach: number, sessionId: string, all: readonly Fact[]): readonly Segment[] {
  const random = numbers(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] ?? (from[0] as T);
  const order = all.map((fact) => ({ fact, at: random() })).toSorted((a, b) => a.at - b.at);
  return Array.from({ length: segments }, (_, segment) => {
    const planted = order.filter((_fact, index) => index % segments === segment).map(({ fact }) => ({ ...fact, segment }));
    const entries: Omit<Entry, 'seq'>[] = [];
    const every = Math.floor(turnsEach / Math.max(1, planted.length));
    for (let turn = 0; turn < turnsEach; turn++) {
      const fact = turn % every === 0 ? planted[turn / every] : undefined;
      const chatter =
        `Today ${pick(people)} spoke to me about ${pick(things)} ${pick(ends)(Math.floor(random() * 900))}. ${turn % 3 === 0 ? `Later it was ${pick(things)} again, ${pick(ends)(Math.floor(random() * 900))}.` : ''}`.trim();
      const where = fact && fact.kind !== 'result' ? fact.said : '';
      const text = random() < 0.5 ? `${where} ${chatter}`.trim() : `${chatter} ${where}`.trim();
      entries.push(...turnOf(sessionId, `h${segment}-${turn}`, text, pick(answers), fact?.kind === 'result' ? fact.said : undefined));
    }
    return { planted, entries };
  });
}

function turnOf(sessionId: string, turnId: string, text: string, answer: string, result: string | undefined): readonly Omit<Entry, 'seq'>[] {
  const message = { role: 'user' as const, id: turnId, text, attachments: [], sender: { id: 'operator' }, origin: 'operator' as const };
  const said = (words: string, step: number, calls: readonly string[]): DurableEvent => ({
    type: 'message',
    message: { role: 'assistant', id: turnId, step, text: words, toolCalls: calls.map((id) => ({ id, name: 'run_command', input: { command: 'status' } })) },
  });
  const events: DurableEvent[] = [
    { type: 'turn-start', origin: 'operator', answerId: turnId, resumed: false },
    { type: 'message', message },
    ...(result === undefined
      ? []
      : [
          said('I look.', 0, ['c1']),
          {
            type: 'tool-end' as const,
            callId: 'c1',
            name: 'run_command',
            outcome: 'ok' as const,
            text: `${'checking the system … ok\n'.repeat(40)}${result}\n${'closing … ok\n'.repeat(20)}`,
          },
        ]),
    said(answer, result === undefined ? 0 : 1, []),
    { type: 'turn-end', outcome: 'answered', answerId: turnId, usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 } },
  ];
  return events.map((event) => ({ sessionId, turnId, at: Date.UTC(2026, 0, 5), event }));
}
