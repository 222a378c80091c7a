// Text that a model or a stranger wrote, shown so that nothing in it can hide: control, direction and zero-width characters become visible.

/** The same class as `src/lib/visible-text.ts`, which the console cannot import. */
const hidden = /[\p{DI}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/gu;

/** The text with each invisible character as \u{hex}. Line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(hidden, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Prose with only what turns the reading direction made visible: joiners and marks of real writing stay. */
export function readable(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/gu, (found) => visible(found));
}

/** Any plain JSON value, indented, with nothing hidden. */
export function visibleJson(value: unknown): string {
  return visible(JSON.stringify(value, null, 2) ?? '');
}
