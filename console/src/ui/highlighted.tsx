// Code in colours, once what colours it is loaded; until then, and where there are none, the text is plain.
import { lazy, Suspense } from 'react';
import type { HighlightedProps } from './highlight.ts';

/** Characters; longer code stays plain. */
const most = 20_000;

// Without its colours it is still the code.
const Coloured = lazy(() => import('./highlight-drawn.tsx').catch(() => ({ default: ({ text }: HighlightedProps) => text })));

export function Highlighted({ text, language }: HighlightedProps) {
  if (language === '' || text.length > most) return text;
  return (
    <Suspense fallback={text}>
      <Coloured text={text} language={language} />
    </Suspense>
  );
}
