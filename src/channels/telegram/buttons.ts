// What a button means. Telegram carries 64 bytes with it and our values may be longer: those are kept here by a short name, and are unknown after a restart.
import { createHash } from 'node:crypto';
import { remember } from '../../lib/remember.ts';

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
  const kept = new Map<string, string>();
  return {
    data(value) {
      const plain = `=${value}`;
      if (Buffer.byteLength(plain) <= mostBytes) return plain;
      const name = `#${createHash('sha256').update(value).digest('base64url')}`;
      kept.delete(name);
      remember(kept, name, value, mostKept);
      return name;
    },
    value: (data) => (data.startsWith('=') ? data.slice(1) : kept.get(data)),
  };
}
