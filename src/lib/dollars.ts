/** A sum as people read it. Small sums keep what makes them different from nothing, and none looks like nothing; `console/src/ui/format.ts` writes them the same. */
export function dollars(sum: number): string {
  if (sum === 0) return '$0';
  if (sum < 0.0001) return '<$0.0001';
  return `$${sum.toFixed(sum < 0.01 ? 4 : 2)}`;
}
