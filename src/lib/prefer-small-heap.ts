// A process that is left running for months: its heap should stay small rather than be a little faster.
import { setFlagsFromString } from 'node:v8';

/** Process-wide, from now on. V8 collects sooner and keeps its young generation small: much less memory under load, for up to a third more CPU while many talk at once. */
export function preferSmallHeap(): void {
  setFlagsFromString('--optimize-for-size');
}
