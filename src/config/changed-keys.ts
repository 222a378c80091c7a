// Where two values of config.json differ: one change for each key that does, as deep as both hold keys. A list counts as one.
import { isDeepStrictEqual } from 'node:util';
import type { ConfigChange } from '../core/config.ts';

type Keys = Readonly<Record<string, unknown>>;

export function changedKeys(before: unknown, after: unknown, path: ConfigChange['path'] = []): readonly ConfigChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [from, to] = [keysOf(before), keysOf(after)];
  // Something that appears or goes whole is told key by key too: each may weigh differently.
  const below =
    from || to
      ? [...new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])].flatMap((key) => changedKeys(own(from, key), own(to, key), [...path, key]))
      : [];
  return below.length > 0 || path.length === 0 ? below : [{ path, value: after }];
}

function keysOf(value: unknown): Keys | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Keys) : undefined;
}

function own(keys: Keys | undefined, key: string): unknown {
  return keys !== undefined && Object.hasOwn(keys, key) ? keys[key] : undefined;
}
