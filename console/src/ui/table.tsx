// A table of a text: it scrolls inside its own box, and can be taken along as CSV.
import type { Tokens } from 'marked';
import type { ReactNode } from 'react';
import { useText } from '../settings.tsx';
import { CopyButton } from './copy-button.tsx';
import { toCsv } from './csv.ts';
import { plainText } from './plain-text.ts';

export interface TableProps {
  readonly token: Tokens.Table;
  /** What a cell shows. */
  readonly draw: (cell: Tokens.TableCell) => ReactNode;
}

export function Table({ token: { header, rows, align }, draw }: TableProps) {
  const { content: t } = useText();
  const side = (index: number): string => (align[index] === 'right' ? 'text-right' : align[index] === 'center' ? 'text-center' : 'text-left');
  const csv = (): string => toCsv([header, ...rows].map((row) => row.map((cell) => plainText(cell.tokens))));
  /* biome-ignore-start lint/suspicious/noArrayIndexKey: cells are their places */
  return (
    <figure className="table-box" aria-label={t.table}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="table-scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {header.map((cell, index) => (
                <th key={index} className={side(index)}>
                  {draw(cell)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, number) => (
              <tr key={number}>
                {row.map((cell, index) => (
                  <td key={index} className={side(index)}>
                    {draw(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption>
        <CopyButton text={csv} label={t.copyCsv} className="link-quiet" />
      </figcaption>
    </figure>
  );
  /* biome-ignore-end lint/suspicious/noArrayIndexKey: cells are their places */
}
