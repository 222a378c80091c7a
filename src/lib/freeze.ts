// Plain values that nobody can change any more.

/** The value itself, frozen to its leaves. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
  return value;
}
