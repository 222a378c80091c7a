// A unified diff: coloured lines with their numbers, which are not copied with them.
import { useMemo } from 'react';
import { Scroller } from './code-frame.tsx';
import { diffLines } from './diff-lines.ts';

export function Diff({ text }: { readonly text: string }) {
  const { lines, numbered } = useMemo(() => diffLines(text), [text]);
  const width = String(lines.reduce((most, { before = 0, after = 0 }) => Math.max(most, before, after), 0)).length;
  const column = (number: number | undefined): string => String(number ?? '').padStart(width);
  return (
    <Scroller>
      {lines.map(({ kind, text: line, before, after }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines do not move
        <span key={index} className={`diff-${kind}`} data-line={numbered ? `${column(before)} ${column(after)}` : undefined}>
          {line}
          {'\n'}
        </span>
      ))}
    </Scroller>
  );
}
