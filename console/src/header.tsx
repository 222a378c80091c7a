// What is true of CoPaw right now: which model answers, whether commands are sandboxed, what today has used.

import { useLiveState } from './live/use-live.ts';
import { pageHash } from './route.ts';
import { useText } from './settings.tsx';
import { dollars, shortCount } from './ui/format.ts';
import { ChipIcon, Mark, MenuIcon, ShieldIcon, WarningIcon } from './ui/icons.tsx';
import { LanguageToggle, ThemeToggle } from './ui/toggles.tsx';

export function Header({ onMenu }: { readonly onMenu: () => void }) {
  const t = useText();
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line bg-side px-2 sm:px-4">
      <button type="button" className="button-icon md:hidden" aria-label={t.menu} onClick={onMenu}>
        <MenuIcon />
      </button>
      <a href="#/" className="mr-auto flex items-center gap-2.5 rounded-lg px-1.5 py-1 font-semibold tracking-tight">
        <Mark />
        <span className="hidden sm:inline">CoPaw</span>
        <span className="sr-only sm:hidden">CoPaw</span>
      </a>
      <State />
      <LanguageToggle />
      <ThemeToggle />
    </header>
  );
}

function State() {
  const t = useText();
  const status = useLiveState((state) => state.status);
  if (!status) return null;
  const { model, offline, storage } = status;
  return (
    <>
      {storage !== 'ok' && (
        <span role="alert" className="mr-2 flex items-center gap-1.5 text-sm text-warning">
          <WarningIcon className="size-4" />
          {t.storage(storage)}
        </span>
      )}
      <Usage className="mr-2 hidden lg:inline" />
      <Sandbox className="mr-1 hidden px-1.5 sm:flex" />
      <a
        href={pageHash('models')}
        className={`chip min-w-0 max-w-44 sm:max-w-64 ${offline ? 'chip-warning' : ''}`}
        title={offline ? t.offlineTitle : `${t.models}: ${model}`}
      >
        <ChipIcon className="size-4" />
        <span className="sr-only">{t.models}: </span>
        <span className="truncate">{offline ? t.offlineModel : model.slice(model.indexOf('/') + 1)}</span>
      </a>
    </>
  );
}

/** Tokens and cost since midnight. */
export function Usage({ className }: { readonly className: string }) {
  const t = useText();
  const today = useLiveState((state) => state.status?.today);
  return today && <span className={`text-sm text-muted ${className}`}>{t.today(shortCount(today.tokens), dollars(today.cost))}</span>;
}

export function Sandbox({ className }: { readonly className: string }) {
  const t = useText();
  const sandbox = useLiveState((state) => state.status?.sandbox);
  if (sandbox === undefined) return null;
  const unsafe = sandbox === 'none' || sandbox === 'off';
  return (
    <span className={`items-center gap-1.5 text-sm ${unsafe ? 'text-warning' : 'text-muted'} ${className}`} title={t.sandboxTitle(sandbox)}>
      {unsafe ? <WarningIcon className="size-4" /> : <ShieldIcon className="size-4" />}
      {t.sandbox(sandbox)}
      <span className="sr-only">{t.sandboxTitle(sandbox)}</span>
    </span>
  );
}
