// Where the keyboard goes when the thing it was on has gone.

/** Back to writing; where there is nothing to write into, and on a phone, whose keyboard would cover what happens next, only to the page. */
export function focusComposer(): void {
  const composer = matchMedia('(pointer: fine)').matches ? document.getElementById('composer') : null;
  (composer ?? document.getElementById('main'))?.focus({ preventScroll: true });
}

/** A button that cannot be pressed while it is busy loses the keyboard: back to it, or on from where it was, unless it has gone elsewhere. */
export function focusAgain(from: Element | null): void {
  const lost = (): boolean => document.activeElement === null || document.activeElement === document.body;
  if (!(from instanceof HTMLElement) || from === document.body || !lost()) return;
  from.focus({ preventScroll: true });
  if (lost()) focusComposer();
}
