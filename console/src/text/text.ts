// The words of one language, loaded when they are needed: the first load holds those of no other.
import type { en } from './en/text.ts';
import type { Said } from './said.ts';

export type Text = typeof en;
export type Language = 'en' | 'zh';

export const loadText: Readonly<Record<Language, () => Promise<Text>>> = {
  en: async () => (await import('./en/text.ts')).en,
  zh: async () => (await import('./zh/text.ts')).zh,
};

/** What the server says, which is English: much, and seldom needed, so loaded once the page stands. */
export const loadSaid: Readonly<Record<Language, () => Promise<Said>>> = {
  en: async () => (said) => said,
  zh: async () => (await import('./zh/said/said.ts')).said,
};
