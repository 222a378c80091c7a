// Text of models and strangers on its way to a terminal: it must not move the cursor, change the title, or look like something else.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
// Also what is invisible or turns the reading order round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Without control characters; line ends and tabs stay. Safe on any piece of a text. */
export function stripControls(text: string): string {
  return text.replace(controls, '');
}

/** For a decision: control, bidirectional and zero-width characters are shown as \u{…}; only line ends stay (R15). */
export function showEscaped(text: string): string {
  return text.replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
