// Text that no platform refuses, changes or lets play tricks: well-formed, one kind of line end, and what would hide or turn it made visible.

/** Control characters, and those that override the reading direction. Joiners and marks of real writing stay. */
const tricky = /[\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc}/gu;
/** What shows something. */
const seen = /[^\s\p{DI}\p{Cf}]/u;

/** Lone surrogates become U+FFFD; every line end "\n"; control and direction characters `\u{…}`. */
export function inTheOpen(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/gu, '\n')
    .replace(tricky, (found) => `\\u{${found.charCodeAt(0).toString(16)}}`);
}

/** Whether a person sees anything of it. */
export const isSeen = (text: string): boolean => seen.test(text);
