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

/**
 * When the local day began, milliseconds since the epoch: the first moment that shows its date, also on a day whose clock is changed, at
 * midnight too.
 */
export function startOfDay(now: number, timezone: string): number {
  const today = localDay(now, timezone);
  const start = now - today.time;
  const at = localDay(start, timezone);
  // The clock was put forward since then: that far back it is still the day before.
  if (at.date !== today.date) return start + dayMs - at.time;
  // It was put back: a moment before it is already this day.
  const before = localDay(start - 1, timezone);
  return before.date === today.date ? start - 1 - before.time : start;
}

const dayMs = 24 * 60 * 60_000;

/** The date a clock on the wall shows, and its time of day in milliseconds. */
function localDay(at: number, timezone: string): { readonly date: string; readonly time: number } {
  const parts = new Intl.DateTimeFormat('en', {
    ...{ timeZone: timezone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  } as const).formatToParts(at);
  const value = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const seconds = (value('hour') * 60 + value('minute')) * 60 + value('second');
  return { date: `${value('year')}-${value('month')}-${value('day')}`, time: seconds * 1000 + (((at % 1000) + 1000) % 1000) };
}
