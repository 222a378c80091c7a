// `copaw usage`: tokens and cost over time, by what they belong to.
import { CoPawError } from '../core/error.ts';
import type { NamedUsage, UsageReport, UsageSum } from '../core/usage.ts';
import { dollars } from '../lib/dollars.ts';
import type { CommonOptions, Context } from './context.ts';
import { print } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine } from './text.ts';

export interface UsageOptions extends CommonOptions {
  readonly days?: string;
  readonly by: string;
}

/** Where a call belongs to no conversation that is kept. */
const beside = '(no conversation)';

const groupings: Readonly<Record<string, (report: UsageReport) => readonly NamedUsage[]>> = {
  day: ({ times, step, timezone }) => times.map(({ at, ...sum }) => ({ name: timeName(at, step, timezone), ...sum })),
  agent: ({ agents }) => agents,
  model: ({ models }) => models,
  channel: ({ channels }) => channels.map(({ name, ...sum }) => ({ name: name === '' ? beside : name, ...sum })),
};

export async function usage(context: Context, options: UsageOptions): Promise<number> {
  const { parts, terminal } = context;
  if (options.days !== undefined && !/^[1-9]\d{0,3}$/u.test(options.days))
    throw new CoPawError('usage', '--days takes a number from 1 to 3650; without it everything that is kept is summed up.');
  const grouping = Object.hasOwn(groupings, options.by) ? groupings[options.by] : undefined;
  if (grouping === undefined) throw new CoPawError('usage', `--by takes ${Object.keys(groupings).join(', ')}.`);
  const report = await (await parts.usage(readyHome(parts, options.home))).report(options.days === undefined ? undefined : Number(options.days));
  return print(context, options, report, () => {
    if (report.total.calls === 0) return terminal.error('No model was called in that time.\n');
    const sound = report.total.seconds !== undefined;
    const rows = [...grouping(report), { name: 'total', ...report.total }].map((one) => [one.name, ...words(one, sound)]);
    const all = [[options.by, 'calls', 'input', 'cached', 'output', ...(sound ? ['sound'] : []), 'cost'], ...rows];
    const widths = all.reduce<readonly number[]>((most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)), []);
    for (const row of all)
      terminal.out(`${showLine(row.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  '))}\n`);
  });
}

function words({ calls, input, cachedInput, output, seconds = 0, cost, unpriced }: UsageSum, sound: boolean): readonly string[] {
  const share = input === 0 ? '' : ` (${Math.round((cachedInput / input) * 100)} %)`;
  return [
    String(calls),
    String(input),
    `${cachedInput}${share}`,
    String(output),
    ...(sound ? [`${(seconds / 60).toFixed(1)} min`] : []),
    costText(cost, unpriced, calls),
  ];
}

/** What is not known is said, never counted as nothing. */
function costText(cost: number, unpriced: number, calls: number): string {
  if (unpriced === 0) return dollars(cost);
  return unpriced === calls ? 'unknown' : `${dollars(cost)} and ${unpriced} of unknown cost`;
}

function timeName(at: number, step: UsageReport['step'], timeZone: string): string {
  const parts = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  // Swedish writes dates as ISO does.
  return new Intl.DateTimeFormat('sv-SE', step === 'day' ? parts : { ...parts, hour: '2-digit', minute: '2-digit' }).format(at);
}
