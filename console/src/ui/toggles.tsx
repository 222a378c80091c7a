// The two switches every screen has: language, and light or dark.

import { useSettings } from '../settings.tsx';
import { ThemeIcon } from './icons.tsx';

export function LanguageToggle() {
  const { text, language, toggleLanguage } = useSettings();
  return (
    <button type="button" className="button-icon w-auto px-2.5 text-sm" lang={language === 'en' ? 'zh-CN' : 'en'} onClick={toggleLanguage}>
      {text.switchLanguage}
    </button>
  );
}

export function ThemeToggle() {
  const { text, toggleTheme } = useSettings();
  return (
    <button type="button" className="button-icon" aria-label={text.theme} title={text.theme} onClick={toggleTheme}>
      <ThemeIcon />
    </button>
  );
}
