// Arguments of a call by name, each whole: what is long scrolls in its card and is never cut in a question.
import type { argumentLines } from './plan-words.ts';

export function ArgumentList({ lines, whole = false }: { readonly lines: ReturnType<typeof argumentLines>; readonly whole?: boolean }) {
  return (
    <dl tabIndex={whole ? undefined : 0} className={whole ? 'exact exact-list' : 'exact exact-list max-h-112 overflow-auto'}>
      {lines.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
