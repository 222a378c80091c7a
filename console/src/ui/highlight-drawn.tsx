// The colours of code as elements; loaded with the first code that is shown.
import { type ReactNode, useDeferredValue, useMemo } from 'react';
import { type CodePiece, type HighlightedProps, highlight } from './highlight.ts';

/** What is typed and scrolled goes first: colours change no size, and may come a moment later. */
export default function HighlightDrawn({ text, language }: HighlightedProps) {
  return useDeferredValue(true, false) ? <Pieces text={text} language={language} /> : text;
}

function Pieces({ text, language }: HighlightedProps) {
  const pieces = useMemo(() => highlight(text, language), [text, language]);
  return pieces === undefined ? text : draw(pieces);
}

function draw(pieces: readonly CodePiece[]): ReactNode[] {
  return pieces.map((piece, index) =>
    typeof piece === 'string' ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces do not move
      <span key={index} className={piece.name}>
        {draw(piece.pieces)}
      </span>
    ),
  );
}
