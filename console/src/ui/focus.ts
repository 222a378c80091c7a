// Where the keyboard goes when the thing it was on has gone.

/** Back to writing; on a phone only to the page, since its keyboard would cover what happens next. */
export function focusComposer(): void {
  document.getElementById(matchMedia('(pointer: fine)').matches ? 'composer' : 'main')?.focus({ preventScroll: true });
}
