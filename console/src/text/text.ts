// The words of one language, loaded when they are needed: the first load holds those of no other.
import type { en } from './en/text.ts';

export type Text = typeof en;
export type Language = 'en' | 'zh';

export const loadText: Readonly<Record<Language, () => Promise<Text>>> = {
  en: async () => (await import('./en/text.ts')).en,
  zh: async () => (await import('./zh/text.ts')).zh,
};
