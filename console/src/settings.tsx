// What this browser remembers: language, light or dark, and drafts. Storage may be refused; then nothing is remembered.
import { createContext, type ReactNode, useContext, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { type Language, loadSaid, loadText, type Text } from './text/text.ts';

export type Theme = 'system' | 'light' | 'dark';

interface Settings {
  readonly language: Language;
  /** For dates: the language as this browser's region writes it. */
  readonly locale: string;
  readonly text: Text;
  readonly theme: Theme;
  toggleLanguage(): void;
  toggleTheme(): void;
}

/** The colour around an installed console: `--side` of the styles, as the page says it at first. */
const frameColor = { light: '#f5f3ee', dark: '#181b1a' } as const;

const SettingsContext = createContext<Settings | undefined>(undefined);

interface Words {
  readonly language: Language;
  readonly text: Text;
}

/** `first`: the words to begin with; those of another language are loaded once it is chosen. */
export function SettingsProvider({ first, children }: { readonly first: Words; readonly children: ReactNode }) {
  const [{ language, text }, setWords] = useState(first);
  useEffect(() => {
    let wanted = true;
    const load = (): void => {
      if (!wanted) return;
      loadSaid[language]().then(
        (said) => wanted && setWords((now) => ({ ...now, text: { ...now.text, said } })),
        () => setTimeout(load, 5_000), // CoPaw is away: until it is back, what it said stays in its own words
      );
    };
    whenIdle(load);
    return () => {
      wanted = false;
    };
  }, [language]);
  const [theme, setTheme] = useState<Theme>(() => asTheme(remembered('theme')));
  useLayoutEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      const own = meta.media.includes('dark') ? 'dark' : 'light';
      meta.content = frameColor[theme === 'system' ? own : theme];
    }
  }, [theme]);
  const settings = useMemo(
    (): Settings => ({
      language,
      locale: navigator.languages.find((known) => known.startsWith(language)) ?? language,
      text,
      theme,
      toggleLanguage() {
        void loadWords(language === 'en' ? 'zh' : 'en').then(
          (next) => {
            remember('language', next.language);
            setWords(next);
          },
          () => undefined, // CoPaw is away, which the page says; the language stays
        );
      },
      toggleTheme() {
        const next = isDark(theme) ? 'light' : 'dark';
        remember('theme', next);
        setTheme(next);
      },
    }),
    [language, text, theme],
  );
  return <SettingsContext value={settings}>{children}</SettingsContext>;
}

export function useSettings(): Settings {
  const settings = useContext(SettingsContext);
  if (!settings) throw new Error('There is no SettingsProvider above.');
  return settings;
}

export function useText(): Text {
  return useSettings().text;
}

/** For what the server says: the words of this language where it has some, or else those of the server. */
export function useSaid(): (said: string) => string {
  const { said: known } = useText();
  return (said) => known(said) ?? said;
}

/** Words that one page alone needs, and that are loaded with it. */
export function useWords<T>(words: Readonly<Record<Language, T>>): T {
  return words[useSettings().language];
}

export function remembered(key: string): string {
  try {
    return localStorage.getItem(`copaw.${key}`) ?? '';
  } catch {
    return '';
  }
}

/** An empty value forgets. */
export function remember(key: string, value: string): void {
  try {
    if (value === '') localStorage.removeItem(`copaw.${key}`);
    else localStorage.setItem(`copaw.${key}`, value);
  } catch {
    // private mode or a full disk: the setting lasts until the page is closed
  }
}

export const isDark = (theme: Theme): boolean => theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);

/** All that is remembered under keys that begin so. */
export function rememberedKeys(prefix: string): string[] {
  try {
    const own = 'copaw.';
    const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '');
    return keys.filter((key) => key.startsWith(`${own}${prefix}`)).map((key) => key.slice(own.length));
  } catch {
    return [];
  }
}

/** What was written here, in one conversation or in all, and is nobody else's business: drafts with their files, and messages that were not taken yet. */
export function forgetWritten(sessionId = ''): void {
  for (const prefix of ['draft.', 'files.', 'outgoing.']) for (const key of rememberedKeys(`${prefix}${sessionId}`)) remember(key, '');
}

/** In the language that this browser remembers, or else has. */
export function loadFirstWords(): Promise<Words> {
  const kept = remembered('language');
  if (kept === 'en' || kept === 'zh') return loadWords(kept);
  return loadWords(navigator.language.startsWith('zh') ? 'zh' : 'en');
}

/** Once the page has been drawn and has nothing else to do. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 2_000 });
  else setTimeout(work, 500);
}

const loadWords = async (language: Language): Promise<Words> => ({ language, text: await loadText[language]() });

function asTheme(kept: string): Theme {
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}
