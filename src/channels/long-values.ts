// Values of buttons that are longer than a platform carries: kept here by a short name that follows from them. After a restart a name means nothing.
import { createHash } from 'node:crypto';
import { remember } from '../lib/remember.ts';

export interface LongValues {
  /** "#" and a digest, 44 characters. */
  keep(value: string): string;
  /** undefined where that is not known any more. */
  value(name: string): string | undefined;
}

/** The `most` last ones are known. */
export function createLongValues(most: number): LongValues {
  const kept = new Map<string, string>();
  return {
    keep(value) {
      const name = `#${createHash('sha256').update(value).digest('base64url')}`;
      kept.delete(name);
      remember(kept, name, value, most);
      return name;
    },
    value: (name) => kept.get(name),
  };
}
