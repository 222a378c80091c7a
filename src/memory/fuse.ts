// Two lists of the same things in one, by their places in each.

/** How little the first places count more than the next. */
const smoothing = 60;

/** Reciprocal rank fusion; what is in one list only has its place there. Earlier lists win ties. */
export function fuse<T>(lists: readonly (readonly T[])[], keyOf: (item: T) => string | number): T[] {
  const fused = new Map<string | number, { readonly item: T; score: number }>();
  for (const list of lists)
    list.forEach((item, place) => {
      const known = fused.get(keyOf(item)) ?? { item, score: 0 };
      known.score += 1 / (smoothing + place + 1);
      fused.set(keyOf(item), known);
    });
  return [...fused.values()].sort((a, b) => b.score - a.score).map(({ item }) => item);
}
