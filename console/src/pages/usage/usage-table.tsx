// Sums as rows, with their total where there are several; it scrolls by itself on a narrow screen.
import type { ReactNode } from 'react';
import { useSettings } from '../../settings.tsx';
import { dollars } from '../../ui/format.ts';
import { visible } from '../../ui/visible.ts';
import type { Slice, Sum } from './slices.ts';
import { useUsageText } from './text.ts';

export function UsageTable({ name, rows, total }: { readonly name: string; readonly rows: readonly Slice[]; readonly total: Sum }) {
  const words = useUsageText();
  const sound = total.seconds !== undefined;
  const heads = [words.calls, words.input, words.cached, words.output, ...(sound ? [words.sound] : []), words.cost];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="card overflow-x-auto" aria-label={name} tabIndex={0}>
      <table className="w-full text-sm tabular-nums">
        <thead className="text-muted">
          <tr>
            <th scope="col" className="px-4 py-2 text-left font-medium">
              {name}
            </th>
            {heads.map((head) => (
              <th key={head} scope="col" className="px-4 py-2 text-right font-medium whitespace-nowrap">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name: of, ...sum }) => (
            <Row key={of} name={visible(of)} sum={sum} sound={sound} />
          ))}
        </tbody>
        {rows.length > 1 && (
          <tfoot className="font-medium">
            <Row name={words.total} sum={total} sound={sound} />
          </tfoot>
        )}
      </table>
    </section>
  );
}

function Row({ name, sum, sound }: { readonly name: string; readonly sum: Sum; readonly sound: boolean }) {
  const { locale } = useSettings();
  const count = new Intl.NumberFormat(locale);
  const cells: readonly ReactNode[] = [
    count.format(sum.calls),
    count.format(sum.input),
    sum.input === 0 ? count.format(sum.cachedInput) : `${count.format(sum.cachedInput)} (${percentOf(sum)} %)`,
    count.format(sum.output),
    ...(sound ? [new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format((sum.seconds ?? 0) / 60)] : []),
    <Cost key="cost" sum={sum} />,
  ];
  return (
    <tr className="border-t border-line">
      <th scope="row" className="min-w-32 px-4 py-2 text-left font-normal wrap-anywhere">
        {name}
      </th>
      {cells.map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells are their places
        <td key={index} className="px-4 py-2 text-right whitespace-nowrap">
          {cell}
        </td>
      ))}
    </tr>
  );
}

function Cost({ sum }: { readonly sum: Sum }) {
  const words = useUsageText();
  return (
    <>
      {knownCost(sum)} {sum.unpriced > 0 && <span className="text-muted">{knownCost(sum) === undefined ? words.unknown : words.unpriced(sum.unpriced)}</span>}
    </>
  );
}

/** Undefined where no price is known: that is never shown as nothing. */
export function knownCost({ cost, unpriced, calls }: Sum): string | undefined {
  return calls > 0 && unpriced === calls ? undefined : (dollars(cost) ?? '$0');
}

export const percentOf = ({ input, cachedInput }: Sum): number => (input === 0 ? 0 : Math.round((cachedInput / input) * 100));
