// The only reader of this process's environment; everything else is handed what this returns.

/** A copy of the environment as it was when asked. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env };
}
