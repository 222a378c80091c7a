// A formula as MathML in its place; loaded with the first formula. It is drawn at once, so that it is as high as it was when it comes back into sight.
import { useMemo } from 'react';
import { type FormulaProps, mathTree } from './math-tree.ts';
import 'temml/dist/Temml-Local.css';

export default function MathDrawn({ raw, tex, display }: FormulaProps) {
  const tree = useMemo(() => mathTree(tex, display), [tex, display]);
  if (tree === undefined) return raw;
  if (!display) return <span className="formula">{tree}</span>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <span className="formula formula-display" tabIndex={0}>
      {tree}
    </span>
  );
}
