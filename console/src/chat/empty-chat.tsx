// A conversation that has not begun: what CoPaw can do, and a few things to begin with; before the very first one, the first steps.
import { lazy, Suspense } from 'react';
import { useLiveState } from '../live/use-live.ts';
import { pageHash } from '../route.ts';
import { useText } from '../settings.tsx';
import { Mark } from '../ui/icons.tsx';

const FirstSteps = lazy(async () => ({ default: (await import('../start/first-steps.tsx')).FirstSteps }));

export function EmptyChat({ onSend }: { readonly onSend: (text: string) => void }) {
  const t = useText();
  const offline = useLiveState((state) => state.status?.offline === true);
  const isFirst = useLiveState((state) => state.sessions?.length === 0);
  return (
    <div className="m-auto w-full py-8 text-center">
      <Mark className="mx-auto mb-5 size-14" />
      <h1 className="mb-3 text-2xl font-semibold tracking-tight">{isFirst ? t.welcome : t.greeting}</h1>
      <p className="mx-auto mb-8 max-w-md leading-relaxed text-pretty text-muted">{offline && !isFirst ? t.greetingOffline : t.greetingText}</p>
      {isFirst && (
        <Suspense fallback={null}>
          <FirstSteps onSend={onSend} />
        </Suspense>
      )}
      <ul className="mx-auto flex max-w-xl flex-wrap justify-center gap-2.5">
        {t.suggestions.map((suggestion) => (
          <li key={suggestion}>
            <button type="button" className="suggestion" onClick={() => onSend(suggestion)}>
              {suggestion}
            </button>
          </li>
        ))}
        {offline && !isFirst && (
          <li>
            <a href={pageHash('models')} className="suggestion suggestion-accent">
              {t.addModel}
            </a>
          </li>
        )}
      </ul>
    </div>
  );
}
