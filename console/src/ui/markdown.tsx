// Markdown as React elements: marked only lexes, no HTML is ever made. How single tokens are drawn is in tokens.tsx.
import { useRef } from 'react';
import { type Lexed, lex } from './lex.ts';
import { Block, Growing } from './tokens.tsx';

/** `growing`: more of the text comes, and only its end is read again until it is whole. */
export function Markdown({ text, growing = false }: { readonly text: string; readonly growing?: boolean }) {
  const { tokens, links } = useLexed(text, growing);
  return (
    <Growing value={growing}>
      <div className="prose">
        {tokens.map((token, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a block is its place in the text; finished ones do not move while more is written
          <Block key={index} token={token} links={growing ? 0 : links} />
        ))}
      </div>
    </Growing>
  );
}

function useLexed(text: string, growing: boolean): Lexed {
  const last = useRef<{ readonly text: string; readonly growing: boolean; readonly lexed: Lexed }>(undefined);
  if (last.current?.text !== text || last.current.growing !== growing)
    last.current = { text, growing, lexed: lex(text, growing ? last.current?.lexed : undefined) };
  return last.current.lexed;
}
