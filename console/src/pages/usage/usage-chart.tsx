// Bars of tokens, stacked by kind, or of known cost. Drawn by uPlot; its colours are those of the marks below it, so that it follows light and dark.
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useText } from '../../settings.tsx';
import { dollars, shortCount } from '../../ui/format.ts';
import type { Slice } from './slices.ts';
import { type UsageText, useUsageText } from './text.ts';

export type Measure = 'tokens' | 'cost';
interface Band {
  readonly label: string;
  /** Of the mark. */
  readonly colour: string;
  value(slice: Slice): number;
}

const height = 220;

export function UsageChart({ slices, measure }: { readonly slices: readonly Slice[]; readonly measure: Measure }) {
  const words = useUsageText();
  const t = useText();
  const frame = useRef<HTMLDivElement>(null);
  const marks = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState<number>();
  const bands = useMemo(() => bandsOf(measure, words), [measure, words]);
  const write = measure === 'cost' ? writeCost : shortCount;

  useEffect(() => {
    const into = frame.current;
    if (!into) return;
    let chart: uPlot | undefined;
    const draw = (): void => {
      chart?.destroy();
      const colours = Array.from(marks.current?.querySelectorAll('[data-mark]') ?? [], (mark) => getComputedStyle(mark).backgroundColor);
      chart = new uPlot(optionsOf(slices, { into, colours, write, onPoint: setAt }), stacked(slices, bands), into);
    };
    draw();
    // The first call comes by itself, and changes nothing.
    const resized = new ResizeObserver(() => chart?.width !== into.clientWidth && chart?.setSize({ width: into.clientWidth, height }));
    resized.observe(into);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      themed.disconnect();
      dark.removeEventListener('change', draw);
      chart?.destroy();
    };
  }, [slices, bands, write]);

  const slice = at === undefined ? undefined : slices[at];
  const [first, last] = [slices[0]?.name ?? '', slices.at(-1)?.name ?? ''];
  return (
    <div className="card mb-3 px-3 py-4">
      <div ref={frame} role="img" aria-label={words.chart(`${bands.map(({ label }) => label).join(t.marks.list)}${t.marks.comma}${first} – ${last}`)} />
      <ul ref={marks} className="mt-2 flex flex-wrap gap-x-5 gap-y-1 px-2 text-sm">
        {bands.map(({ label, colour, value }) => (
          <li key={label} className="flex items-center gap-2">
            <span data-mark className={`dot rounded-sm ${colour}`} aria-hidden="true" />
            {label}
            {slice && <span className="tabular-nums">{write(value(slice))}</span>}
          </li>
        ))}
        <li className="ml-auto text-muted" aria-hidden="true">
          {slice?.name ?? words.readout}
        </li>
      </ul>
    </div>
  );
}

const writeCost = (value: number): string => dollars(value) ?? '$0';

function bandsOf(measure: Measure, words: UsageText): readonly Band[] {
  if (measure === 'cost') return [{ label: words.knownCost, colour: 'bg-accent', value: ({ cost }) => cost }];
  return [
    { label: words.fresh, colour: 'bg-accent', value: ({ input, cachedInput }) => input - cachedInput },
    { label: words.cached, colour: 'bg-edge', value: ({ cachedInput }) => cachedInput },
    { label: words.output, colour: 'bg-warning', value: ({ output }) => output },
  ];
}

/** Each band lies on those before it; the highest is drawn first, so that the lower ones cover it. */
function stacked(slices: readonly Slice[], bands: readonly Band[]): uPlot.AlignedData {
  const heights = bands.map((_, index) => slices.map((slice) => bands.slice(0, index + 1).reduce((sum, band) => sum + band.value(slice), 0)));
  return [slices.map((_, index) => index), ...heights.reverse()];
}

function optionsOf(
  slices: readonly Slice[],
  {
    into,
    colours,
    write,
    onPoint,
  }: { readonly into: HTMLElement; readonly colours: readonly string[]; write(value: number): string; onPoint(at: number | undefined): void },
): uPlot.Options {
  const style = getComputedStyle(into);
  const font = `12px ${style.fontFamily}`;
  const bars = uPlot.paths.bars?.({ size: [0.7, 48] });
  return {
    width: into.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: false, range: [-0.5, slices.length - 0.5] }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] } },
    axes: [
      {
        stroke: style.color,
        font,
        grid: { show: false },
        ticks: { show: false },
        space: 90,
        size: 30,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200],
        values: (_, at) => at.map((index) => slices[index]?.name ?? ''),
      },
      { stroke: style.color, font, size: 64, grid: { stroke: faint(style.color), width: 1 }, ticks: { show: false }, values: (_, at) => at.map(write) },
    ],
    series: [{}, ...[...colours].reverse().map((fill) => ({ fill, stroke: fill, width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) }))],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
}

const faint = (colour: string): string => colour.replace(/^rgb\((.*)\)$/u, 'rgb($1 / 0.15)').replaceAll(',', ' ');
