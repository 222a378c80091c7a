// Texts that people decide on, with nothing hidden in them.

/** Default-ignorable (zero-width, bidi, fillers, selectors, tags), other format, lone surrogates, line separators, control but line feed and tab. */
const hidden = /[\p{DI}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/gu;

/** The text with every character a person cannot see written as `\u{…}`. Nothing is cut. */
export function escapeForDisplay(text: string): string {
  return text.replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Whether any text in a plain JSON value, keys included, holds characters a person cannot see. */
export function hasHiddenCharacters(value: unknown): boolean {
  if (typeof value === 'string') return escapeForDisplay(value) !== value;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, member]) => hasHiddenCharacters(key) || hasHiddenCharacters(member));
}
