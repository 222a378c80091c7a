// What a failed system call says of itself.

/** Node's error code of a thrown value, for example "ENOENT", if it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
