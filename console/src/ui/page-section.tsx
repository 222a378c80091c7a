// One part of a page: a heading, a sentence, a problem where there is one, and what it holds.
import type { ReactNode } from 'react';
import { Unloaded, type UnloadedProps } from './unloaded.tsx';

export function PageSection({
  id,
  title,
  text,
  problem,
  again,
  actions,
  children,
}: UnloadedProps & {
  readonly id: string;
  readonly title: string;
  readonly text?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="mb-10" aria-labelledby={id}>
      <div className="mb-1 flex flex-wrap items-center justify-between gap-3">
        <h2 id={id} className="text-lg font-semibold tracking-tight">
          {title}
        </h2>
        <div className="flex flex-wrap gap-2">{actions}</div>
      </div>
      {text !== undefined && <p className="mb-3 text-sm text-muted">{text}</p>}
      <Unloaded problem={problem} again={again} className="mb-3 text-sm" />
      {children}
    </section>
  );
}
