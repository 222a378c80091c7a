// The frame around exact text: what it is, copy, lines wrapped or not, and what is long folded until it is asked for.
import type { ReactNode } from 'react';
import { useText } from '../settings.tsx';
import { CopyButton } from './copy-button.tsx';
import { useKept } from './kept.ts';

/** Lines that fit before it folds: as many as the height of `.code pre`. */
const mostLines = 22;
/** Characters of a line that a phone shows. */
const narrow = 40;
/** Characters that are folded; what is longer scrolls in a box of that height. */
const mostFolded = 60_000;

export interface CodeFrameProps {
  /** Its own among all that a person can open here. */
  readonly id: string;
  readonly title: ReactNode;
  readonly text: string;
  /** More of it may come: it is not folded yet. */
  readonly growing?: boolean;
  /** Buttons before the others. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function CodeFrame({ id, title, text, growing = false, actions, children }: CodeFrameProps) {
  const { content: t } = useText();
  const [wrapped, setWrapped] = useKept(`${id}:wrapped`, false);
  const [whole, setWhole] = useKept(`${id}:whole`, false);
  const lines = text.length > mostFolded ? [] : text.replace(/\n+$/u, '').split('\n');
  const long = !growing && lines.length > mostLines;
  const wide = text.length > mostFolded || lines.some((line) => line.length > narrow);
  return (
    <figure className={`code${wrapped ? ' code-wrapped' : ''}${long ? (whole ? ' code-whole' : ' code-folded') : ''}`}>
      <figcaption>
        <span>{title}</span>
        <span className="code-actions">
          {actions}
          {wide && (
            <button type="button" aria-pressed={wrapped} onClick={() => setWrapped(!wrapped)}>
              {t.wrap}
            </button>
          )}
          <CopyButton text={text} />
        </span>
      </figcaption>
      {children}
      {long && (
        <button type="button" className="code-more" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? t.showLess : t.showLines(lines.length)}
        </button>
      )}
    </figure>
  );
}

export function Scroller({ children }: { readonly children: ReactNode }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  return <pre tabIndex={0}>{children}</pre>;
}
