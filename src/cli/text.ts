// Text of models and strangers on its way to a terminal: it must not move the cursor, change the title, or look like something else.
import { escapeForDisplay } from '../lib/visible-text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** Without control characters; line ends and tabs stay. Safe on any piece of a text. */
export function stripControls(text: string): string {
  return text.replace(controls, '');
}

/** For a decision: every character a person cannot see is shown as \u{…}, a tab too; only line ends stay (R15). */
export function showEscaped(text: string): string {
  return escapeForDisplay(text).replaceAll('\t', '\\u{9}');
}

/** The same on one line, whatever is in it. */
export function showLine(text: string): string {
  return showEscaped(text).replaceAll('\n', '\\n');
}
