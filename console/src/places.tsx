// The way to the pages beside the conversations.
import { useLiveState } from './live/use-live.ts';
import { waitingCount } from './live/waiting.ts';
import { activityPages, pageNames } from './page-names.ts';
import { pages } from './pages.tsx';
import { pageHash } from './route.ts';
import { useText } from './settings.tsx';

export function Places({ page, onChosen }: { readonly page: string; readonly onChosen?: () => void }) {
  const t = useText();
  const [first, ...beside] = activityPages;
  const waiting = useLiveState(waitingCount);
  return (
    <nav className="grid grid-cols-2 gap-x-1 border-t border-line px-3 py-2" aria-label={t.places}>
      {pageNames.map((name) => {
        const { Icon } = pages[name];
        if (beside.includes(name)) return undefined;
        return (
          <a
            key={name}
            href={pageHash(name)}
            className="session place last:odd:col-span-2"
            aria-current={page === name || (name === first && beside.some((one) => one === page)) ? 'page' : undefined}
            onClick={onChosen}
          >
            <Icon className="size-4" />
            <span className="truncate">{t.pageTitles[name]}</span>
            {name === 'inbox' && waiting > 0 && (
              <span className="badge ml-auto">
                <span aria-hidden="true">{waiting}</span>
                <span className="sr-only">: {t.frame.waiting(waiting)}</span>
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}
