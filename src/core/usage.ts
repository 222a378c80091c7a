// What calls of models took, summed up: by time, agent, model, and channel. Answers, summaries, learning and vectors are all calls.

export interface UsageSum {
  readonly calls: number;
  /** Tokens; cached ones are part of them. */
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  /** US dollars of the calls whose price is known. */
  readonly cost: number;
  /** Of sound that was written down; absent: none. */
  readonly seconds?: number;
  /** Calls that took tokens or sound and whose price is not known: `cost` is without them. */
  readonly unpriced: number;
}

/** `channel`: of the conversation; empty where there is none, or none any more. */
export interface UsageGroup extends UsageSum {
  readonly agentId: string;
  readonly model: string;
  readonly channel: string;
}

export interface NamedUsage extends UsageSum {
  readonly name: string;
}

export interface UsageReport {
  /** The last 24 hours by the hour, else whole days where CoPaw is; those without a call are left out. */
  readonly step: 'hour' | 'day';
  readonly timezone: string;
  /** When the time that was asked for begins; of all that is kept, the time of the first call. Absent where there is none. */
  readonly from?: number;
  readonly to: number;
  /** Oldest first; `at`: when the hour or day begins. */
  readonly times: readonly (UsageSum & { readonly at: number })[];
  /** Most tokens first. */
  readonly agents: readonly NamedUsage[];
  readonly models: readonly NamedUsage[];
  readonly channels: readonly NamedUsage[];
  readonly total: UsageSum;
}

export interface UsageAdmin {
  /** 1: the last 24 hours; more: today and the days before it, so many in all; absent: all that is kept. */
  report(days?: number): Promise<UsageReport>;
}

export const noSum: UsageSum = { calls: 0, input: 0, cachedInput: 0, output: 0, cost: 0, unpriced: 0 };

export function addSums(a: UsageSum, b: UsageSum): UsageSum {
  return {
    calls: a.calls + b.calls,
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    output: a.output + b.output,
    cost: a.cost + b.cost,
    unpriced: a.unpriced + b.unpriced,
    ...(a.seconds === undefined && b.seconds === undefined ? {} : { seconds: (a.seconds ?? 0) + (b.seconds ?? 0) }),
  };
}
