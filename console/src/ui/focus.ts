// Where the keyboard goes when the thing it was on has gone.

/** Back to writing; where there is nothing to write into, and on a phone, whose keyboard would cover what happens next, only to the page. */
export function focusComposer(): void {
  const composer = matchMedia('(pointer: fine)').matches ? document.getElementById('composer') : null;
  (composer ?? document.getElementById('main'))?.focus({ preventScroll: true });
}
