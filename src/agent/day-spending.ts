// What was spent today, so that the day's cap is known before each model call without asking the store.
import type { Usage } from '../core/model.ts';
import type { Store } from '../core/store.ts';

/** What all agents spent since local midnight: read from the store once a day, then counted along. */
export class DaySpending {
  readonly #usage: Pick<Store['usage'], 'since'>;
  #tokens = 0;
  #cost = 0;
  #since = Number.NaN;
  /** Until when that day start holds, and in which zone: zones differ by quarters of an hour. */
  #checked = { quarter: Number.NaN, timezone: '' };

  constructor(usage: Pick<Store['usage'], 'since'>) {
    this.#usage = usage;
  }

  async today(now: number, timezone: string): Promise<{ readonly tokens: number; readonly cost: number }> {
    const quarter = Math.floor(now / 900_000);
    if (this.#checked.quarter !== quarter || this.#checked.timezone !== timezone) {
      this.#checked = { quarter, timezone };
      const start = startOfDay(now, timezone);
      if (start !== this.#since) {
        const rows = await this.#usage.since(start);
        this.#since = start;
        this.#tokens = rows.reduce((sum, row) => sum + row.input + row.output, 0);
        this.#cost = rows.reduce((sum, row) => sum + row.cost, 0);
      }
    }
    return { tokens: this.#tokens, cost: this.#cost };
  }

  /** A model call was made and will be stored. */
  add(usage: Usage, cost: number | undefined): void {
    this.#tokens += usage.input + usage.output;
    this.#cost += cost ?? 0;
  }
}

/** Local midnight in a zone, milliseconds since the epoch. On a day whose clock is changed it may be off by that hour. */
export function startOfDay(now: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: timezone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(
    now,
  );
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return now - ((value('hour') * 60 + value('minute')) * 60 + value('second')) * 1000 - (now % 1000);
}
