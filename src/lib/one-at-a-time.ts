// Work that must not overlap.

/** Runs what it is given one after the other, in the order it came; a failure goes to its caller and holds up nothing. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
