// The frame of a page beside the conversations: the way back, a heading, a sentence, and a problem where there is one.
import type { ReactNode } from 'react';
import { activityPages, type PageName } from '../page-names.ts';
import { pageHash } from '../route.ts';
import { useText } from '../settings.tsx';
import { BackIcon } from './icons.tsx';
import { Unloaded, type UnloadedProps } from './unloaded.tsx';

export function Page({
  name,
  text,
  problem = '',
  again,
  children,
}: Partial<UnloadedProps> & {
  readonly name: PageName;
  readonly text: string;
  readonly children: ReactNode;
}) {
  const t = useText();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl px-4 pt-6 pb-20 sm:px-6">
        <a href="#/" className="button-quiet button-small mb-5 w-fit">
          <BackIcon className="size-4" />
          {t.backToChat}
        </a>
        {activityPages.includes(name) && <Beside name={name} />}
        <h1 className="text-2xl font-semibold tracking-tight">{t.pageTitles[name]}</h1>
        <p className="mt-2 mb-6 leading-relaxed text-muted">{text}</p>
        <Unloaded problem={problem} again={again} className="mb-4" />
        {children}
      </div>
    </div>
  );
}

/** The pages about what happened, as tabs. */
function Beside({ name }: { readonly name: PageName }) {
  const t = useText();
  return (
    <nav className="tabs mb-5" aria-label={t.activityPages}>
      {activityPages.map((page) => (
        <a key={page} href={pageHash(page)} aria-current={page === name ? 'page' : undefined}>
          {t.pageTitles[page]}
        </a>
      ))}
    </nav>
  );
}
