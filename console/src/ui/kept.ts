// What a person opened, kept while it is scrolled out of sight and so not on the page.
import { createContext, useContext, useState } from 'react';

/** One for each conversation that is shown; nothing is kept without. */
export const KeptContext = createContext<Map<string, unknown> | undefined>(undefined);

/** What is kept here belongs to: the row of the conversation. */
export const PlaceContext = createContext('');

/** As useState, for a part that may leave the page and come back. `id` is its own among all that is kept. */
export function useKept<T>(id: string, first: T): readonly [T, (value: T) => void] {
  const kept = useContext(KeptContext);
  const [value, setValue] = useState<T>(() => (kept?.has(id) ? (kept.get(id) as T) : first));
  const keep = (next: T): void => {
    kept?.set(id, next);
    setValue(next);
  };
  return [value, keep];
}
