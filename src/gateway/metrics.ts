// What there is to measure of a running CoPaw. Labels are words of this file and of core; no id and no name from outside is ever one.
import type { InboxState, OutboxState } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import { eventLoopDelay } from '../lib/clock.ts';
import { expose, type MetricFamily } from '../lib/exposition.ts';
import type { Counters } from './counters.ts';
import type { Lanes } from './lanes.ts';

const inboxStates: readonly InboxState[] = ['accepted', 'assigned', 'answered', 'cancelled', 'refused', 'interrupted', 'failed'];
const outboxStates: readonly OutboxState[] = ['pending', 'sending', 'sent', 'unknown', 'dead'];

/** The whole page, as it is now. Costs a few counts of the store; between two calls nothing is measured. */
export async function writeMetrics(parts: {
  readonly store: Pick<Store, 'inbox' | 'outbox' | 'approvals' | 'space'>;
  readonly counters: Counters;
  readonly lanes: Pick<Lanes, 'running' | 'waiting'>;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}): Promise<string> {
  const { store, counters, lanes, version, startedAt } = parts;
  const [inbox, outbox, approvals, { bytes, free }, delay] = await Promise.all([
    store.inbox.counts(),
    store.outbox.counts(),
    store.approvals.pending(),
    store.space(),
    eventLoopDelay(),
  ]);
  const { user, system } = process.cpuUsage();
  const one = (type: MetricFamily['type'], name: string, help: string, value: number): MetricFamily => ({ name, help, type, samples: [{ value }] });
  const many = (type: MetricFamily['type'], name: string, help: string, label: string, values: Iterable<readonly [string, number]>): MetricFamily => ({
    ...{ name, help, type },
    samples: Array.from(values, ([word, value]) => ({ labels: { [label]: word }, value })),
  });
  return expose([
    { name: 'copaw_build_info', help: 'Version of this CoPaw.', type: 'gauge', samples: [{ labels: { version }, value: 1 }] },
    many(
      'gauge',
      'copaw_messages',
      'Messages in the inbox by state.',
      'state',
      inboxStates.map((state) => [state, inbox.get(state) ?? 0]),
    ),
    many(
      'gauge',
      'copaw_outbox_parts',
      'Parts of answers by state; unknown ones may have been sent.',
      'state',
      outboxStates.map((state) => [state, outbox.get(state) ?? 0]),
    ),
    many('counter', 'copaw_turns_total', 'Turns that ended, by outcome.', 'outcome', Object.entries(counters.turns)),
    one('gauge', 'copaw_turns_running', 'Turns that run now.', lanes.running),
    one('gauge', 'copaw_messages_waiting', 'Messages that wait in a lane for a turn, or for the next step of one.', lanes.waiting()),
    one('gauge', 'copaw_approvals_pending', 'Approvals that wait for an answer.', approvals.length),
    one('counter', 'copaw_model_calls_total', 'Calls of a model that were written down.', counters.modelCalls),
    many('counter', 'copaw_model_tokens_total', 'Tokens by kind; cached ones are part of the input, reasoning is part of the output.', 'kind', [
      ['input', counters.tokens.input],
      ['cached_input', counters.tokens.cachedInput],
      ['output', counters.tokens.output],
      ['reasoning', counters.tokens.reasoning],
    ]),
    one('counter', 'copaw_model_cost_dollars_total', 'US dollars of calls whose price is known.', counters.cost),
    many('counter', 'copaw_tool_calls_total', 'Tool calls that ended, by outcome.', 'outcome', Object.entries(counters.tools)),
    one('gauge', 'copaw_database_bytes', 'Size of the database with its log.', bytes),
    one('gauge', 'copaw_disk_free_bytes', 'Free space where the database is.', free),
    one('gauge', 'copaw_event_loop_delay_seconds', 'Longest delay of the event loop, seen while this page was made.', delay / 1_000),
    one('gauge', 'process_start_time_seconds', 'Start, in seconds since the epoch.', startedAt / 1_000),
    one('gauge', 'process_resident_memory_bytes', 'Memory in use.', process.memoryUsage.rss()),
    one('counter', 'process_cpu_seconds_total', 'Processor time used.', (user + system) / 1_000_000),
  ]);
}
