// Things that are made on first use.

/** Makes the value when it is first asked for and keeps it. A throw is not kept; a promise is, however it ends. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
