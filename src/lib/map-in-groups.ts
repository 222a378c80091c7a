// The same work for many things, some of them at once: one after the other waits too long, all at once asks too much of the system.

const atOnce = 64;

/** Results in the order of the items. Rejects with the first failure, and then begins no further group. */
export async function mapInGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += atOnce) results.push(...(await Promise.all(items.slice(from, from + atOnce).map(work))));
  return results;
}
