// The page before the console: a mark, a title, a few words, one thing to do. Login, setup and "does not answer" are made of it.
import { type ReactNode, useEffect } from 'react';
import { api } from '../live/api.ts';
import { useText } from '../settings.tsx';
import { Mark } from '../ui/icons.tsx';
import { LanguageToggle, ThemeToggle } from '../ui/toggles.tsx';

export function GatePage({
  title,
  busy,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly busy?: string;
  readonly wide?: boolean;
  readonly children?: ReactNode;
}) {
  // Whoever is not logged in sees no title of a conversation either.
  useEffect(() => {
    document.title = 'CoPaw';
  }, []);
  return (
    <div className="flex min-h-dvh flex-col">
      <div className="flex justify-end gap-1 p-3">
        <LanguageToggle />
        <ThemeToggle />
      </div>
      <main className={`mx-auto flex w-full flex-1 flex-col justify-center px-5 ${wide ? 'max-w-3xl pb-8' : 'max-w-md pb-24'}`}>
        <Mark className="mb-6 size-12" />
        <h1 className="mb-3 text-2xl font-semibold tracking-tight">{title}</h1>
        {busy !== undefined && (
          <p role="status" className="text-muted">
            {busy}
          </p>
        )}
        {children}
      </main>
    </div>
  );
}

/** How often it looks by itself whether CoPaw is back. */
const lookMs = 5_000;

export function Unreachable({ onRetry }: { readonly onRetry: () => void }) {
  const t = useText();
  useEffect(() => {
    const timer = setInterval(() => void api.health().then(onRetry, () => undefined), lookMs);
    return () => clearInterval(timer);
  }, [onRetry]);
  return (
    <GatePage title={t.unreachable}>
      <p className="mb-6 leading-relaxed text-muted">
        <WithCode text={t.unreachableNext} />
      </p>
      <button type="button" className="button-primary self-start" onClick={onRetry}>
        {t.retry}
      </button>
    </GatePage>
  );
}

/** Our own words with `commands` in them. */
export function WithCode({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a constant text do not move
      <code key={index} className="inline-code">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
