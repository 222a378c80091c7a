// What a button means. Telegram carries 64 bytes with it, and our values may be longer.
import { createLongValues } from '../long-values.ts';

/** "1-64 bytes", https://core.telegram.org/bots/api#inlinekeyboardbutton */
const mostBytes = 64;
const mostKept = 1_000;

export interface Buttons {
  /** What goes with the button. */
  data(value: string): string;
  /** What it stood for; undefined where that is not known any more. */
  value(data: string): string | undefined;
}

export function createButtons(): Buttons {
  const long = createLongValues(mostKept);
  return {
    data(value) {
      const plain = `=${value}`;
      return Buffer.byteLength(plain) <= mostBytes ? plain : long.keep(value);
    },
    value: (data) => (data.startsWith('=') ? data.slice(1) : long.value(data)),
  };
}
