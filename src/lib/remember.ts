// Maps that do not grow without end.

/** Sets a key; where that makes it more than `most`, the oldest one goes. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
