// A formula of a text. Until what draws it is loaded, and where it cannot be read, it stands as it was written.
import { lazy, Suspense } from 'react';
import type { FormulaProps } from './math-tree.ts';

const Drawn = lazy(() => import('./math-drawn.tsx').catch(() => ({ default: ({ raw }: FormulaProps) => raw })));

export function Formula(props: FormulaProps) {
  return (
    <Suspense fallback={props.raw}>
      <Drawn {...props} />
    </Suspense>
  );
}
