// The order of event ids.

/** "<seq>" before "<seq>.1" before "<seq>.2". */
export function compareIds(a: string, b: string): number {
  const [aSeq = 0, aPassing = 0] = a.split('.').map(Number);
  const [bSeq = 0, bPassing = 0] = b.split('.').map(Number);
  return aSeq - bSeq || aPassing - bPassing;
}
