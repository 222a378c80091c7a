// How many lines a change adds and removes.
import { useMemo } from 'react';
import { useText } from '../settings.tsx';
import { diffLines } from './diff-lines.ts';

export function DiffCount({ title, diff }: { readonly title: string; readonly diff: string }) {
  const { content: t } = useText();
  const { added, removed } = useMemo(() => diffLines(diff), [diff]);
  return (
    <>
      {title}{' '}
      <span aria-hidden="true" className="ml-1 font-mono">
        <span className="text-accent">+{added}</span> <span className="text-danger">−{removed}</span>
      </span>
      <span className="sr-only">({t.changed(added, removed)})</span>
    </>
  );
}
