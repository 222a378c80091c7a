// A text of any length: its beginning as its place draws it, the rest on demand, as plain text in slices that cost nothing while out of sight.
import { memo, type ReactNode } from 'react';
import { useText } from '../settings.tsx';
import { shortCount } from './format.ts';
import { useKept } from './kept.ts';
import { pieceEnd, slices } from './slices.ts';
import { readable } from './visible.ts';

/** Characters that are drawn at once. */
const most = 60_000;
const sliceLength = 20_000;

export interface LongTextProps {
  readonly text: string;
  /** Its own among all that a person can open here. */
  readonly id: string;
  /** What of the rest must not hide. */
  readonly show?: (text: string) => string;
  readonly children: (beginning: string) => ReactNode;
}

export function LongText({ text, id, show = readable, children }: LongTextProps) {
  const t = useText();
  const [all, setAll] = useKept(`${id}:all`, false);
  if (text.length <= most) return children(text);
  const cut = pieceEnd(text, 0, most);
  return (
    <>
      {children(text.slice(0, cut))}
      {all ? (
        <div className="plain">
          {slices(text, cut, sliceLength).map((slice, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: slices do not move
            <Slice key={index} text={slice} show={show} />
          ))}
        </div>
      ) : (
        <button type="button" className="button-quiet button-small mt-3" aria-expanded={false} onClick={() => setAll(true)}>
          {t.showAll(shortCount(text.length - cut))}
        </button>
      )}
    </>
  );
}

const Slice = memo(({ text, show }: Required<Pick<LongTextProps, 'text' | 'show'>>) => <div>{show(text)}</div>);
