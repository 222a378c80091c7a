// The top of the console: the way home, how CoPaw is, and what is there on every page.
import { HealthLine } from './health-line.tsx';
import { paletteKeys } from './palette/shortcut.ts';
import { useText } from './settings.tsx';
import { Mark, MenuIcon, SearchIcon } from './ui/icons.tsx';
import { LanguageToggle, ThemeToggle } from './ui/toggles.tsx';

export function Header({ onMenu, onPalette }: { readonly onMenu: () => void; readonly onPalette: () => void }) {
  const t = useText();
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-1 border-b border-line bg-side px-2 sm:px-4">
      <button type="button" className="button-icon md:hidden" aria-label={t.menu} onClick={onMenu}>
        <MenuIcon />
      </button>
      <a href="#/" className="my-2 mr-auto flex items-center gap-2.5 rounded-lg px-1.5 py-1 font-semibold tracking-tight">
        <Mark />
        <span className="hidden sm:inline md:hidden xl:inline">CoPaw</span>
        <span className="sr-only sm:hidden">CoPaw</span>
      </a>
      <HealthLine />
      <button
        type="button"
        className="button-icon"
        aria-label={t.frame.goTo}
        title={`${t.frame.goTo} (${paletteKeys()})`}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={onPalette}
      >
        <SearchIcon />
      </button>
      <LanguageToggle />
      <ThemeToggle />
    </header>
  );
}
